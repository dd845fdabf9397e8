"""The tables of a new database, made from the models, and which migration one has. Called by `Database`.

Alembic names this way for an empty database: all tables at once, and a note of the newest migration
(https://alembic.sqlalchemy.org/en/latest/cookbook.html#building-an-up-to-date-database-from-scratch). A test holds that
the migrations lead to the same. Alembic itself is not loaded: with its migrations it takes 12 MB.
"""

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    insert,
    inspect,
    select,
    update,
)

from bot.database.columns import say_conditions
from bot.database.models import Chat

# As Alembic makes it.
VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
# Changes no row; a server that only reads refuses it all the same.
WRITE_NOTHING = update(VERSION).where(false()).values(version_num=VERSION.c.version_num)


def read_revision(connection: Connection) -> str | None:
    """Returns the number of the last migration that was run; None for an empty database."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    revision: str | None = connection.scalar(select(VERSION.c.version_num))
    return revision


def make_tables(connection: Connection, revision: str) -> None:
    """Makes all tables as `revision`, the newest migration, leaves them. In the transaction of the caller."""
    say_conditions(Chat.metadata, connection.dialect.name)
    Chat.metadata.create_all(connection, checkfirst=False)  # another program's table is an error
    VERSION.create(connection, checkfirst=True)
    connection.execute(insert(VERSION).values(version_num=revision))
