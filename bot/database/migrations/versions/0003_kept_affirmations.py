"""Affirmations that people keep"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "kept_affirmations",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("affirmation_id", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_kept_affirmations_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "affirmation_id", name=op.f("pk_kept_affirmations")),
    )
