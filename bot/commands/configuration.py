"""What most commands begin with: the settings and the words; or the program's end, with all that is wrong in them."""

import sys
from pathlib import Path
from typing import NoReturn

import typer

from bot.content.layers import over_own
from bot.content.library import Folders, Library
from bot.content.load import CatalogueError
from bot.settings import MESSAGES, Settings, SettingsError, read_settings


def load_settings() -> Settings:
    """Ends the program with exit code 2 when a setting is wrong."""
    try:
        return read_settings()
    except SettingsError as error:
        fail(str(error), code=2)


def roots_of(settings: Settings) -> tuple[Path, ...]:
    """The folders of everyone's words, later ones laid over earlier ones."""
    return over_own(MESSAGES, settings.messages_dir, settings.language)


def folders_of(settings: Settings) -> Folders:
    return Folders(roots_of(settings), settings.language, settings.practices_dir)


def load_library(settings: Settings) -> Library:
    """Ends the program with exit code 2 when a text is wrong."""
    try:
        return folders_of(settings).load()
    except CatalogueError as error:
        fail(str(error), code=2)


def fail(text: str, *, code: int) -> NoReturn:
    """Print the text on standard error, and end the program with this exit code."""
    typer.secho(text, fg="red" if sys.stderr.isatty() else None, err=True)
    raise typer.Exit(code)
