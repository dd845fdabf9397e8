"""Indexes of what waits and what is claimed alone, in place of one of all messages by their state"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

TABLE = "queued_messages"
OF_SOME = (
    ("waiting", "send_after", "state = 'queued'"),
    ("claimed", "claimed_until", "claimed_until IS NOT NULL"),
    ("asking", "chat_id", "kind = 'asking'"),
)


def upgrade() -> None:
    for name, column, condition in OF_SOME:
        some = sa.text(condition)
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [column], sqlite_where=some, postgresql_where=some)
    op.create_index(op.f("ix_queued_messages_send_after"), TABLE, ["send_after"])
    op.drop_index(op.f("ix_queued_messages_state_send_after_id"), TABLE)
    op.drop_index(op.f("ix_queued_messages_chat_id"), TABLE)  # (chat_id, again_of) finds a chat's messages as well
