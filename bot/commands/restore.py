"""python -m bot restore: puts a copy in the place of the database, and keeps the one that was there."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.commands.configuration import database_for, fail, load_settings
from bot.commands.progress import busy
from bot.database.engine import DatabaseError
from bot.paths import COMMAND
from bot.settings import Settings
from bot.usecases.copies import CopyError, restore


def main(*, file: Path) -> None:
    """Prints what was done. Exit code 1 for a file or a database that cannot be used; then all is as it was."""
    settings = load_settings()
    try:
        with busy(f"Bringing back {file}"):
            kept, count = asyncio.run(_restore(settings, file))
    except (CopyError, DatabaseError) as error:
        fail(str(error), code=1)
    if kept:
        typer.echo(f"The database that was there is kept as {kept}.")
    typer.echo(f"Done. {count} messages and times that are past were passed over: nothing is sent twice.")
    typer.echo(f"SECRET_KEY has to be the one of the copy: `{COMMAND} doctor` says whether it opens what is kept.")


async def _restore(settings: Settings, file: Path) -> tuple[Path | None, int]:
    database = database_for(settings)
    try:
        return await restore(database, file, datetime.now(UTC), bot=settings.only_bot)
    finally:
        await database.close()
