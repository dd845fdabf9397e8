"""python -m bot import: brings the file of /export into a person's chat, after asking."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.commands.configuration import database_for, fail, load_settings
from bot.commands.progress import busy
from bot.database.engine import DatabaseError
from bot.domain.encryption import Cipher
from bot.domain.exports import Export, ExportError, read_export
from bot.domain.ids import TelegramId
from bot.settings import Settings
from bot.usecases import imports
from bot.usecases.chats import get_or_create_chat


def main(*, file: Path, chat: int, is_confirmed: bool) -> None:
    """Says what is in the file, asks, and brings it in.

    Exit code 1 for a file or a database that cannot be used, and for a no; 2 if there is nobody to ask.
    """
    settings = load_settings()
    cipher = Cipher(settings.secret_key.get_secret_value()) if settings.secret_key else None
    if chat <= 0:
        fail("--chat is no person's number in Telegram", code=2)
    try:
        export = read_export(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror})", code=1)
    except ExportError as error:
        fail(f"{file} is not taken ({error}); it has to be the .json of /export, unchanged", code=1)
    typer.echo(f"A file from {export.exported_at:%d %B %Y}: {_contents(export)}.")
    if stays := imports.left_behind(export, cipher):
        typer.echo(f"SECRET_KEY is not set, so this stays behind: {', '.join(stays)}.")
    if not is_confirmed:
        if not (sys.stdin and sys.stdin.isatty()):
            fail("nothing was brought in: there is no terminal to ask in; add --yes to bring it in unasked", code=2)
        typer.confirm(f"It replaces what is kept about {chat} here. Bring it in?", abort=True)
    try:
        with busy("Bringing it in"):
            asyncio.run(_bring_in(settings, TelegramId(chat), export, cipher))
    except DatabaseError as error:
        fail(str(error), code=error.code)
    typer.echo("Done. The bot can write there once the person has pressed Start in it.")


def _contents(export: Export) -> str:
    counts = [f"{number} {name}" for name, number in imports.count(export).items()]
    return ", ".join((["settings"] if export.settings else []) + counts) or "nothing"


async def _bring_in(settings: Settings, person_id: TelegramId, export: Export, cipher: Cipher | None) -> None:
    database, now = database_for(settings), datetime.now(UTC)
    async with database.opened(), database.write() as session:
        chat = await get_or_create_chat(session, person_id, "private", now)
        await imports.bring_in(session, chat, export, cipher, now)
