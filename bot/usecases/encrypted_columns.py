"""Every column that holds what is encrypted. Walked by `key_rotation` and by the tests.

A table joins with one line here; a test finds a column named `encrypted` that has none.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, inspect

from bot.database.columns import Base
from bot.database.models import LookEntry, Note, OwnSentence, Reminder, SafetyPlan
from bot.domain.encryption import EncryptedKind


class EncryptedColumn(NamedTuple):
    """A column whose texts are bound to this kind and to the `chat_id` of their row. It may be NULL."""

    model: type[Base]
    name: str
    kind: EncryptedKind

    @property
    def table(self) -> Table:
        """Returns the table of the column, which has a column `chat_id`."""
        table = inspect(self.model).local_table
        assert isinstance(table, Table)  # noqa: S101 - every model here is one table; for the type checker
        return table

    @property
    def is_optional(self) -> bool:
        """Whether a row may be without it: what cannot be read or encrypted is then left out, and the row stays."""
        return bool(self.table.c[self.name].nullable)

    @property
    def text(self) -> ColumnElement[str]:
        """Returns the column itself."""
        return self.table.c[self.name]


def encrypted_column_of(model: type[Base]) -> EncryptedColumn | None:
    """Returns the encrypted column of a table; None if it has none."""
    return next((column for column in ENCRYPTED if column.model is model), None)


ENCRYPTED = (
    EncryptedColumn(SafetyPlan, "encrypted", EncryptedKind.SAFETY_PLAN),
    EncryptedColumn(Note, "encrypted", EncryptedKind.NOTE),
    EncryptedColumn(OwnSentence, "encrypted", EncryptedKind.OWN_SENTENCE),
    EncryptedColumn(LookEntry, "encrypted", EncryptedKind.LOOK_ENTRY),
    EncryptedColumn(Reminder, "encrypted_text", EncryptedKind.REMINDER_TEXT),
)
