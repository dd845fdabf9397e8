"""`make migration`: a column that is added to the models becomes a migration that upgrades a database."""

import shutil
import subprocess
import sys
from pathlib import Path

from bot.database.engine import NEWEST_REVISION
from bot.settings import PROJECT
from tests.patience import PATIENCE


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_a_new_column_and_a_partial_index_become_a_migration_for_both_databases(tmp_path: Path) -> None:
    for name in ("bot", "tools"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)  # ruff's settings
    nothing = python(tmp_path, "-m", "tools.make_migration", "nothing")
    assert nothing.returncode == 1
    assert "change a table first" in nothing.stderr
    models = tmp_path / "bot" / "database" / "models" / "sending.py"
    column = "    file_id: Mapped[str] = mapped_column(Text)\n"
    assert column in models.read_text()
    models.write_text(models.read_text().replace(column, f"{column}    noted_at: Mapped[datetime | None]\n"))
    shared = models.with_name("shared.py")
    index = '        partial_index("ix_posts_unshown", "id", where="count <> shown"),\n'
    assert index in shared.read_text()
    more = index.replace("unshown", "popular").replace("count <> shown", "count > 9")
    shared.write_text(shared.read_text().replace(index, index + more))
    made = python(tmp_path, "-m", "tools.make_migration", "Add a note to uploads")
    assert made.returncode == 0, made.stderr
    (file,) = (tmp_path / "bot" / "database" / "migrations" / "versions").glob("*_add_a_note_to_uploads.py")
    assert file.read_text().endswith(
        f'revision = "{file.name[:4]}"\ndown_revision = "{NEWEST_REVISION}"\n\n\ndef upgrade() -> None:\n'
        '    with op.batch_alter_table("posts") as batch_op:\n'
        "        batch_op.create_index(\n"
        '            "ix_posts_popular",\n'
        '            ["id"],\n'
        "            unique=False,\n"
        '            sqlite_where=sa.text("count > 9"),\n'
        '            postgresql_where=sa.text("count > 9"),\n'
        "        )\n\n"
        '    with op.batch_alter_table("uploads") as batch_op:\n'
        '        batch_op.add_column(sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))\n'
    )
    upgrade = (
        "import asyncio; from bot.database.engine import Database, NEWEST_REVISION\n"
        "from bot.database.migrations.upgrade import upgrade\n"
        "async def main():\n"
        "    database = Database('sqlite+aiosqlite:///old.db')\n"
        f"    async with database.engine.begin() as old: await old.run_sync(upgrade, '{NEWEST_REVISION}')\n"
        "    await database.migrate()\n"
        "    print(await database.revision() == NEWEST_REVISION, NEWEST_REVISION); await database.close()\n"
        "asyncio.run(main())"
    )
    upgraded = python(tmp_path, "-c", upgrade)
    assert upgraded.stdout.split() == ["True", file.name[:4]], upgraded.stderr
    again = python(tmp_path, "-m", "tools.make_migration", "nothing")
    assert "change a table first" in again.stderr
