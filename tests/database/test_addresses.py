"""DATABASE_URL as others read it: what the bot verifies, its copies verify too."""

from pathlib import Path

import pytest

from bot.database.addresses import libpq_environment
from bot.settings.database_url import with_driver


def environment_of(address: str) -> dict[str, str]:
    return libpq_environment(with_driver(address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql://ana:p%40ss@db.example:6432/tears",
            {
                "PGHOST": "db.example",
                "PGPORT": "6432",
                "PGUSER": "ana",
                "PGPASSWORD": "p@ss",
                "PGDATABASE": "tears",
            },
        ),
        ("postgresql:///tears?host=/var/run/postgresql", {"PGHOST": "/var/run/postgresql", "PGDATABASE": "tears"}),
        (
            "postgresql://a.example,b.example:5433/tears?target_session_attrs=primary",
            {
                "PGHOST": "a.example,b.example",
                "PGPORT": "5432,5433",
                "PGDATABASE": "tears",
                "PGTARGETSESSIONATTRS": "primary",
            },
        ),
        ("postgresql://h/b?ssl=true", {"PGHOST": "h", "PGDATABASE": "b", "PGSSLMODE": "require"}),
        (
            "postgresql://h/b?sslrootcert=system",
            {"PGHOST": "h", "PGDATABASE": "b", "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "system"},
        ),
        ("postgresql://h/b?user=ana&dbname=c&schema=tears", {"PGHOST": "h", "PGDATABASE": "c", "PGUSER": "ana"}),
        ("postgresql://h/b?connect_timeout=5", {"PGHOST": "h", "PGDATABASE": "b", "PGCONNECT_TIMEOUT": "5"}),
        ("postgresql:///b?host=db.example:5433", {"PGHOST": "db.example", "PGPORT": "5433", "PGDATABASE": "b"}),
        ("postgresql://[::1]:5433/b", {"PGHOST": "::1", "PGPORT": "5433", "PGDATABASE": "b"}),
    ],
)
def test_programs_of_postgresql_are_told_who_and_where(address: str, expected: dict[str, str]) -> None:
    assert environment_of(address) == expected


def test_they_verify_the_server_as_the_bot_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("ca.pem", "client.crt", "client.key"):
        (tmp_path / name).touch()
    given = environment_of(
        "postgresql://h/b?sslmode=verify-full&sslrootcert=~/ca.pem&sslcert=~/client.crt&sslkey=~/client.key"
        "&passfile=~/pass"
    )
    assert given["PGSSLMODE"] == "verify-full"
    files = {name: given[name] for name in ("PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGPASSFILE")}
    assert files == {
        "PGSSLROOTCERT": f"{tmp_path}/ca.pem",
        "PGSSLCERT": f"{tmp_path}/client.crt",
        "PGSSLKEY": f"{tmp_path}/client.key",
        "PGPASSFILE": f"{tmp_path}/pass",
    }
