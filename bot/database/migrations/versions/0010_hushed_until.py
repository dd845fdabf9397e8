"""Until when nothing speaks in a chat by itself"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("chats", sa.Column("hushed_until", sa.DateTime(timezone=True), nullable=True))
