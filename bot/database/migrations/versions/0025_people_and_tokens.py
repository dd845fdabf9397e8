"""Indexes of a person's conversations, of the token in their buttons, and of chats that were not seen yet"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    for name in ("person_id", "token"):
        op.create_index(f"ix_conversations_{name}", "conversations", [name])
    is_unseen = sa.text("last_seen_at IS NULL")
    op.create_index("ix_chats_unseen", "chats", ["telegram_id"], sqlite_where=is_unseen, postgresql_where=is_unseen)
