"""Reads and saves the state of a flow in its conversation's row. For `turns` and `resuming`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Delete, Update, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Conversation, Visit
from bot.database.writes import changed
from bot.dialogues.flows import IDLE, Chose, Position, Turn, Visited
from bot.domain.ids import ChatId, TelegramId

Write = TypeVar("Write", Update, Delete)


class FlowState(BaseModel):
    """A flow's state, stored as JSON: the person's position, and what is needed to say each thing once."""

    model_config = ConfigDict(frozen=True)

    position: Position
    update_id: int = 0  # the last update that was answered
    message_id: int = 0  # the message that has the buttons, if it is known
    undelivered_since: datetime | None = None
    is_ending: bool = False  # what is undelivered are its last words


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn to send to a chat. `message_id` has the buttons until then; a stale answer has changed nothing."""

    turn: Turn
    row_id: int
    token: str
    chat_id: ChatId
    telegram_id: TelegramId
    message_id: int
    is_stale: bool = False
    language: str | None = None  # the chat's own
    practice: str | None = None  # the practice whose words were chosen there
    thread_id: int = 0  # flows are in private chats


def read(row: Conversation) -> FlowState:
    """Returns the state of a flow. Raises ValueError if the row holds something else."""
    return FlowState.model_validate_json(row.draft)


def reply_with(chat: Chat, row: Conversation, state: FlowState, turn: Turn, *, is_stale: bool = False) -> Reply:
    """Returns the reply that sends this turn to the chat."""
    return Reply(
        turn=turn,
        row_id=row.id,
        token=row.token,
        chat_id=chat.id,
        telegram_id=chat.telegram_id,
        message_id=state.message_id,
        is_stale=is_stale,
        language=chat.language,
        practice=chat.practice,
    )


async def save(
    session: AsyncSession,
    row: Conversation,
    turn: Turn,
    state: FlowState | None,
    now: datetime,
    *,
    wake_at: datetime | None = None,
    is_tapped: bool = False,
) -> bool:
    """Saves the turn in its row. Returns False if the row has changed since it was read (a conditional update).

    To say a step again does not prolong its wait; but a tap goes on with a flow that is held (`usecases.hush`).
    """
    if state is None:
        statement: Delete | Update = only_as_read(delete(Conversation), row)
    else:
        goes_on_waiting = turn.is_again and turn.wait != IDLE
        values: dict[str, object] = {"draft": state.model_dump_json()}
        if not goes_on_waiting:
            values["wake_at"] = wake_at or wake_at_of(turn, now)
        elif is_tapped and row.wake_at:
            values["wake_at"] = min(row.wake_at, wake_at_of(turn, now) or row.wake_at)
        if wake_at is None:
            values["updated_at"] = now
        statement = only_as_read(update(Conversation), row).values(values)
    is_saved = await changed(session, statement) == 1
    if is_saved:
        await _remember(session, row, turn)
    return is_saved


def only_as_read(statement: Write, row: Conversation) -> Write:
    """Returns the statement with the condition that the row is still as it was read."""
    return statement.where(
        Conversation.id == row.id, Conversation.token == row.token, Conversation.draft == row.draft
    ).execution_options(synchronize_session=False)


def wake_at_of(turn: Turn, now: datetime) -> datetime | None:
    """Returns when the flow goes on by itself; None if it waits for its person."""
    return None if turn.wait is None else now + timedelta(seconds=turn.wait)


async def _remember(session: AsyncSession, row: Conversation, turn: Turn) -> None:
    """Saves which flows were begun, and the last choice in a flow that offers it first next time."""
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
