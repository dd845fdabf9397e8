"""Who looks after groups and channels, and what they are told"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("chats", sa.Column("told", sa.String(length=16), nullable=True))
    op.add_column("queued_messages", sa.Column("about", sa.String(length=40), nullable=True))
    op.create_table(
        "facilitators",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_facilitators_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name=op.f("pk_facilitators")),
    )
    op.create_index(op.f("ix_facilitators_person_id"), "facilitators", ["person_id"], unique=False)
