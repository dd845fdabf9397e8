"""Files and folders that only the user of this program may read, whatever the umask. For databases and their copies."""

import os
from pathlib import Path

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
OTHERS = 0o077  # what everybody else may do


def opener(path: str, flags: int) -> int:
    """For `open(..., opener=opener)`: a new file is private from its first moment on."""
    return os.open(path, flags, PRIVATE)


def make_private(file: Path) -> None:
    """Takes away what others may do with this file, if it is there."""
    if file.exists() and file.stat().st_mode & OTHERS:
        file.chmod(PRIVATE)


def make_folder(folder: Path) -> None:
    """Makes a private folder with all that is missing above it. One that is there stays as it is. Raises OSError."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(PRIVATE_FOLDER, exist_ok=True)
