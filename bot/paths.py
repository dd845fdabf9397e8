"""Where the program is and what comes with it: in a clone of the project, or installed from a wheel.

A wheel carries the words inside this package (pyproject.toml says so), a clone beside it. Called by `settings`.
"""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent  # of a clone
IS_INSTALLED = (PACKAGE / "messages").is_dir()
MESSAGES = (PACKAGE if IS_INSTALLED else PROJECT) / "messages"
EXAMPLE = PACKAGE / "env.example" if IS_INSTALLED else PROJECT / ".env.example"  # explains each setting
UNIT = PACKAGE / "gentle-tears.service" if IS_INSTALLED else PROJECT / "deploy/systemd/gentle-tears.service"
COMMAND = "gentle-tears" if IS_INSTALLED else "python -m bot"  # what a person types to run this program


def data_folder() -> Path:
    """Returns where the database is if DATABASE_URL does not say: the clone, or else the current folder.

    Beside `.env`, which is read from the current folder: one folder is one bot, and moving it is copying that folder.
    A folder of the user would be shared by two bots of theirs; the one of the package is gone with the next version.
    """
    return Path.cwd() if IS_INSTALLED else PROJECT


@cache
def version() -> str:
    """Returns the version of this program."""
    if IS_INSTALLED:
        return metadata.version("gentle-tears")
    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
