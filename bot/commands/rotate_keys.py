"""python -m bot rotate-keys: encrypts everything anew with the first key of SECRET_KEY, and shows how far it is."""

import asyncio

import typer

from bot.commands.configuration import database_for, fail, load_settings
from bot.commands.progress import progress
from bot.database.engine import DatabaseError
from bot.domain.encryption import Cipher
from bot.paths import COMMAND
from bot.settings import Settings
from bot.usecases.key_rotation import Progress, rotate


def main() -> None:
    """Shows how far it is. Exit code 1 when a row stays that no key opens, or the database cannot be used."""
    settings = load_settings()
    if settings.secret_key is None:
        fail(f"SECRET_KEY is not set: there is no key to encrypt with. To make one: {COMMAND} key", code=2)
    cipher = Cipher(settings.secret_key.get_secret_value())
    try:
        state = asyncio.run(_rotate(settings, cipher))
    except DatabaseError as error:
        fail(str(error), code=error.code)
    typer.echo(f"Done: {state.renewed} encrypted anew with the first key.")
    if state.overtaken:
        typer.echo(f"{state.overtaken} were changed meanwhile by the bot; run this again to see whether any is left.")
    if state.unopened:
        fail(
            f"{state.unopened} are opened by no key in SECRET_KEY, and stay as they are. If you still have the key "
            "they were made with, add it after a comma and run this again.",
            code=1,
        )


async def _rotate(settings: Settings, cipher: Cipher) -> Progress:
    database = database_for(settings)
    state = Progress(0)
    async with database.opened():
        with progress("encrypted anew") as tell:
            async for state in rotate(database, cipher):
                tell(state.renewed + state.unopened + state.overtaken, state.total)
    return state
