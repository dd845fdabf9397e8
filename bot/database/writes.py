"""Tells whether a conditional write changed a row, or another process was quicker. For use cases."""

from sqlalchemy import CursorResult, UpdateBase
from sqlalchemy.ext.asyncio import AsyncSession


async def changed(session: AsyncSession, statement: UpdateBase) -> int:
    """Execute an INSERT, UPDATE or DELETE without RETURNING; returns how many rows it wrote."""
    result = await session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - always, for such a statement; for the type checker
    return result.rowcount
