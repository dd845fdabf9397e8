"""What is odd about the settings and stops nothing: a name that is misspelled, a file that is not read.

Called by `commands`, which say it when the program starts, and where a setting is missing.
"""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from bot.settings import Settings
from bot.settings.env_file import read_env_file
from bot.settings.proxy import OF_THE_ENVIRONMENT

ALIKE = 0.75  # of 1, by difflib's ratio: TELEGRAM_TOKEN is not alike
MUCH_ALIKE = 0.9  # for the environment, which is full of other programs' names
# Names that people know from other bots.
ELSEWHERE = dict.fromkeys(("TOKEN", "TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN", "API_TOKEN", "TG_TOKEN"), "BOT_TOKEN")
NAMED_WRONG = (".env.txt", "env", "env.txt", ".env.env")  # what editors and file managers make of .env


def notes(folder: Path) -> tuple[str, ...]:
    """Returns a line for each. `folder` is the one whose `.env` is read. Raises SettingsError if that cannot be."""
    file = folder / ".env"
    return (*(_of_file(file) if file.is_file() else _missing(file)), *_of_environment())


def _of_file(file: Path) -> Iterator[str]:
    values, guessed = read_env_file(file)
    if guessed:
        yield f".env is not UTF-8, and was read as {guessed}; save it as UTF-8, so that every letter is as you wrote it"
    for name, value in values.items():
        known = name.upper()
        if known in OF_THE_ENVIRONMENT:
            yield f"{name} is read from the environment alone; in .env write PROXY={'' if value is None else '...'}"
        elif known not in _known() and (meant := _meant(known, ALIKE)):
            yield f"{name} in .env is no setting, and is passed over: did you mean {meant}?"
        elif known in _known() and value is None:
            yield f"{name} in .env has no = behind it, and is passed over; write {name}=..."


def _missing(file: Path) -> Iterator[str]:
    if file.is_dir():
        yield f"{file} is a folder, and so no settings are read; take it away, and put the file there"
    for name in NAMED_WRONG:
        if file.with_name(name).is_file():
            yield f"{name} is here, and only .env is read: give it that name"


def _of_environment() -> Iterator[str]:
    for name in os.environ:
        if name.upper() not in _known() and (meant := _meant(name.upper(), MUCH_ALIKE)):
            yield f"{name} in the environment is no setting: did you mean {meant}?"


def _meant(name: str, alike: float) -> str:
    close = get_close_matches(name, _known(), 1, alike)
    return close[0] if close else ELSEWHERE.get(name, "") if alike == ALIKE else ""


def _known() -> set[str]:
    return {name.upper() for name in Settings.model_fields}
