"""Which process handles a chat's updates now; and which update took a chat's last affirmation"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "chat_turns",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_chat_turns")),
    )
    op.add_column("chats", sa.Column("affirmed_by", sa.BigInteger(), server_default="0", nullable=False))
