"""python -m bot backup: copies the database into a file, while the bot runs or not."""

import asyncio
from pathlib import Path

import typer

from bot.commands.configuration import database_for, fail, load_settings
from bot.commands.progress import progress
from bot.settings import Settings
from bot.usecases.copies import CopyError, save


def main(*, file: Path, replaces: bool) -> None:
    """Shows how far it is, and prints what was made. Exit code 1 when no copy could be made."""
    settings = load_settings()
    try:
        revision = asyncio.run(_save(settings, file, replaces=replaces))
    except CopyError as error:
        fail(str(error), code=1)
    typer.echo(f"{file} holds the whole database at revision {revision}, and was read once more: it is whole.")
    if settings.secret_key:
        typer.echo("What people wrote is encrypted in it. Keep SECRET_KEY too, and not beside it: docs/backup.md.")


async def _save(settings: Settings, file: Path, *, replaces: bool) -> str:
    database = database_for(settings)
    try:
        with progress("copied") as tell:
            return await save(database, file, tell, replaces=replaces)
    finally:
        await database.close()
