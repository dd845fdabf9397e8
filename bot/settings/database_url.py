"""The address of the database: checked, with the name of the driver in it. Called by `settings`."""

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "postgresql+psycopg": "postgresql+asyncpg",  # what other programs' guides say
    "postgresql+psycopg2": "postgresql+asyncpg",
}
# What may stand behind the question mark of a PostgreSQL address: libpq's words, three of the drivers', one of ours.
NUMBER_OPTIONS = ("connect_timeout", "statement_cache_size", "prepared_statement_cache_size", "command_timeout")
FILE_OPTIONS = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
POSTGRES_OPTIONS = {
    *("host", "port", "user", "password", "dbname", "passfile", "application_name", "options", "channel_binding"),
    *("ssl", "sslmode", *FILE_OPTIONS, "sslpassword", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs", *NUMBER_OPTIONS),
    "schema",  # ours: in which of the database's schemas the tables are
}
# libpq's, and without effect here: left out.
WITHOUT_EFFECT = {
    *("gssencmode", "krbsrvname", "gsslib", "sslcompression", "sslsni", "client_encoding", "load_balance_hosts"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
    "fallback_application_name",
}
SERVERS = ("any", "read-write", "primary")  # others only read
MOST_PORT = 65_535
TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
POSTGRES_VALUES = {"sslmode": TLS, "ssl": (*TLS, "true"), "channel_binding": ("disable", "prefer", "require")}


def with_driver(address: str) -> str:
    """Returns the address for SQLAlchemy. Raises ValueError with what is wrong, and the cure; never with a password."""
    if address[:1] in ("'", '"'):  # `.env` is read without them, what `docker run --env-file` hands over is not
        raise ValueError("stands in quotes, which are a part of it here; write it without them")
    scheme, separator, rest = address.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in DRIVERS:
        raise ValueError("names no database known here; use sqlite:///file.db or postgresql://name:password@host/base")
    problem = _sqlite_problem(rest) if scheme.startswith("sqlite") else _postgres_problem(rest)
    if problem:
        raise ValueError(problem)
    return f"{DRIVERS[scheme]}://{rest if scheme.startswith('sqlite') else _plain(rest)}"


def _plain(rest: str) -> str:
    """Returns what stands behind postgresql:// as SQLAlchemy reads it: sockets and several hosts behind the ?."""
    credentials, at, place = rest.rpartition("@")
    place, _, query = place.partition("?")
    hosts, slash, base = place.partition("/")
    options = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in WITHOUT_EFFECT]
    if "," in hosts:
        options += [("host", host if _has_port(host) else f"{host}:5432") for host in hosts.split(",")]
        hosts = ""
    elif "%2f" in hosts.lower():
        folder, _, port = unquote(hosts).partition(":")
        options += [("host", folder), *([("port", port)] if port else [])]
        hosts = ""
    return f"{credentials}{at}{hosts}{slash}{base}{'?' if options else ''}{urlencode(options)}"


def _has_port(host: str) -> bool:
    return re.search(r":[0-9]+$", host) is not None


def _sqlite_problem(rest: str) -> str:
    """Returns what is wrong behind sqlite://; empty if nothing is."""
    if "?" in rest:
        return "has a question mark; write sqlite:///file.db alone"
    if not rest.startswith("/") or rest in ("/", "/:memory:"):
        return "names no file; write sqlite:///file.db, or with one slash more the whole path: sqlite:////srv/file.db"
    return ""


def _postgres_problem(rest: str) -> str:
    """Returns what is wrong behind postgresql://; empty if nothing is. Only names of options and files are repeated."""
    if find_spec("asyncpg") is None:  # there is no wheel of it for every machine, see pyproject.toml
        return (
            "names PostgreSQL, whose driver is not installed; install gentle-tears[postgresql], or pip install asyncpg"
        )
    credentials, _, place = rest.rpartition("@")
    if "@" in credentials:
        return "has more than one @; in a name or password write @ as %40, / as %2F, : as %3A"
    address, _, query = place.partition("?")
    hosts, _, base = address.partition("/")
    if "/" in base or not all(_is_host(host) for host in hosts.split(",")):
        return "is not read; write postgresql://name:password@host:5432/base, and in a password / as %2F, : as %3A"
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else ())
    except ValueError:
        return "is not read behind the question mark; write ?sslmode=require&application_name=tears"
    if unknown := sorted(options.keys() - POSTGRES_OPTIONS - WITHOUT_EFFECT):
        return f"has {', '.join(unknown)} behind the question mark, unknown here; take that out"
    return _option_problem(options)


def _is_host(host: str) -> bool:
    match = re.fullmatch(r"(?:\[[0-9A-Fa-f:.]+\]|[^/:\[\]]*)(?::([0-9]{1,5}))?", host)
    return match is not None and int(match[1] or 0) <= MOST_PORT


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
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", options.get("schema", "public")):
        return "has a schema that is no plain name; write small letters, digits and _, such as schema=tears"
    if options.get("target_session_attrs", "any") not in SERVERS:
        return f"asks for a server that may only read; of target_session_attrs write one of: {', '.join(SERVERS)}"
    return _certificate_problem(options)


def _certificate_problem(options: dict[str, str]) -> str:
    for name in FILE_OPTIONS:
        file = options.get(name, "")
        if file and (name, file) != ("sslrootcert", "system") and not _is_there(file):
            return f"names a file with {name}= that is not here: {file}; correct its path"
    is_verified = options.get("sslmode", "").startswith("verify-")
    if is_verified and not options.get("sslrootcert") and not _is_there("~/.postgresql/root.crt"):  # where libpq looks
        return (
            "has no certificates to verify the server's with; name a file with sslrootcert=, or write "
            "sslrootcert=system for the authorities that this machine trusts"
        )
    return ""


def _is_there(file: str) -> bool:
    return Path(file).expanduser().is_file()
