"""The order in which queued messages are sent: first what will soonest be too late"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    is_queued = sa.text("state = 'queued'")
    op.create_index(
        "ix_queued_messages_earliest_deadline",
        "queued_messages",
        ["send_before", "send_after", "id"],
        sqlite_where=is_queued,
        postgresql_where=is_queued,
    )
