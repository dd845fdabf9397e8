"""Invitations, and the practice whose words a chat has chosen"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("chats", sa.Column("words", sa.String(length=40), nullable=True))
    op.create_table(
        "invitations",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitations")),
    )
