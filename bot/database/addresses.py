"""DATABASE_URL as the driver takes it: what libpq knows behind the question mark has other names in asyncpg, or none.

Hosters hand out addresses for libpq (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
`settings` has checked the names already. Called by `engine`.
"""

import ssl
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import URL, make_url

from bot.settings.database_url import FILE_OPTIONS

CONNECT_SECONDS = 3.0  # until PostgreSQL has to be connected; a person may wait for /support meanwhile
# What of it libpq reads from the environment, and under which name. A password for a key it does not.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "application_name": "PGAPPNAME",
    "options": "PGOPTIONS",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
# What SQLAlchemy reads in the address itself; all else that `settings` lets through is asyncpg's to read.
SQLALCHEMYS = ("host", "port", "prepared_statement_cache_size")


def read_address(address: str) -> tuple[URL, dict[str, object]]:
    """Returns the URL without what the driver does not know, and asyncpg's own arguments; none for SQLite."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return url, {}
    given = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    url = url.set(  # a password that stands there is not shown, then
        username=given.pop("user", url.username),
        password=given.pop("password", url.password),
        database=given.pop("dbname", url.database),
    )
    seconds = float(given.pop("connect_timeout", 0)) or CONNECT_SECONDS
    arguments: dict[str, object] = {"timeout": seconds}
    if "ssl" in given:  # asyncpg's own name
        given["sslmode"] = given.pop("ssl").replace("true", "require")
    if given.get("sslrootcert") == "system":  # libpq's word; it verifies the name, then
        del given["sslrootcert"]
        given.pop("sslmode", None)
        arguments["ssl"] = ssl.create_default_context()
    given.pop("schema", None)  # ours, see `Database`
    given.pop("channel_binding", None)  # one that is not required is none
    for name in ("statement_cache_size", "command_timeout"):
        if name in given:
            arguments[name] = int(given.pop(name))
    given |= {name: str(Path(given[name]).expanduser()) for name in (*FILE_OPTIONS, "passfile") if name in given}
    own = {name: given.pop(name) for name in SQLALCHEMYS if name in given}
    if given:  # asyncpg reads these as libpq does, and hands application_name and options to the server
        arguments["dsn"] = f"postgresql:///?{urlencode(given)}"
    return url.set(query={**own, **_hosts(url)}), arguments


def libpq_environment(address: str) -> dict[str, str]:
    """Returns the address as PostgreSQL's own programs read it from the environment: who, where, and with which TLS.

    https://www.postgresql.org/docs/current/libpq-envars.html
    """
    url = make_url(address)
    own = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    given = {name: str(value) for name, value in own.items() if value}
    given |= {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items() if value}
    if not given.get("host", "/").startswith("/"):  # else a socket's folder
        hosts, ports = zip(*map(_split_port, given["host"].split(",")), strict=True)
        given |= {"host": ",".join(hosts)} | ({"port": ",".join(ports)} if any(ports) else {})
    if "ssl" in given:
        given["sslmode"] = given["ssl"].replace("true", "require")
    if given.get("sslrootcert") == "system":
        given["sslmode"] = "verify-full"
    for name in (*FILE_OPTIONS, "passfile"):
        if given.get(name, "system") != "system":
            given[name] = str(Path(given[name]).expanduser())
    return {variable: given[name] for name, variable in VARIABLES.items() if name in given}


def _split_port(host: str) -> tuple[str, str]:
    """Returns host and port of `name:5432` or `[::1]:5432`; "" for no port."""
    name, _, port = host.rpartition(":")
    return (name.strip("[]"), port) if name and port.isdecimal() and ("]" in name or ":" not in name) else (host, "")


def read_schema(address: str) -> str | None:
    """Returns the schema that `?schema=` names; None leaves it to the server. `settings` has checked its form."""
    schema = make_url(address).query.get("schema")
    return schema if isinstance(schema, str) else None


def _hosts(url: URL) -> dict[str, tuple[str, ...] | str]:
    """Several hosts stay several."""
    return {name: url.query[name] for name in ("host", "port") if name in url.query}


def without_schema(address: str) -> str:
    """Returns the address of the database that the schema is in."""
    return make_url(address).difference_update_query(["schema"]).render_as_string(hide_password=False)
