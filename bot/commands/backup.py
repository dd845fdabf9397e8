"""python -m bot backup: copies the database into a file, while the bot runs or not."""

import asyncio
import time
from pathlib import Path

import typer

from bot.commands.configuration import fail, load_settings
from bot.database.engine import Database
from bot.settings import Settings
from bot.usecases.copies import CopyError, save

SAY_EVERY = 1.0  # seconds between two lines that say how far it is


def main(*, file: Path, replaces: bool) -> None:
    """Prints how far it is when it takes long, and what was made. Exit code 1 when no copy could be made."""
    settings = load_settings()
    try:
        revision = asyncio.run(_save(settings, file, replaces=replaces))
    except CopyError as error:
        fail(str(error), code=1)
    typer.echo(f"{file} holds the whole database at revision {revision}, and was read once more: it is whole.")
    if settings.secret_key:
        typer.echo("What people wrote is encrypted in it. Keep SECRET_KEY too, and not beside it: docs/backup.md.")


async def _save(settings: Settings, file: Path, *, replaces: bool) -> str:
    database = Database(settings.database_url)
    try:
        return await save(database, file, _Progress().tell, replaces=replaces)
    finally:
        await database.close()


class _Progress:
    """Says now and then how far a copy is."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()

    def tell(self, done: int, total: int) -> None:
        if time.monotonic() - self._said_at >= SAY_EVERY and total:
            self._said_at = time.monotonic()
            typer.echo(f"{done * 100 // total} % copied")
