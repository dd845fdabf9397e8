"""Whether times are shown on a clock of 12 or 24 hours, if somebody chose"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("chats", sa.Column("clock", sa.Integer(), nullable=True))
