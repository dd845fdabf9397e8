"""Turns of flows: one transaction loads a person's position, asks the engine for the next turn, and saves it.

A turn is saved before it is sent, and only if nobody has gone on from the same position (a conditional update). If the
program is killed in between, Telegram delivers the same update again, and the reply shows the saved position. Called by
`handlers`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.database.effects import within
from bot.database.engine import Database
from bot.database.models import Chat, Conversation, Visit
from bot.database.prepared import Prepared
from bot.database.values import Subject
from bot.dialogues import flows
from bot.dialogues.flows import Position, Turn
from bot.domain.ids import NOBODY, TelegramId
from bot.usecases.conversations.flow_rows import (
    COLUMNS,
    FlowState,
    OpenFlow,
    Reply,
    begin_flow,
    open_flow,
    read,
    reply_with,
    save,
)

EVERYONE = NOBODY  # in place of a person, for what everyone in a group sees
# Update ids may begin anew after a quiet week; one that is only a little older was delivered twice.
REPEATED = 10_000
NOWHERE = Position(frames=())  # of who has no flow open
OF_A_BUTTON = Prepared(
    lambda _: (
        select(*COLUMNS)
        .join(Chat, Conversation.chat_id == Chat.id)
        .where(
            Chat.telegram_id == bindparam("in_chat"),
            Chat.thread_id == 0,
            Conversation.person_id == bindparam("of_person"),
            Conversation.subject == Subject.FLOW,
            Conversation.token == bindparam("with_token"),
        )
    )
)

OF_A_PERSON = Prepared(
    lambda _: (
        select(*COLUMNS)
        .join(Chat, Conversation.chat_id == Chat.id)
        .where(
            Conversation.chat_id == bindparam("in_chat"),
            Conversation.person_id == bindparam("of_person"),
            Conversation.subject == Subject.FLOW,
        )
    )
)
VISITS = Prepared(
    lambda _: select(Visit.flow, Visit.count, Visit.chosen).where(
        Visit.chat_id == bindparam("in_chat"), Visit.person_id == bindparam("of_person")
    )
)


async def find(session: AsyncSession, chat: Chat, person_id: TelegramId) -> Conversation | None:
    """Returns this person's open flow in this chat; None if there is none."""
    query = select(Conversation).where(
        Conversation.chat_id == chat.id, Conversation.person_id == person_id, Conversation.subject == Subject.FLOW
    )
    return (await session.scalars(query)).one_or_none()


async def find_way_back(session: AsyncSession, telegram_id: TelegramId, person_id: TelegramId) -> str | None:
    """Returns the token of the flow that this person is in; None if there is none, or it has closed."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What begins a flow, such as /ground: in which private chat, by whom, and which flow."""

    chat: Chat
    person_id: TelegramId
    flow: str
    update_id: int


async def begin(session: AsyncSession, database: Database, book: Flows, command: Command, now: datetime) -> Reply:
    """Begins a flow, on top of the one that is open, if there is one. Once for each update: twice says it again."""
    return await within(session, partial(_begin, database=database, book=book, command=command, now=now))


def _begin(connection: Connection, database: Database, book: Flows, command: Command, now: datetime) -> Reply:
    chat, person_id = command.chat, command.person_id
    whose = {"in_chat": chat.id, "of_person": person_id}
    found = OF_A_PERSON.rows(connection, database, **whose)
    flow = OpenFlow(*found[0]) if found else None
    state = read(flow) if flow else None
    if flow and state and state.update_id == command.update_id and state.position.frames[-1].flow == command.flow:
        return reply_with(flow, state, flows.say_again(book, state.position))
    visits = VISITS.rows(connection, database, **whose)
    turn = flows.begin(
        book,
        command.flow,
        visits={visited: count for visited, count, _ in visits},
        chosen={visited: chosen for visited, _, chosen in visits if chosen},
        over=state.position if state else None,
    )
    begun = begin_flow(connection, database, chat, person_id, now)
    new = FlowState(position=turn.position, update_id=command.update_id) if turn.position else None
    save(connection, database, begun, turn, new, now)
    return reply_with(begun, state or FlowState(position=NOWHERE), turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A tapped button of a flow: where, by whom, what its data says; and the message that it stands under."""

    telegram_id: TelegramId
    person_id: TelegramId
    token: str
    turn: int
    key: str
    update_id: int
    message_id: int


async def take_tap(database: Database, book: Flows, tap: Tap, now: datetime) -> Reply | None:
    """Takes a tapped button. Returns None if its conversation has ended, is another person's or in another chat."""
    return await database.write_at_once(partial(_take_tap, database=database, book=book, tap=tap, now=now))


def _take_tap(connection: Connection, database: Database, book: Flows, tap: Tap, now: datetime) -> Reply | None:
    found = OF_A_BUTTON.rows(
        connection, database, in_chat=tap.telegram_id, of_person=tap.person_id, with_token=tap.token
    )
    if not found:
        return None
    flow = OpenFlow(*found[0])
    state = read(flow)
    if state.position.turn != tap.turn and _is_repeated(state, tap.update_id):
        return reply_with(flow, state, flows.say_again(book, state.position))
    answered = flows.tap(book, state.position, tap.turn, tap.key)
    if answered is None:
        return reply_with(flow, state, flows.say_again(book, state.position), is_stale=True)
    new = _next_state(state, answered, tap.update_id, tap.message_id)
    is_saved = save(connection, database, flow, answered, new, now, is_tapped=True)
    return _reply_after(book, flow, state, answered, is_saved=is_saved)


async def take_typed_text(
    session: AsyncSession,
    database: Database,
    book: Flows,
    chat: Chat,
    row: Conversation,
    *,
    now: datetime,
    update_id: int,
) -> Reply | None:
    """Goes on after typed text, which is not read here. Returns None if the flow does not wait for text."""
    flow = open_flow(chat, row)
    state = read(flow)
    if _is_repeated(state, update_id):
        return reply_with(flow, state, flows.say_again(book, state.position))
    answered = flows.take_typed_text(book, state.position)
    if answered is None:
        return None
    new = _next_state(state, answered, update_id, 0)
    is_saved = await within(session, partial(save, database=database, flow=flow, turn=answered, state=new, now=now))
    return _reply_after(book, flow, state, answered, is_saved=is_saved)


def _next_state(state: FlowState, turn: Turn, update_id: int, message_id: int) -> FlowState | None:
    if turn.position is None:
        return None
    return FlowState(position=turn.position, update_id=update_id, message_id=message_id or state.message_id)


def _reply_after(book: Flows, flow: OpenFlow, state: FlowState, turn: Turn, *, is_saved: bool) -> Reply:
    """Returns the reply that goes on; where another update was quicker, the one that says the step again."""
    if not is_saved:
        return reply_with(flow, state, flows.say_again(book, state.position), is_stale=True)
    return reply_with(flow, state, turn)


def repeat(book: Flows, chat: Chat, row: Conversation) -> Reply:
    """Returns the reply that says the current step again; nothing changes."""
    state = read(row)
    return reply_with(open_flow(chat, row), state, flows.say_again(book, state.position))


async def count_visit(session: AsyncSession, chat: Chat, flow: str) -> int:
    """Returns how often a group has seen this flow, and counts this time."""
    visit = await session.get(Visit, (chat.id, EVERYONE, flow))
    if visit is None:
        visit = Visit(chat_id=chat.id, person_id=EVERYONE, flow=flow, count=0)
        session.add(visit)
    visit.count += 1
    return visit.count - 1


def _is_repeated(state: FlowState, update_id: int) -> bool:
    return 0 <= state.update_id - update_id < REPEATED
