"""Copies of a PostgreSQL database, by its own pg_dump and pg_restore. For `usecases.copies`.

Who and where is given in the environment: a command line can be read by every user of the machine.
"""

import asyncio
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import IO

from bot.database.addresses import libpq_environment
from bot.database.copy_files import CopyError, check_revision, new_file, of_another_bot
from bot.paths import COMMAND
from bot.settings.bots import SCHEMA

WAITS = {"PGCONNECT_TIMEOUT": "10"}  # seconds, if the address names no others
OF_NOBODY = ("--no-owner", "--no-privileges")
TOO_OLD = "it has to be as new as the server"
LONGEST_REASON = 300  # characters


async def save(address: str, target: Path, *, schema: str | None = None, replaces: bool = False) -> str:
    """Dumps the database into a file, in pg_dump's own format, and returns its revision. Raises CopyError.

    Of several bots each dumps what is its own: the tables in its `schema`, or those outside of the other bots'.
    """
    which = f"--schema={schema}" if schema else f"--exclude-schema={SCHEMA}*"
    with new_file(target, replaces=replaces) as part:
        with part.open("wb") as file:
            await _call(address, "pg_dump", "--format=custom", which, *OF_NOBODY, output=file)
        return await examine(part, schema)


async def examine(file: Path, schema: str | None) -> str:
    """Returns the revision of a dump. Raises CopyError unless it is one of this bot, and of no newer version."""
    if not await asyncio.to_thread(file.is_file):
        raise CopyError(f"there is no file {file}")
    how = ("--data-only", "--table=alembic_version", "--file=-")
    content = await _call(None, "pg_restore", *how, str(file), cure=f"is {file} what `{COMMAND} backup` has made?")
    found = re.search(r"^COPY (?:(\w+)\.)?alembic_version .*\n(.*)$", content, re.MULTILINE)
    held = found[1] if found and (found[1] or "").startswith(SCHEMA) else None
    if found and held != schema:
        of = held.removeprefix(SCHEMA).replace("_", "-") if held else "the bot without a name"
        raise of_another_bot(file, of)
    return check_revision(file, found[2].strip() if found else None)


async def load(address: str, file: Path) -> None:
    """Puts a dump in the place of what is in the database: all of it, or nothing. Raises CopyError."""
    how = ("--clean", "--if-exists", "--single-transaction", *OF_NOBODY)
    base = libpq_environment(address).get("PGDATABASE", "")
    await _call(address, "pg_restore", *how, f"--dbname={base}", str(file))


async def _call(
    address: str | None, name: str, *arguments: str, output: IO[bytes] | None = None, cure: str = TOO_OLD
) -> str:
    """Runs one of PostgreSQL's programs, and returns what it says. One that is cancelled is ended."""
    program = shutil.which(name)
    if program is None:
        raise CopyError(f"{name} is not installed: it comes with PostgreSQL's client (Debian: postgresql-client)")
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=os.environ | WAITS | (libpq_environment(address) if address else {}),
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        said, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = " ".join(complaint.decode(errors="replace").split())[:LONGEST_REASON]
        raise CopyError(f"{name} has failed ({reason}); {cure}")
    return said.decode(errors="replace") if said else ""
