"""Taps under posts in groups and channels, and circles"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_posts_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_posts_chat_id_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_posts_posted_at"), "posts", ["posted_at"])
    unshown = sa.text("count <> shown")
    op.create_index("ix_posts_unshown", "posts", ["id"], sqlite_where=unshown, postgresql_where=unshown)
    op.create_table(
        "post_taps",
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_taps_post_id_posts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_hash", "post_id", name=op.f("pk_post_taps")),
    )
    op.create_index(op.f("ix_post_taps_post_id"), "post_taps", ["post_id"])
    op.create_table(
        "circles",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("unsaid_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_circles_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_circles")),
    )
    op.create_index(op.f("ix_circles_wake_at"), "circles", ["wake_at"])
