"""What the program has to know at its next start, each by its name. For `zone_data`, `moved_clock` and `copies`."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Memory


async def remember(session: AsyncSession, database: Database, name: str, value: str) -> None:
    """Stores a value in place of the one before. Several processes may do it at once: the last one's stays."""
    await session.execute(database.insert_new(Memory).values(name=name, value=value))
    await session.execute(update(Memory).where(Memory.name == name, Memory.value != value).values(value=value))


async def recall(session: AsyncSession, name: str) -> str | None:
    """Returns None for what was never remembered."""
    memory = await session.get(Memory, name)
    return memory.value if memory else None
