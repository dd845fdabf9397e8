"""Notes for a session, own sentences, and themes and own words of reminders"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("encrypted", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_notes_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_notes_chat_id_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "own_sentences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("encrypted", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_own_sentences_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_sentences")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_own_sentences_chat_id_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mixes",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=16), nullable=False),
        sa.Column("only_kept", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_mixes_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_mixes")),
    )
    op.add_column("reminders", sa.Column("themes", sa.Text(), nullable=True))
    op.add_column("reminders", sa.Column("themes_cycle", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reminders", sa.Column("themes_cursor", sa.BigInteger(), nullable=False, server_default="-1"))
    op.add_column("reminders", sa.Column("encrypted_text", sa.Text(), nullable=True))
    op.create_index(op.f("ix_notes_gone_at"), "notes", ["gone_at"])
