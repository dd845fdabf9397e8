"""What copies of both kinds of databases have in common: how their file is written, and whose it is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.database.engine import NEWEST_REVISION, REVISION, is_newer
from bot.database.private_files import opener
from bot.paths import COMMAND


class CopyError(Exception):
    """A copy cannot be made or used; the text says which one, why, and what to do."""


def of_another_bot(file: Path, bot: str) -> CopyError:
    """Returns what is to be raised for a copy of another of several bots."""
    return CopyError(f"{file} is a copy of another bot, {bot}; name that one with --bot, or another file")


@contextmanager
def new_file(target: Path, *, replaces: bool) -> Iterator[Path]:
    """Yields an empty private file to write into, which becomes `target` at once when all went well; else it is gone.

    The name is taken first (O_EXCL), so that of two processes one says that it is there. Raises CopyError.
    """
    part = target.with_name(f"{target.name}.part")
    is_taken = False
    try:
        if not (replaces and target.exists()):
            open(target, "xb", opener=opener).close()
            is_taken = True
        part.unlink(missing_ok=True)
        open(part, "xb", opener=opener).close()
        yield part
        _sync(part)
        os.replace(part, target)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
            if is_taken:
                target.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise CopyError(f"{target} is there already; choose another name, or add --replace") from None
        if isinstance(error, OSError):
            raise CopyError(
                f"{target} cannot be written ({error.strerror}); check the folder, and its space"
            ) from error
        raise


def check_revision(file: Path, revision: str | None) -> str:
    """Returns the revision of a copy if this program can use it. Raises CopyError."""
    if revision is None or not REVISION.fullmatch(revision):
        raise CopyError(f"{file} is no database of this bot; take a copy that `{COMMAND} backup` has made")
    if is_newer(revision):
        raise CopyError(
            f"{file} was written by a newer version of this bot (revision {revision}, known here: {NEWEST_REVISION}); "
            "install that version first"
        )
    return revision


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
