"""Plain names: practice, last_notice, notice_ref, undelivered_since, safety_plans, favourites

Columns are renamed where they are. Alembic's batch mode would copy the table on SQLite and drop the old one, and with
`foreign_keys=ON` dropping `chats` erases whatever refers to it. Nothing refers to the two tables that are made anew, so
that their constraints get the names of the naming convention on both databases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

COLUMNS = (
    ("chats", "words", "practice"),
    ("chats", "told", "last_notice"),
    ("invitations", "words", "practice"),
    ("queued_messages", "about", "notice_ref"),
    ("circles", "unsaid_since", "undelivered_since"),
)
# In the JSON of a conversation, by its subject. A key stands between a quotation mark and a colon, as no value does.
KEYS = (
    ("flow", "unsaid_since", "undelivered_since"),
    ("invitation", "words", "practice"),
)


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    _rename_plans()
    _rename_kept_affirmations()
    conversations = sa.table("conversations", sa.column("subject", sa.String), sa.column("draft", sa.Text))
    for subject, old, new in KEYS:
        renamed = sa.func.replace(conversations.c.draft, f'"{old}":', f'"{new}":')
        op.execute(sa.update(conversations).where(conversations.c.subject == subject).values(draft=renamed))
    op.execute(sa.update(conversations).where(conversations.c.subject == "plan").values(subject="safety_plan"))


def _rename_plans() -> None:
    op.create_table(
        "safety_plans",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("encrypted", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_safety_plans_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_safety_plans")),
    )
    op.execute(
        "INSERT INTO safety_plans (chat_id, encrypted, updated_at) SELECT chat_id, sealed, updated_at FROM plans"
    )
    op.drop_table("plans")


def _rename_kept_affirmations() -> None:
    op.create_table(
        "favourites",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("affirmation_id", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_favourites_chat_id_chats"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "affirmation_id", name=op.f("pk_favourites")),
    )
    op.execute(
        "INSERT INTO favourites (chat_id, affirmation_id, added_at) "
        "SELECT chat_id, affirmation_id, kept_at FROM kept_affirmations"
    )
    op.drop_table("kept_affirmations")
