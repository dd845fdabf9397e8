"""What is done to the file of a SQLite database under the running bot, and before it starts. Run by `trouble`."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from tools.attack.attacks import TROUBLE, Attack, Attacked, fill_disk, second
from tools.attack.bots import Bots

ENDS_WITHIN = 30.0  # seconds
NEWER = "9999"  # a revision of the future
REFUSED = 2  # the exit code where only a person can mend it


def file_of(bots: Bots) -> Path:
    """Returns the file of the database."""
    return Path(bots.database_url.removeprefix("sqlite+aiosqlite:///"))


def _all_of(file: Path) -> list[Path]:
    return [path for end in ("", "-wal", "-shm") if (path := file.with_name(file.name + end)).exists()]


def protect(file: Path, *, is_on: bool) -> None:
    """Lets nobody, not even root, write to the file and what belongs to it; or again."""
    for path in (*_all_of(file), file.parent):
        words = ["chattr", "+i" if is_on else "-i", str(path)]
        subprocess.run(words, check=True)  # noqa: S603 - ours


def spoil(file: Path) -> None:
    """Writes noise over all but the first page of each file."""
    for path in _all_of(file)[:2]:
        size = path.stat().st_size
        with path.open("r+b") as opened:
            opened.seek(min(4096, size))
            opened.write(os.urandom(max(0, size - 4096)))


async def lock(attacked: Attacked) -> None:
    """Another program holds the database."""
    with closing(sqlite3.connect(file_of(attacked.bots), timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(TROUBLE)
        other.rollback()


async def read_only(attacked: Attacked) -> None:
    """Linux ends a program that writes to a file in memory which has become read-only, as SQLite does to -shm (SIGBUS).

    Whatever has ended by itself is started again each second, as the unit of systemd does it: not after code 2.
    """
    file = file_of(attacked.bots)
    protect(file, is_on=True)
    try:
        for _ in range(int(TROUBLE)):
            await _start_again(attacked.bots)
    finally:
        protect(file, is_on=False)
    await _start_again(attacked.bots)


async def _start_again(bots: Bots) -> None:
    if bots.running and await bots.ended(1.0) not in (None, REFUSED):
        await bots.start()


async def delete(attacked: Attacked) -> None:
    for path in _all_of(file_of(attacked.bots)):
        path.unlink()
    await asyncio.sleep(TROUBLE)


def restored_after(harm: Callable[[Path], None], *, is_saved: bool = False, ends: bool = True) -> Attack:
    """Returns an attack that does this to the file. The bot is started again when a copy is restored.

    `ends`: it has to end by itself; otherwise it goes on, for /support, until it is stopped. `is_saved`: the bot itself
    has saved what it held; otherwise a copy is used that was made just before.
    """

    async def attack(attacked: Attacked) -> None:
        bots, file = attacked.bots, file_of(attacked.bots)
        copy = file.with_name("bot.db.rescued" if is_saved else "copy.db")
        if not is_saved:
            await _must_be(bots.call("backup", str(copy)), 0)
        harm(file)
        if ends:
            await _must_be(bots.ended(ENDS_WITHIN), REFUSED)
        else:
            await asyncio.sleep(TROUBLE)
            await bots.end(bots.running[0], signal.SIGTERM)
        await _must_be(bots.call("restore", str(copy)), 0)
        (said,) = re.findall(r"Done\. (\d+) messages", bots.log.read_text(encoding="utf-8"))
        attacked.passed_over = int(said)
        await bots.start()

    return attack


async def make_newer(attacked: Attacked) -> None:
    """A newer version of the program has changed it, and the old one still runs."""
    with closing(sqlite3.connect(file_of(attacked.bots), timeout=10)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (NEWER,))
    await asyncio.sleep(TROUBLE)


async def _must_be(done: Awaitable[int | None], code: int) -> None:
    if (found := await done) != code:
        raise AssertionError(f"ended with {found}, not with {code}")


def empty(file: Path) -> None:
    """As `> bot.db` does."""
    os.truncate(file, 0)


def replace(file: Path) -> None:
    """Another database takes its place."""
    with closing(sqlite3.connect(file.with_name("other"))) as other, other:
        other.execute("CREATE TABLE other (id INTEGER)")
    file.with_name("other").replace(file)


ON_SQLITE: dict[str, Attack] = {
    "full disk for 8 s (no file may grow)": fill_disk,
    "files and folder read-only for 8 s": read_only,
    "database locked by another program for 8 s": lock,
    "a second process on the file": second,
    "database deleted": delete,
    "database emptied; a copy is restored": restored_after(empty),
    "database overwritten with noise; a copy is restored": restored_after(spoil, ends=False),
    "another file in its place; what was saved is restored": restored_after(replace, is_saved=True),
    "changed by a newer version": make_newer,
}
