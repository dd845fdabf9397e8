"""Flows: one conversation a subject, visits, plans, uploads; a chat's country"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# The question that waits -> what it is about. What is not named here is a step of a set-up.
SUBJECTS = {"pause": "pause", "forget": "forget", "place": "zone", "quiet": "quiet"}


def upgrade() -> None:
    with op.batch_alter_table("chats") as batch_op:
        batch_op.add_column(sa.Column("country", sa.String(length=2), nullable=True))
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=16), nullable=False, server_default="setup"))
        batch_op.add_column(sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True))
    for step, subject in SUBJECTS.items():
        op.execute(f"UPDATE conversations SET subject = '{subject}' WHERE step = '{step}'")  # noqa: S608 - our own words
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.alter_column("subject", server_default=None)
        batch_op.drop_constraint(op.f("uq_conversations_chat_id_person_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_conversations_chat_id_person_id_subject"), ["chat_id", "person_id", "subject"]
        )
        batch_op.create_index(batch_op.f("ix_conversations_wake_at"), ["wake_at"], unique=False)
    op.create_table(
        "visits",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_visits_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "person_id", "flow", name=op.f("pk_visits")),
    )
    op.create_table(
        "plans",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_plans_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_plans")),
    )
    op.create_table(
        "uploads",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_uploads")),
    )
