"""Since when a chat is gone, whatever else it is: it may have been stopped before"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("chats", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_chats_left_at", "chats", ["left_at"])
    op.execute("UPDATE chats SET left_at = off_at WHERE off_reason IN ('blocked', 'gone')")
