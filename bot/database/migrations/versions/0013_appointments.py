"""Therapy sessions, what is due around them, and the hours after one in which the rest waits"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OF_APPOINTMENTS = sa.text("kind = 'appointment'")


def upgrade() -> None:
    op.create_table(
        "appointments",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_appointments_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_appointments")),
    )
    op.create_index(op.f("ix_appointments_next_at"), "appointments", ["next_at"])
    op.add_column("chats", sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_queued_messages_appointment",
        "queued_messages",
        ["chat_id", "notice_ref"],
        unique=True,
        sqlite_where=OF_APPOINTMENTS,
        postgresql_where=OF_APPOINTMENTS,
    )
