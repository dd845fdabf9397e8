"""Where settings come from: `.env`, however an editor has saved it, and the environment. Called by `settings`."""

import codecs
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import EnvSettingsSource

# What a text begins with that is not plain UTF-8; Windows PowerShell's > writes the second.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WESTERN = "cp1252"  # what older editors on Windows save as
# gettext's list of languages, which desktops set under the name of a setting of ours: en_GB:en
OF_THE_DESKTOP = re.compile(r"[A-Za-z]{2,3}[_.@:].*|C|POSIX")


class SettingsError(Exception):
    """One line for each wrong setting: its name, what is wrong, and the cure."""


class Environment(EnvSettingsSource):
    """The settings in the environment, without what a desktop means by LANGUAGE."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        found = dict(super()._load_env_vars())
        if OF_THE_DESKTOP.fullmatch(found.get("language") or ""):
            del found["language"]
        return found


def read_env_file(file: Path) -> tuple[dict[str, str | None], str]:
    """Returns what stands in it, None for a name without =, and in which way it was saved if that had to be guessed.

    Raises SettingsError when it cannot be read.
    """
    text, guessed = read_env_text(file)
    return dotenv_values(stream=StringIO(text)), guessed


def read_env_text(file: Path) -> tuple[str, str]:
    """Returns its text with plain ends of lines, and in which way it was saved if that had to be guessed.

    Raises SettingsError when it cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}); let the user who runs this read it") from None
    text, guessed = _decoded(file, content)
    return "\n".join(text.splitlines()), guessed


def _decoded(file: Path, content: bytes) -> tuple[str, str]:
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "")
    if not encoding and b"\0" in content:  # UTF-16 without its mark: every other byte of plain letters is 0
        encoding = "utf-16-be" if content.startswith(b"\0") else "utf-16-le"
    try:
        return content.decode(encoding or "utf-8"), ""
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(WESTERN), "Windows-1252"
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is no text; save it as UTF-8, or write it anew from .env.example") from None
