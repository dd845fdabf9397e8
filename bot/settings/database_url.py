"""The address of the database: checked, with the name of the driver in it. Called by `settings`."""

import re
from urllib.parse import parse_qsl

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
# What may stand behind the question mark of a PostgreSQL address: libpq's words, and three of the drivers'.
NUMBER_OPTIONS = ("connect_timeout", "statement_cache_size", "prepared_statement_cache_size", "command_timeout")
POSTGRES_OPTIONS = {
    *("host", "port", "user", "password", "dbname", "passfile", "application_name", "options", "channel_binding"),
    *("ssl", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs", *NUMBER_OPTIONS),
}
TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
POSTGRES_VALUES = {"sslmode": TLS, "ssl": TLS, "channel_binding": ("disable", "prefer", "require")}


def with_driver(address: str) -> str:
    """Returns the address for SQLAlchemy. Raises ValueError with what is wrong, and the cure; never with a password."""
    scheme, separator, rest = address.partition("://")
    if not separator or scheme not in DRIVERS:
        raise ValueError("names no database known here; use sqlite:///file.db or postgresql://name:password@host/base")
    problem = _sqlite_problem(rest) if scheme.startswith("sqlite") else _postgres_problem(rest)
    if problem:
        raise ValueError(problem)
    return f"{DRIVERS[scheme]}://{rest}"


def _sqlite_problem(rest: str) -> str:
    """Returns what is wrong behind sqlite://; empty if nothing is."""
    if "?" in rest:
        return "has a question mark; write sqlite:///file.db alone"
    if not rest.startswith("/") or rest in ("/", "/:memory:"):
        return "names no file; write sqlite:///file.db, or with one slash more the whole path: sqlite:////srv/file.db"
    return ""


def _postgres_problem(rest: str) -> str:
    """Returns what is wrong behind postgresql://; empty if nothing is. No part of what is given is repeated."""
    credentials, _, place = rest.rpartition("@")
    if "@" in credentials:
        return "has more than one @; in a name or password write @ as %40, / as %2F, : as %3A"
    address, _, query = place.partition("?")
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^/:\[\]]*)(:[0-9]{1,5})?(/[^/]*)?", address):
        return "is not read; write postgresql://name:password@host:5432/base, and in a password / as %2F, : as %3A"
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else ())
    except ValueError:
        return "is not read behind the question mark; write ?sslmode=require&application_name=tears"
    if unknown := sorted(options.keys() - POSTGRES_OPTIONS):
        return f"has {', '.join(unknown)} behind the question mark, unknown here; take that out"
    return _option_problem(options)


def _option_problem(options: dict[str, str]) -> str:
    if options.get("channel_binding") == "require":
        return (
            "asks for channel_binding=require, which this program's driver cannot do; write channel_binding=prefer "
            "(sslmode=verify-full protects from the same)"
        )
    for name, known in POSTGRES_VALUES.items():
        if name in options and options[name] not in known:
            return f"has a {name} that is not known; write one of: {', '.join(known)}"
    for name in NUMBER_OPTIONS:
        if not options.get(name, "0").isdecimal():
            return f"has a {name} that is no whole number"
    return ""
