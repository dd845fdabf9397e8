"""Reads `.env` to be changed, and writes all of it or nothing, for its owner alone. For `setup`, `new_settings`."""

import os
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from bot.commands.key import make_key
from bot.paths import EXAMPLE
from bot.settings.env_file import read_env_text

FILE = Path(".env")
ONLY_MINE = 0o600  # whoever reads it can write as the bot
PLAIN = re.compile(r"[\w.:/@%+,=-]*", re.ASCII)  # what needs no quotes


def read_env() -> tuple[str, dict[str, str]]:
    """Returns the text of `.env`, or of the example where there is none, and the values in it.

    Raises SettingsError when it cannot be read.
    """
    text = read_env_text(FILE)[0] if FILE.exists() else EXAMPLE.read_text(encoding="utf-8")
    return text, {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}


def write_env(text: str, before: Mapping[str, str], answers: Mapping[str, str]) -> None:
    """Writes `.env` with these answers, all of it or nothing, and a SECRET_KEY if there was none. Raises OSError."""
    has_key = before.get("SECRET_KEY") or before.get("SECRET_KEY_FILE")
    key = {} if has_key else {"SECRET_KEY": make_key()}
    new = FILE.with_name(".env.new")
    new.unlink(missing_ok=True)
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_MINE), "w", encoding="utf-8") as file:
            file.write(changed(text, {**answers, **key}))
        new.replace(FILE)
    finally:
        new.unlink(missing_ok=True)


def changed(text: str, values: Mapping[str, str]) -> str:
    """Returns the text of a `.env` with these values in the lines where their names stand, or below."""
    for name, value in values.items():
        line = f"{name}={value if PLAIN.fullmatch(value) else _quoted(value)}"
        place = re.search(rf"(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*=.*$", text)
        text = text[: place.start()] + line + text[place.end() :] if place else f"{text.rstrip()}\n{line}\n"
    return text.rstrip("\n") + "\n"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
