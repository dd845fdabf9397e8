"""What is put off or skipped, pairs of reminders, journeys, and the silence of months"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    for column in (
        sa.Column("home_zone", sa.String(length=64), nullable=True),
        sa.Column("travels_until", moment, nullable=True),
        sa.Column("last_seen_at", moment, nullable=True),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("is_asked", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("back_from", sa.String(length=16), nullable=True),
    ):
        op.add_column("chats", column)
    op.create_index(op.f("ix_chats_travels_until"), "chats", ["travels_until"])
    op.add_column("reminders", sa.Column("skip_until", moment, nullable=True))
    op.add_column("reminders", sa.Column("is_paired", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("queued_messages", sa.Column("again_of", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_queued_messages_chat_id_again_of"), "queued_messages", ["chat_id", "again_of"], unique=True
    )
