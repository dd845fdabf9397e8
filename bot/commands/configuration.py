"""Loads settings and texts, or ends the program with all that is wrong in them. Called by most commands."""

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer

from bot.content.layers import over_own
from bot.content.library import Folders, Library
from bot.content.load import CatalogueError
from bot.database.engine import Database
from bot.settings import MESSAGES, Settings, SettingsError, own_words, read_settings
from bot.settings.notes import notes

log = logging.getLogger(__name__)


def load_settings() -> Settings:
    """Returns the settings. Ends the program with exit code 2 when one is wrong."""
    try:
        return read_settings()
    except SettingsError as error:
        fail("\n".join((str(error), *odd_settings())), code=2)


def token_of(settings: Settings) -> str:
    """Returns the bot token. Ends the program with exit code 2 when it is missing or malformed."""
    try:
        return settings.token
    except SettingsError as error:
        fail("\n".join((str(error), *odd_settings())), code=2)


def database_for(settings: Settings) -> Database:
    """Returns the database that a command is about. Ends the program where it has to be said of which bot."""
    if settings.names and settings.bot_token is None:
        token_of(settings)
    return Database(settings.database_url)


def odd_settings() -> tuple[str, ...]:
    """Returns what is odd about the settings and stops nothing, such as a name that is misspelled."""
    try:
        return notes(Path.cwd())
    except SettingsError:  # said as an error where the settings are read
        return ()


def roots_of(settings: Settings) -> tuple[Path, ...]:
    """Returns the folders of the texts for everyone; later ones override earlier ones."""
    return over_own(MESSAGES, settings.messages_dir, settings.language)


def roots_now(settings: Settings) -> tuple[Path, ...]:
    """Returns the same as they are by now: my-words/ may have been made since the settings were read."""
    found = settings.messages_dir if "messages_dir" in settings.model_fields_set else own_words()
    return over_own(MESSAGES, found, settings.language)


def folders_of(settings: Settings) -> Folders:
    """Returns the folders of all texts, those of practices included."""
    return Folders(roots_of(settings), settings.language, settings.practices_dir)


def load_library(settings: Settings) -> Library:
    """Returns all texts. Ends the program with exit code 2 when one is wrong."""
    try:
        return folders_of(settings).load()
    except CatalogueError as error:
        fail(str(error), code=2)


@dataclass(frozen=True)
class OneBot:
    """A bot that is to run."""

    settings: Settings
    library: Library


def load_bots(settings: Settings) -> dict[str, OneBot]:
    """Returns the bots that `run` serves by their names: the one of `.env`, without a name, and those of BOTS_DIR.

    Bots with the same folders of words share them. Ends the program with exit code 2 when a setting or text is wrong.
    """
    try:
        of_each = {settings.only_bot or "": settings} if settings.bot_token or not settings.names else {}
        of_each |= {name: read_settings(only_bot=name) for name in settings.names}
    except SettingsError as error:
        fail(str(error), code=2)
    named: dict[str, str] = {}
    for name, one in of_each.items():
        if (other := named.setdefault(token_of(one), name)) != name:
            fail(f"BOTS_DIR: {name}.env has the BOT_TOKEN of {other or '.env'}; each bot needs one of its own", code=2)
    libraries: dict[tuple[object, ...], Library] = {}
    bots: dict[str, OneBot] = {}
    for name, one in of_each.items():
        words = (one.messages_dir, one.language, one.practices_dir)
        if words not in libraries:
            libraries[words] = load_library(one)
        bots[name] = OneBot(one, libraries[words])
    return bots


def log_oddities(library: Library) -> None:
    """Logs what is odd about settings and words, and stops nothing."""
    for line in (*odd_settings(), *library.notes):
        log.warning("%s", line)


def fail(text: str, *, code: int) -> NoReturn:
    """Prints the text on standard error, and ends the program with this exit code."""
    typer.secho(text, fg="red" if sys.stderr.isatty() else None, err=True)
    raise typer.Exit(code)
