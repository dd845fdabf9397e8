"""The few chats that are hushed, quiet around a session, or off, found without reading all of them"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

RARE = ("hushed_until", "quiet_until", "off_reason")


def upgrade() -> None:
    for name in RARE:
        is_set = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_chats_{name}", "chats", [name], sqlite_where=is_set, postgresql_where=is_set)
