"""Alembic's entry: runs the migrations on the connection that upgrade.py hands it."""

from alembic import context

from bot.database.models import Chat

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Chat.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
