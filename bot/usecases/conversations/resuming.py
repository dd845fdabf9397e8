"""Flows that go on by themselves: a wait or a minute is over, or nobody has answered for long.

`timed_messages` asks for what is due, sends it, and confirms what Telegram has taken.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.effects import within
from bot.database.engine import Database
from bot.database.models import Chat, Conversation
from bot.database.prepared import Prepared
from bot.database.values import FailedWork, OffReason
from bot.dialogues import flows
from bot.dialogues.flows import Mode, Turn
from bot.screens.flows import turn_messages
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.conversations.flow_rows import (
    COLUMNS,
    FlowState,
    OpenFlow,
    Reply,
    end,
    open_flow,
    read,
    reply_with,
    save,
    wake_at_of,
    write,
)
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER, FlowsOf, take_batch

log = logging.getLogger(__name__)

# After TOO_LATE a flow closes with its closing words; after this time without a word.
FAR_TOO_LATE = timedelta(hours=6)


class FlowTurns:
    """The flows' TimedSource."""

    work = FailedWork.FLOW

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def take_due(self, now: datetime) -> list[Reply]:
        """Returns one batch of conversations whose time has come, saved as undelivered."""
        return await take_due(self._database, self._flows_of, now)

    def messages_of(self, line: Reply) -> tuple[OutgoingMessage, ...]:
        """Returns the turn's messages, in the chat's language and practice."""
        return turn_messages(self._catalogue_of(line).interface, line.turn, line.token)

    def files_of(self, line: Reply) -> Mapping[str, bytes]:
        """Returns the pictures of the chat's catalogue."""
        return self._catalogue_of(line).pictures

    async def confirm(self, line: Reply, message_id: int, now: datetime) -> bool:
        """Saves that Telegram has taken it, unless the person has gone on since."""
        await confirm(self._database, line, message_id, now)
        return True

    async def drop(self, line: Reply) -> None:
        """Ends a flow in a chat where nothing can be posted any more."""
        await drop(self._database, line)

    def _catalogue_of(self, line: Reply) -> Catalogue:
        return self._library.of_practice(line.practice).of(line.language)

    def _flows_of(self, practice: str | None, language: str | None) -> Flows:
        return self._library.of_practice(practice).of(language).flows


async def take_due(database: Database, flows_of: FlowsOf, now: datetime) -> list[Reply]:
    """Returns what to say in one batch of conversations whose time has come. Call again until there are none."""

    async def wake(session: AsyncSession, row: Conversation, chat: Chat) -> Reply | None:
        return await _wake(session, database, flows_of(chat.practice, chat.language), row, chat, now)

    return await take_batch(database, Conversation, wake, _put_off, work=FailedWork.FLOW, now=now)


_OF_A_REPLY = Prepared(
    lambda _: (
        select(*COLUMNS, Chat.hushed_until)
        .join(Chat, Chat.id == Conversation.chat_id)
        .where(Conversation.token == bindparam("with_token"))
        .with_for_update(of=Conversation)
    )
)


async def confirm(database: Database, reply: Reply, message_id: int, now: datetime) -> None:
    """Saves which message said it, unless the person has gone on since."""

    def work(connection: Connection) -> None:
        for *columns, hushed_until in _OF_A_REPLY.rows(connection, database, with_token=reply.token):
            _confirm(connection, database, OpenFlow(*columns), hushed_until, reply, message_id, now)

    await database.write_at_once(work)


def _confirm(
    connection: Connection,
    database: Database,
    flow: OpenFlow,
    hushed_until: datetime | None,
    reply: Reply,
    message_id: int,
    now: datetime,
) -> None:
    state = read(flow)
    if reply.turn.position is None:
        if state.is_ending:
            end(connection, database, flow)
    elif state.position.turn == reply.turn.position.turn:
        is_held = flow.wake_at is not None and flow.wake_at == hushed_until
        wake_at = wake_at_of(reply.turn, now) if state.undelivered_since and not is_held else flow.wake_at
        said = state.model_copy(update={"message_id": message_id, "undelivered_since": None})
        write(connection, database, flow, draft=said.model_dump_json(), wake_at=wake_at)


async def drop(database: Database, reply: Reply) -> None:
    """Ends a flow in a chat where nothing can be posted any more."""
    async with database.write() as session:
        await session.execute(delete(Conversation).where(Conversation.token == reply.token))


async def _put_off(session: AsyncSession, conversation_id: int, until: datetime | None) -> None:
    """A flow that is set aside (None) waits for its person's next tap or text."""
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(wake_at=until))


async def _wake(
    session: AsyncSession, database: Database, book: Flows, row: Conversation, chat: Chat, now: datetime
) -> Reply | None:
    try:
        state = read(row)
    except ValueError:
        log.exception("a conversation was dropped: it cannot be read", extra={"conversation": row.id})
        await session.delete(row)
        return None
    if chat.off_reason not in (None, OffReason.STOPPED):
        await session.delete(row)
        return None
    flow = open_flow(chat, row)
    late = now - (state.undelivered_since or row.wake_at or now)
    if late > FAR_TOO_LATE or (state.undelivered_since and late > TOO_LATE):
        closed = state.position.model_copy(update={"mode": Mode.CLOSED})
        said_nothing, kept = Turn((), closed), FlowState(position=closed)
        await within(session, partial(save, database=database, flow=flow, turn=said_nothing, state=kept, now=now))
        return None
    if late > TOO_LATE or row.wake_at == chat.hushed_until:  # held for an hour (usecases.hush): nobody waits for it
        turn = flows.close(state.position)
    elif state.undelivered_since and not state.is_ending:
        turn = flows.say_again(book, state.position)
    else:
        turn = flows.wake(book, state.position)
    # At the end of a flow the row stays until Telegram has taken the last words: `confirm` deletes it.
    position, is_ending = turn.position or state.position, turn.position is None
    changes = {"position": position, "undelivered_since": state.undelivered_since or now, "is_ending": is_ending}
    undelivered = state.model_copy(update=changes)
    saving = partial(save, database=database, flow=flow, turn=Turn((), position, None, turn.actions), state=undelivered)
    if not await within(session, partial(saving, now=now, wake_at=now + UNDELIVERED_AFTER)):
        return None
    return reply_with(flow, state, turn)
