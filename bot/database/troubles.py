"""Why a database cannot be used, in one line with what to do, and whether to try again helps. Called by `engine`."""

import errno
import sqlite3
import ssl

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.database.pooler import CURE

# Exit codes of commands. A service manager starts `run` again after the first, and not after the second: only a person
# can mend what that means (docs/install.md).
TRY_AGAIN, REFUSED = 1, 2

PRIMARY = 0xFF  # SQLite's extended codes have the primary one in their last byte
SQLITE = {
    sqlite3.SQLITE_NOTADB: (REFUSED, "it is no database, or damaged: bring a copy back (docs/backup.md)"),
    sqlite3.SQLITE_CORRUPT: (REFUSED, "it is damaged: bring a copy back (docs/backup.md)"),
    sqlite3.SQLITE_READONLY: (REFUSED, "let this program write to the file and to its folder"),
    sqlite3.SQLITE_CANTOPEN: (REFUSED, "check the path, and that this program may write to the file and to its folder"),
    sqlite3.SQLITE_PERM: (REFUSED, "let this program write to the file and to its folder"),
    sqlite3.SQLITE_FULL: (TRY_AGAIN, "make room on the disk"),
    sqlite3.SQLITE_IOERR: (TRY_AGAIN, "check the disk, and its space"),
    sqlite3.SQLITE_BUSY: (TRY_AGAIN, "another program holds it: stop that one"),
    sqlite3.SQLITE_LOCKED: (TRY_AGAIN, "another program holds it: stop that one"),
}
SYSTEM = {
    errno.EACCES: (REFUSED, "let this program read and write there"),
    errno.EROFS: (REFUSED, "let this program write there"),
    errno.EISDIR: (REFUSED, "name a file, not a folder"),
    errno.ENOTDIR: (REFUSED, "check the path"),
    errno.ENOSPC: (TRY_AGAIN, "make room on the disk"),
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES = {
    "28P01": (REFUSED, "check name and password; in a password write @ as %40, / as %2F, : as %3A"),
    "28000": (REFUSED, "check the name, and that the server lets it in from here (pg_hba.conf)"),
    "3D000": (REFUSED, "make that database, or name another"),
    "42501": (REFUSED, "let this name make tables there"),
    "25006": (TRY_AGAIN, "it only reads: name a server that writes, and leave out default_transaction_read_only"),
    "26000": (REFUSED, CURE),
    "42P05": (REFUSED, CURE),
    "53300": (TRY_AGAIN, "let the server take more connections (max_connections)"),
    "57P03": (TRY_AGAIN, "wait until it has started"),
}
# Classes of PostgreSQL's codes that are about the server, not about a row: connection, resources, intervention, system.
SERVERS_OWN = ("08", "53", "57P", "58", "25006", "25P03")
NO_TLS = "rejected SSL upgrade"  # asyncpg's words, in an error without a code
WITHOUT_TLS = (REFUSED, "let the server speak TLS (ssl = on), or write sslmode=prefer, where nobody else can listen")
# Which a clock that is wrong for a moment brings about as well.
BAD_TLS = (TRY_AGAIN, "check the server's certificate, sslrootcert= and this machine's clock")
OTHERWISE = (TRY_AGAIN, "check the path, and that this program may write there")
NO_SERVER = (TRY_AGAIN, "check host and port, and that the server is there")


def explain(url: URL, error: Exception) -> tuple[str, int]:
    """Returns one line, which holds no password, and the exit code."""
    reason = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code, cure = _cure(reason) or (OTHERWISE if url.drivername.startswith("sqlite") else NO_SERVER)
    said = "no answer in time" if isinstance(reason, TimeoutError) else str(reason)
    text = " ".join(said.split()).rpartition(">: ")[2]  # SQLAlchemy puts the driver's class before it
    return f"DATABASE_URL: {url.render_as_string()} cannot be used ({text}); {cure}", code


def sqlstate_of(error: Exception) -> str:
    """Returns PostgreSQL's code for it; empty if it has none."""
    return str(getattr(getattr(error, "orig", None) or error, "sqlstate", None) or "")


def is_away(error: Exception) -> bool:
    """Whether the whole database cannot be used now: away, locked or full. Any other error concerns one row."""
    is_lost = isinstance(error, DBAPIError) and (error.connection_invalidated or is_servers_own(error))
    return is_lost or isinstance(error, (OSError, OperationalError, InterfaceError, PoolTimeoutError))


def is_servers_own(error: Exception) -> bool:
    """Whether PostgreSQL says that it is starting, stopping, full or out of reach: any other row would fail, too.

    Of a connection that the server has just ended, asyncpg says that it is in another state.
    """
    is_cut = type(getattr(error, "orig", None)).__name__ == "InternalClientError"
    return is_cut or sqlstate_of(error).startswith(SERVERS_OWN)


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether SQLite cannot read the file: trying again will not help."""
    damage = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY in damage


def _cure(reason: BaseException) -> tuple[int, str] | None:
    if isinstance(reason, sqlite3.Error):
        return SQLITE.get(getattr(reason, "sqlite_errorcode", 0) & PRIMARY)
    if isinstance(reason, Exception) and (code := sqlstate_of(reason)):
        return POSTGRES.get(code)
    if isinstance(reason, ssl.SSLError):
        return BAD_TLS
    if NO_TLS in str(reason):
        return WITHOUT_TLS
    return SYSTEM.get(reason.errno or 0) if isinstance(reason, OSError) else None
