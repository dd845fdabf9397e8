"""Flows that go on by themselves: a wait or a minute is over, or nobody has answered for long.

`timed_messages` asks it what is due, sends it, and confirms what Telegram took.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.engine import Database, is_away
from bot.database.models import Chat, Conversation
from bot.database.values import FailedWork, OffReason
from bot.dialogues import flows
from bot.dialogues.flows import Mode, Turn
from bot.screens.flows import say_turn
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import failures
from bot.usecases.conversations.flow_rows import FlowState, Reply, only_as_read, read, reply_with, save, wake_at_of
from bot.usecases.timed_messages import ROWS_A_TRANSACTION, TOO_LATE, UNDELIVERED_AFTER

log = logging.getLogger(__name__)

# After TOO_LATE a flow closes with its closing words; so late, it closes without a word.
FAR_TOO_LATE = timedelta(hours=6)


class FlowTurns:
    """The flows' TimedSource."""

    work = FailedWork.FLOW

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def take_due(self, now: datetime) -> list[Reply]:
        """Conversations whose time has come, one batch, saved as undelivered."""
        return await take_due(self._database, self._flows_of, now)

    def messages_of(self, line: Reply) -> tuple[OutgoingMessage, ...]:
        """The turn's messages, in the language and the practice's words of the chat."""
        return say_turn(self._catalogue_of(line).interface, line.turn, line.token)

    def files_of(self, line: Reply) -> Mapping[str, bytes]:
        """The pictures of the chat's catalogue."""
        return self._catalogue_of(line).pictures

    async def confirm(self, line: Reply, message_id: int, now: datetime) -> bool:
        """Telegram took it. If someone has gone on since, their turn stays as it is."""
        await confirm(self._database, line, message_id, now)
        return True

    async def drop(self, line: Reply) -> None:
        """Nothing can be said in this chat any more."""
        await drop(self._database, line)

    def _catalogue_of(self, line: Reply) -> Catalogue:
        return self._library.of_practice(line.practice).of(line.language)

    def _flows_of(self, practice: str | None, language: str | None) -> Flows:
        return self._library.of_practice(practice).of(language).flows


async def take_due(
    database: Database, flows_of: Callable[[str | None, str | None], Flows], now: datetime
) -> list[Reply]:
    """Conversations whose time has come, one batch; what to say in each. Call again until there are none.

    `flows_of` has the flows of a practice, or everyone's, in a language.
    """
    query = (
        select(Conversation, Chat)
        .join(Chat, Chat.id == Conversation.chat_id)
        .where(Conversation.wake_at <= now)
        .order_by(Conversation.wake_at)
        .limit(ROWS_A_TRANSACTION)
        .with_for_update(of=Conversation, skip_locked=True)
    )
    async with database.write() as session:
        rows = (await session.execute(query)).all()
        replies = [await _wake_or_set_aside(session, flows_of, row, chat, now) for row, chat in rows]
    return [reply for reply in replies if reply]


async def confirm(database: Database, reply: Reply, message_id: int, now: datetime) -> None:
    """It was said, in this message. If someone has gone on since, their turn stays as it is."""
    async with database.write() as session:
        row = await session.scalar(select(Conversation).where(Conversation.token == reply.token))
        if row is None:
            return
        state = read(row)
        if reply.turn.position is None:
            if state.is_ending:
                await session.execute(only_as_read(delete(Conversation), row))
        elif state.position.turn == reply.turn.position.turn:
            wake_at = wake_at_of(reply.turn, now) if state.undelivered_since else row.wake_at
            said = state.model_copy(update={"message_id": message_id, "undelivered_since": None})
            await session.execute(
                only_as_read(update(Conversation), row).values(draft=said.model_dump_json(), wake_at=wake_at)
            )


async def drop(database: Database, reply: Reply) -> None:
    """Nothing can be said in this chat any more."""
    async with database.write() as session:
        await session.execute(delete(Conversation).where(Conversation.token == reply.token))


async def _wake_or_set_aside(
    session: AsyncSession,
    flows_of: Callable[[str | None, str | None], Flows],
    row: Conversation,
    chat: Chat,
    now: datetime,
) -> Reply | None:
    """One conversation that fails stops no other. Set aside, it waits for its person's next tap or word."""
    conversation_id = row.id
    try:
        async with session.begin_nested():
            return await _wake(session, flows_of(chat.practice, chat.language), row, chat, now)
    except Exception as error:
        if is_away(error):
            raise
        is_set_aside = await failures.record(session, FailedWork.FLOW, conversation_id, error, now)
        again = None if is_set_aside else now + failures.TRY_AGAIN
        await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(wake_at=again))
        return None


async def _wake(session: AsyncSession, book: Flows, row: Conversation, chat: Chat, now: datetime) -> Reply | None:
    try:
        state = read(row)
    except ValueError:
        log.exception("a conversation was dropped: it cannot be read", extra={"conversation": row.id})
        await session.delete(row)
        return None
    if chat.off_reason not in (None, OffReason.STOPPED):
        await session.delete(row)
        return None
    late = now - (state.undelivered_since or row.wake_at or now)
    if late > FAR_TOO_LATE or (state.undelivered_since and late > TOO_LATE):
        closed = state.position.model_copy(update={"mode": Mode.CLOSED})
        await save(session, row, Turn((), closed), FlowState(position=closed), now)
        return None
    if late > TOO_LATE:
        turn = flows.close(state.position)
    elif state.undelivered_since and not state.is_ending:
        turn = flows.say_again(book, state.position)
    else:
        turn = flows.wake(book, state.position)
    # At the end of a flow the row stays where it is until the last words were said: `confirm` takes it away.
    position, is_ending = turn.position or state.position, turn.position is None
    changes = {"position": position, "undelivered_since": state.undelivered_since or now, "is_ending": is_ending}
    undelivered = state.model_copy(update=changes)
    if not await save(
        session, row, Turn((), position, None, turn.actions), undelivered, now, wake_at=now + UNDELIVERED_AFTER
    ):
        return None
    return reply_with(chat, row, state, turn)
