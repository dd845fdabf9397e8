"""Turns of flows: one transaction loads a person's position, asks the engine for the next turn, and saves it.

A turn is saved before it is sent, and only if nobody has gone on from the same position (a conditional update). If the
program is killed in between, Telegram delivers the same update again, and the reply shows the saved position. Called by
`handlers`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.database.models import Chat, Conversation, Visit
from bot.database.values import Subject
from bot.dialogues import flows
from bot.dialogues.flows import Turn
from bot.domain.ids import NOBODY, TelegramId
from bot.usecases.conversations.flow_rows import FlowState, Reply, read, reply_with, save
from bot.usecases.conversations.rows import begin as begin_row

FLOW_STEP = "flow"
EVERYONE = NOBODY  # in place of a person, for what everyone in a group sees
# Update ids may begin anew after a quiet week; one that is only a little older was delivered twice.
REPEATED = 10_000
# Built once: it is asked at every tap.
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


async def find(session: AsyncSession, chat: Chat, person_id: TelegramId) -> Conversation | None:
    """Returns this person's open flow in this chat; None if there is none."""
    query = select(Conversation).where(
        Conversation.chat_id == chat.id, Conversation.person_id == person_id, Conversation.subject == Subject.FLOW
    )
    return (await session.scalars(query)).one_or_none()


async def find_by_token(
    session: AsyncSession, token: str, telegram_id: TelegramId, person_id: TelegramId
) -> tuple[Chat, Conversation] | None:
    """Returns the chat and the flow of a button; None if it is not this person's, or not in this chat."""
    values = {"token": token, "telegram_id": telegram_id, "person_id": person_id}
    found = (await session.execute(OF_A_BUTTON, values)).one_or_none()
    return (found[0], found[1]) if found else None


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


async def begin(
    session: AsyncSession, book: Flows, chat: Chat, person_id: TelegramId, name: str, *, now: datetime, update_id: int
) -> Reply:
    """Begins a flow, on top of the one that is open, if there is one. Once for each update: twice says it again."""
    row = await find(session, chat, person_id)
    state = read(row) if row else None
    if row and state and state.update_id == update_id and state.position.frames[-1].flow == name:
        return reply_with(chat, row, state, flows.say_again(book, state.position))
    visits = await _visits(session, chat, person_id)
    turn = flows.begin(
        book,
        name,
        visits={visit.flow: visit.count for visit in visits},
        chosen={visit.flow: visit.chosen for visit in visits if visit.chosen},
        over=state.position if state else None,
    )
    row = await begin_row(session, chat, person_id, Subject.FLOW, FLOW_STEP, "{}", now)
    new = FlowState(position=turn.position, update_id=update_id) if turn.position else None
    await save(session, row, turn, new, now)
    return Reply(
        turn=turn,
        row_id=row.id,
        token=row.token,
        chat_id=chat.id,
        telegram_id=chat.telegram_id,
        message_id=state.message_id if state else 0,
        language=chat.language,
        practice=chat.practice,
    )


async def take_tap(
    session: AsyncSession,
    book: Flows,
    chat: Chat,
    row: Conversation,
    turn: int,
    key: str,
    *,
    now: datetime,
    update_id: int,
    message_id: int,
) -> Reply:
    """Takes a tapped button of this conversation. `message_id`: the message with the button."""
    state = read(row)
    if state.position.turn != turn and _is_repeated(state, update_id):
        return reply_with(chat, row, state, flows.say_again(book, state.position))
    answered = flows.tap(book, state.position, turn, key)
    if answered is None:
        return reply_with(chat, row, state, flows.say_again(book, state.position), is_stale=True)
    return await _answer(session, book, chat, row, state, answered, now, update_id, message_id, is_tapped=True)


async def take_typed_text(
    session: AsyncSession, book: Flows, chat: Chat, row: Conversation, *, now: datetime, update_id: int
) -> Reply | None:
    """Goes on after typed text, which is not read here. Returns None if the flow does not wait for text."""
    state = read(row)
    if _is_repeated(state, update_id):
        return reply_with(chat, row, state, flows.say_again(book, state.position))
    answered = flows.take_typed_text(book, state.position)
    if answered is None:
        return None
    return await _answer(session, book, chat, row, state, answered, now, update_id, 0)


async def _answer(
    session: AsyncSession,
    book: Flows,
    chat: Chat,
    row: Conversation,
    state: FlowState,
    turn: Turn,
    now: datetime,
    update_id: int,
    message_id: int,
    *,
    is_tapped: bool = False,
) -> Reply:
    new = None
    if turn.position:
        new = FlowState(position=turn.position, update_id=update_id, message_id=message_id or state.message_id)
    if not await save(session, row, turn, new, now, is_tapped=is_tapped):
        return reply_with(chat, row, state, flows.say_again(book, state.position), is_stale=True)
    return reply_with(chat, row, state, turn)


def repeat(book: Flows, chat: Chat, row: Conversation) -> Reply:
    """Returns the reply that says the current step again; nothing changes."""
    state = read(row)
    return reply_with(chat, row, state, flows.say_again(book, state.position))


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


async def _visits(session: AsyncSession, chat: Chat, person_id: TelegramId) -> Sequence[Visit]:
    query = select(Visit).where(Visit.chat_id == chat.id, Visit.person_id == person_id)
    return (await session.scalars(query)).all()
