"""Language, pictures, themes and hidden affirmations of a chat"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("chats", sa.Column("language", sa.String(length=2), nullable=True))
    op.add_column("chats", sa.Column("shows_pictures", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("chats", sa.Column("left_out", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "hidden_affirmations",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("affirmation_id", sa.String(length=64), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_hidden_affirmations_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "affirmation_id", name=op.f("pk_hidden_affirmations")),
    )
