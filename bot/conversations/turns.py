"""Flows: one transaction loads where someone is, asks the engine for the next turn, and saves it. Called by doors.

A turn is saved before it is said, and only if nobody else went on from the same place (a conditional update). If the
program is killed in between, Telegram delivers the same update again, and it is answered with the place where they are;
what came by itself is marked as unsaid until it was said, and said again when that takes too long.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import CursorResult, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import flows
from bot.conversations.rows import begin as begin_row
from bot.database import Database
from bot.flows import IDLE, Book, Chose, Mode, Position, Turn, Visited
from bot.models import Chat, Conversation, OffReason, Subject, Visit

log = logging.getLogger(__name__)

STEP = "flow"
# What was not said within this time is said again: the program was killed, or Telegram could not be reached.
UNSAID = timedelta(seconds=60)
# So late, nobody waits for it any more: it closes; and after hours it does so without a word.
TOO_LATE, FAR_TOO_LATE = timedelta(minutes=30), timedelta(hours=6)
BATCH = 100  # conversations in a transaction
# Numbers of updates may begin anew after a quiet week; one that is only a little older was delivered twice.
REPEATED = 10_000
# Asked at every tap, so it is put together once.
OF_A_BUTTON = (
    select(Chat, Conversation)
    .join(Conversation, Conversation.chat_id == Chat.id)
    .where(
        Chat.telegram_id == bindparam("telegram_id"),
        Chat.thread_id == 0,
        Conversation.person_id == bindparam("person_id"),
        Conversation.subject == Subject.FLOW,
        Conversation.token == bindparam("token"),
    )
)


class Kept(BaseModel):
    """What a row holds as JSON: the place, and what is needed to say each thing once."""

    model_config = ConfigDict(frozen=True)

    position: Position
    update_id: int = 0  # the last update that was answered
    message_id: int = 0  # the message that carries the buttons, where it is known
    unsaid_since: datetime | None = None
    is_ending: bool = False  # its last words are what is unsaid


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn on its way to a chat. `message_id` carried the buttons until now; a stale answer has changed nothing."""

    turn: Turn
    token: str
    chat_id: int
    telegram_id: int
    message_id: int
    is_stale: bool = False


async def find(session: AsyncSession, chat: Chat, person_id: int) -> Conversation | None:
    """The flow that this person has open here."""
    query = select(Conversation).where(
        Conversation.chat_id == chat.id, Conversation.person_id == person_id, Conversation.subject == Subject.FLOW
    )
    return (await session.scalars(query)).one_or_none()


async def find_by_token(
    session: AsyncSession, token: str, telegram_id: int, person_id: int
) -> tuple[Chat, Conversation] | None:
    """The conversation that a button belongs to, if it is this person's, in this chat."""
    values = {"token": token, "telegram_id": telegram_id, "person_id": person_id}
    found = (await session.execute(OF_A_BUTTON, values)).one_or_none()
    return (found[0], found[1]) if found else None


async def find_way_back(session: AsyncSession, telegram_id: int, person_id: int) -> str | None:
    """The token of the flow in the middle of which this person is; None when there is none, or it has closed."""
    query = (
        select(Conversation.token)
        .join(Chat)
        .where(
            Chat.telegram_id == telegram_id,
            Conversation.person_id == person_id,
            Conversation.subject == Subject.FLOW,
            Conversation.wake_at.is_not(None),
        )
    )
    return await session.scalar(query)


async def begin(
    session: AsyncSession, book: Book, chat: Chat, person_id: int, name: str, *, now: datetime, update_id: int
) -> Reply:
    """Begin a flow, over the one that is open, if there is one."""
    row = await find(session, chat, person_id)
    kept = _read(row) if row else None
    visits = await _visits(session, chat, person_id)
    turn = flows.begin(
        book,
        name,
        visits={each.flow: each.count for each in visits},
        chosen={each.flow: each.chosen for each in visits if each.chosen},
        over=kept.position if kept else None,
    )
    row = await begin_row(session, chat, person_id, Subject.FLOW, STEP, "{}", now)
    await _save(session, row, turn, Kept(position=turn.position, update_id=update_id) if turn.position else None, now)
    return Reply(turn, row.token, chat.id, chat.telegram_id, kept.message_id if kept else 0)


async def take_tap(
    session: AsyncSession,
    book: Book,
    chat: Chat,
    row: Conversation,
    turn: int,
    key: str,
    *,
    now: datetime,
    update_id: int,
    message_id: int,
) -> Reply:
    """A button of this conversation; `message_id` is the message that it is on."""
    kept = _read(row)
    if kept.position.turn != turn and _is_repeated(kept, update_id):
        return _reply(chat, row, kept, flows.say_again(book, kept.position))
    answered = flows.tap(book, kept.position, turn, key)
    if answered is None:
        return _reply(chat, row, kept, flows.say_again(book, kept.position), is_stale=True)
    return await _answer(session, book, chat, row, kept, answered, now, update_id, message_id)


