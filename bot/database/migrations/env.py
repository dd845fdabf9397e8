"""Alembic's entry: runs the migrations on the connection that upgrade.py hands it, or compares its tables with ours."""

from typing import Literal

from alembic import context

from bot.database.columns import UtcDateTime
from bot.database.models import Chat


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """How a type is written in a new migration; False leaves it to Alembic.

    Migrations import nothing of the bot: they have to stay as they are while the models change.
    """
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Chat.metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
