"""Loads settings and texts, or ends the program with all that is wrong in them. Called by most commands."""

import logging
import sys
from pathlib import Path
from typing import NoReturn

import typer

from bot.content.layers import over_own
from bot.content.library import Folders, Library
from bot.content.load import CatalogueError
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


def log_oddities(library: Library) -> None:
    """Logs what is odd about settings and words, and stops nothing."""
    for line in (*odd_settings(), *library.notes):
        log.warning("%s", line)


def fail(text: str, *, code: int) -> NoReturn:
    """Prints the text on standard error, and ends the program with this exit code."""
    typer.secho(text, fg="red" if sys.stderr.isatty() else None, err=True)
    raise typer.Exit(code)
