"""How often Telegram has refused a chat's messages in a row"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("chats", sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))