async def take_words(
    session: AsyncSession, book: Book, chat: Chat, row: Conversation, *, now: datetime, update_id: int
) -> Reply | None:
    """Words were typed, and are not looked at. None when they were not meant for this conversation."""
    kept = _read(row)
    if _is_repeated(kept, update_id):
        return _reply(chat, row, kept, flows.say_again(book, kept.position))
    answered = flows.take_words(book, kept.position)
    if answered is None:
        return None
    return await _answer(session, book, chat, row, kept, answered, now, update_id, 0)


async def take_due(database: Database, book: Book, now: datetime) -> list[Reply]:
    """Conversations whose time has come, one batch; what to say in each. Call again until there are none."""
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
        replies = [await _wake(session, book, row, chat, now) for row, chat in rows]
    return [each for each in replies if each]


async def confirm(database: Database, reply: Reply, message_id: int, now: datetime) -> None:
    """It was said, in this message. If someone has gone on since, their turn stays as it is."""
    async with database.write() as session:
        row = await session.scalar(select(Conversation).where(Conversation.token == reply.token))
        if row is None:
            return
        kept = _read(row)
        if reply.turn.position is None:
            if kept.is_ending:
                await session.execute(_same(delete(Conversation), row))
        elif kept.position.turn == reply.turn.position.turn:
            wake_at = _wake_at(reply.turn, now) if kept.unsaid_since else row.wake_at
            said = kept.model_copy(update={"message_id": message_id, "unsaid_since": None})
            await session.execute(
                _same(update(Conversation), row).values(draft=said.model_dump_json(), wake_at=wake_at)
            )


async def drop(database: Database, reply: Reply) -> None:
    """Nothing can be said in this chat any more."""
    async with database.write() as session:
        await session.execute(delete(Conversation).where(Conversation.token == reply.token))


async def _answer(
    session: AsyncSession,
    book: Book,
    chat: Chat,
    row: Conversation,
    kept: Kept,
    turn: Turn,
    now: datetime,
    update_id: int,
    message_id: int,
) -> Reply:
    new = None
    if turn.position:
        new = Kept(position=turn.position, update_id=update_id, message_id=message_id or kept.message_id)
    if not await _save(session, row, turn, new, now):
        return _reply(chat, row, kept, flows.say_again(book, kept.position), is_stale=True)
    return _reply(chat, row, kept, turn)


async def _wake(session: AsyncSession, book: Book, row: Conversation, chat: Chat, now: datetime) -> Reply | None:
    try:
        kept = _read(row)
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
        await _save(session, row, Turn((), closed), Kept(position=closed), now)
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
    if not await _save(session, row, Turn((), position, None, turn.actions), unsaid, now, wake_at=now + UNSAID):
        return None
    return _reply(chat, row, kept, turn)


async def _save(
    session: AsyncSession,
    row: Conversation,
    turn: Turn,
    kept: Kept | None,
    now: datetime,
    *,
    wake_at: datetime | None = None,
) -> bool:
    """The turn into the row, if nobody has changed it since it was read: a conditional update on what it held."""
    if kept is None:
        result = await session.execute(_same(delete(Conversation), row))
    else:
        goes_on_waiting = turn.is_again and turn.wait != IDLE
        values: dict[str, object] = {"draft": kept.model_dump_json()}
        if not goes_on_waiting:
            values["wake_at"] = wake_at or _wake_at(turn, now)
        if wake_at is None:
            values["updated_at"] = now
        result = await session.execute(_same(update(Conversation), row).values(values))
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE's or DELETE's result, for the type checker
    if result.rowcount == 1:
        await _remember(session, row, turn)
    return result.rowcount == 1


def _same(statement: Any, row: Conversation) -> Any:  # Any: an UPDATE stays one, a DELETE too
    """Only if the row is still as it was read."""
    return statement.where(
        Conversation.id == row.id, Conversation.token == row.token, Conversation.draft == row.draft
    ).execution_options(synchronize_session=False)


def _wake_at(turn: Turn, now: datetime) -> datetime | None:
    return None if turn.wait is None else now + timedelta(seconds=turn.wait)


def _read(row: Conversation) -> Kept:
    return Kept.model_validate_json(row.draft)


def _is_repeated(kept: Kept, update_id: int) -> bool:
    return 0 <= kept.update_id - update_id < REPEATED


def _reply(chat: Chat, row: Conversation, kept: Kept, turn: Turn, *, is_stale: bool = False) -> Reply:
    return Reply(turn, row.token, chat.id, chat.telegram_id, kept.message_id, is_stale)


async def _visits(session: AsyncSession, chat: Chat, person_id: int) -> Sequence[Visit]:
    query = select(Visit).where(Visit.chat_id == chat.id, Visit.person_id == person_id)
    return (await session.scalars(query)).all()


async def _remember(session: AsyncSession, row: Conversation, turn: Turn) -> None:
    """Which flows were begun, and what was chosen where the last choice stands first."""
    for action in turn.actions:
        if not isinstance(action, Visited | Chose):
            continue
        visit = await session.get(Visit, (row.chat_id, row.person_id, action.flow))
        if visit is None:
            visit = Visit(chat_id=row.chat_id, person_id=row.person_id, flow=action.flow, count=0)
            session.add(visit)
        if isinstance(action, Visited):
            visit.count += 1
        else:
            visit.chosen = action.key
        await session.flush()
