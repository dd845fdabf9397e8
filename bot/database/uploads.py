"""Which pictures Telegram has already. Called by `delivery.uploads`."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Upload


async def find_file_ids(session: AsyncSession, digests: Sequence[str]) -> dict[str, str]:
    """Returns the file_ids of the uploads that there are, by digest."""
    rows = await session.execute(select(Upload.digest, Upload.file_id).where(Upload.digest.in_(digests)))
    return {row.digest: row.file_id for row in rows}
