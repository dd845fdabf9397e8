"""Flows that go on by themselves: a wait or a minute is over, or nobody has answered for long. Called by `jobs`.

What comes so is marked as unsaid until it was said, and said again when that takes too long.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, Conversation, OffReason
from bot.dialogues import flows
from bot.dialogues.flows import Book, Mode, Turn
from bot.usecases.conversations.flow_rows import Kept, Reply, only_as_read, read, reply_with, save, wake_at_of

log = logging.getLogger(__name__)

# What was not said within this time is said again: the program was killed, or Telegram could not be reached.
UNSAID = timedelta(seconds=60)
# So late, nobody waits for it any more: it closes; and after hours it does so without a word.
TOO_LATE, FAR_TOO_LATE = timedelta(minutes=30), timedelta(hours=6)
BATCH = 100  # conversations in a transaction


async def take_due(database: Database, book_of: Callable[[str | None, str | None], Book], now: datetime) -> list[Reply]:
    """Conversations whose time has come, one batch; what to say in each. Call again until there are none.

    `book_of` has the flows of a practice, or everyone's, in a language.
    """
    query = (
        select(Conversation, Chat)
        .join(Chat, Chat.id == Conversation.chat_id)
        .where(Conversation.wake_at <= now)
        .order_by(Conversation.wake_at)
        .limit(BATCH)
        .with_for_update(of=Conversation, skip_locked=True)
    )
    async with database.write() as session:
        rows = (await session.execute(query)).all()
        replies = [await _wake(session, book_of(chat.words, chat.language), row, chat, now) for row, chat in rows]
    return [each for each in replies if each]


async def confirm(database: Database, reply: Reply, message_id: int, now: datetime) -> None:
    """It was said, in this message. If someone has gone on since, their turn stays as it is."""
    async with database.write() as session:
        row = await session.scalar(select(Conversation).where(Conversation.token == reply.token))
        if row is None:
            return
        kept = read(row)
        if reply.turn.position is None:
            if kept.is_ending:
                await session.execute(only_as_read(delete(Conversation), row))
        elif kept.position.turn == reply.turn.position.turn:
            wake_at = wake_at_of(reply.turn, now) if kept.unsaid_since else row.wake_at
            said = kept.model_copy(update={"message_id": message_id, "unsaid_since": None})
            await session.execute(
                only_as_read(update(Conversation), row).values(draft=said.model_dump_json(), wake_at=wake_at)
            )


async def drop(database: Database, reply: Reply) -> None:
    """Nothing can be said in this chat any more."""
    async with database.write() as session:
        await session.execute(delete(Conversation).where(Conversation.token == reply.token))


async def _wake(session: AsyncSession, book: Book, row: Conversation, chat: Chat, now: datetime) -> Reply | None:
    try:
        kept = read(row)
    except ValueError:
        log.exception("a conversation was dropped: it cannot be read", extra={"conversation": row.id})
        await session.delete(row)
        return None
    if chat.off_reason not in (None, OffReason.STOPPED):
        await session.delete(row)
        return None
    late = now - (kept.unsaid_since or row.wake_at or now)
    if late > FAR_TOO_LATE or (kept.unsaid_since and late > TOO_LATE):
        closed = kept.position.model_copy(update={"mode": Mode.CLOSED})
        await save(session, row, Turn((), closed), Kept(position=closed), now)
        return None
    if late > TOO_LATE:
        turn = flows.close(kept.position)
    elif kept.unsaid_since and not kept.is_ending:
        turn = flows.say_again(book, kept.position)
    else:
        turn = flows.wake(book, kept.position)
    # At the end of a flow the row stays where it is until the last words were said: `confirm` takes it away.
    position, is_ending = turn.position or kept.position, turn.position is None
    changes = {"position": position, "unsaid_since": kept.unsaid_since or now, "is_ending": is_ending}
    unsaid = kept.model_copy(update=changes)
    if not await save(session, row, Turn((), position, None, turn.actions), unsaid, now, wake_at=now + UNSAID):
        return None
    return reply_with(chat, row, kept, turn)
