"""A share of `python -m tools.attack starts`: what is wrong before the bot runs is one line, with the right code."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.needed import missing
from tools.attack import starts, starts_postgres
from tools.postgres_server import find_pg_ctl

SHARE = (
    "`.env` cannot be read",
    "SQLite: a folder without rights",
    "SQLite: a file without rights",
    "SQLite: another bot runs on it",
    "the port is in use, by webhook",
    "the port is in use, by polling",
)
SHARE_ON_POSTGRESQL = ("PostgreSQL: a wrong password", "PostgreSQL: `?sslmode=require`, and no TLS there")


@pytest.mark.parametrize("name", SHARE)
async def test_what_is_wrong_is_one_line_and_the_right_exit_code(name: str, tmp_path: Path) -> None:
    wanted, prepare = starts.STARTS[name]
    started = await starts.run(name, wanted, prepare, tmp_path)
    assert started.is_right, started


async def test_what_is_wrong_with_postgresql_is_too(tmp_path: Path) -> None:
    pg_ctl = find_pg_ctl() or missing("PostgreSQL")
    with TemporaryDirectory() as place:  # which PostgreSQL's own user may enter
        async with starts_postgres.server(Path(place), pg_ctl) as address:
            for number, name in enumerate(SHARE_ON_POSTGRESQL):
                (folder := tmp_path / str(number)).mkdir()
                started = await starts.run(name, *starts.ON_POSTGRESQL[name], folder, address)
                assert started.is_right, started
