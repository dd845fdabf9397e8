"""The base of all tables: moments that keep their time zone, names of keys and indexes. For `models`."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase

from bot.domain.ids import ChatId, TelegramId


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite stores no time zone, so it is added when a row is read.

    Raises ValueError for a moment without a time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns the moment in UTC. Raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns the moment, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables: names for keys and indexes, and a column type for each Python type."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, ChatId: Integer, TelegramId: BigInteger}  # noqa: RUF012 - SQLAlchemy's own form


# An id is never used twice: an old button must not reach a newer row.
NEW_NUMBERS = {"sqlite_autoincrement": True}


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Returns an index of those rows alone of which `where` is true, in SQL that both databases read."""
    # To name PostgreSQL's condition here would load that dialect, 3 MB, for everyone: see `say_conditions`.
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def say_conditions(metadata: MetaData, dialect: str) -> None:
    """Gives each partial index its condition in this dialect. Before tables are made, or a migration is written."""
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_options[dialect]["where"] = condition
