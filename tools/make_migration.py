"""Writes the migration that leads to the tables of bot/database/models/: `make migration name="..."`."""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.operations.ops import MigrationScript
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from bot.database import engine
from bot.database.migrations.upgrade import configuration, upgrade

ENGINE = Path(engine.__file__)


async def write_migration(name: str) -> Path:
    """Compare a fresh database that has run all migrations with the models; returns the file that was written.

    Raises SystemExit if nothing has changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = engine.Database(f"sqlite+aiosqlite:///{folder}/empty.db")
        try:
            async with database.engine.begin() as connection:
                await connection.run_sync(upgrade)
                return await connection.run_sync(_write, name)
        finally:
            await database.close()


def name_newest(revision: str) -> None:
    """Writes the revision into NEWEST_REVISION in bot/database/engine.py."""
    text = re.sub(r'^NEWEST_REVISION = ".*"', f'NEWEST_REVISION = "{revision}"', ENGINE.read_text(), flags=re.MULTILINE)
    ENGINE.write_text(text)


def _write(connection: Connection, name: str) -> Path:
    config = configuration(connection)
    newest = ScriptDirectory.from_config(config).get_current_head() or "0000"
    number = f"{int(newest) + 1:04}"
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    config.set_main_option("file_template", f"{number}_{slug}")

    def keep_if_changed(context: object, revision: object, directives: list[MigrationScript]) -> None:
        if directives[0].upgrade_ops is None or directives[0].upgrade_ops.is_empty():
            directives.clear()

    script = command.revision(
        config, message=name, rev_id=number, autogenerate=True, process_revision_directives=keep_if_changed
    )
    if not isinstance(script, Script):
        raise SystemExit("bot/database/models/ has the same tables as the newest migration: change a table first")
    file = Path(script.path)
    _tidy(file)
    return file


def _tidy(file: Path) -> None:
    """Removes Alembic's comments and empty arguments, and formats the file with ruff."""
    text = re.sub(r"^ *# ###.*\n?", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(text.replace(", schema=None", ""), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", file], check=True)  # noqa: S603 - no input but a path of ours


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        raise SystemExit('Say what changes: make migration name="add a column for ..."')
    written = asyncio.run(write_migration(sys.argv[1]))
    name_newest(written.name[:4])
    print(f"{written}: read it, and run the tests")
