"""Alembic's entry point: runs the migrations on upgrade.py's connection, or compares its tables with the models."""

from typing import Literal

from alembic import context

from bot.database.columns import UtcDateTime, say_conditions
from bot.database.models import Chat


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """Returns the code of a type for a new migration; False leaves it to Alembic.

    Migrations import nothing of the bot, because they must not change when the models do.
    """
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


say_conditions(Chat.metadata, "postgresql")  # a new migration is for both databases
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Chat.metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
