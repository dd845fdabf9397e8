"""Indexes of the few chats that are paused, left or travelling alone, in place of some of all chats"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

RARE = ("paused_until", "left_at", "travels_until")


def upgrade() -> None:
    for name in RARE:
        is_set = sa.text(f"{name} IS NOT NULL")
        op.drop_index(f"ix_chats_{name}", "chats")
        op.create_index(f"ix_chats_{name}", "chats", [name], sqlite_where=is_set, postgresql_where=is_set)
