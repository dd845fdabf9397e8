"""Reads and saves the state of a flow in its conversation's row. For `turns` and `resuming`."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Connection, Delete, Update, bindparam, delete, insert, update

from bot.database.engine import Database
from bot.database.models import Chat, Conversation, Visit
from bot.database.prepared import Prepared, inserting
from bot.database.values import Subject
from bot.dialogues.flows import IDLE, Opens, Position, Turn, Visited
from bot.domain.ids import ChatId, TelegramId

Write = TypeVar("Write", Update, Delete)

FLOW_STEP = "flow"


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


class OpenFlow(NamedTuple):
    """A flow as it was read: its row, and what its chat says of how to answer."""

    row_id: int
    token: str
    draft: str
    wake_at: datetime | None
    person_id: TelegramId
    chat_id: ChatId
    telegram_id: TelegramId
    language: str | None
    practice: str | None


# What an OpenFlow is made of, in its order.
COLUMNS = (
    Conversation.id,
    Conversation.token,
    Conversation.draft,
    Conversation.wake_at,
    Conversation.person_id,
    Chat.id,
    Chat.telegram_id,
    Chat.language,
    Chat.practice,
)


def open_flow(chat: Chat, row: Conversation) -> OpenFlow:
    """Returns the flow of this row."""
    return OpenFlow(
        row_id=row.id,
        token=row.token,
        draft=row.draft,
        wake_at=row.wake_at,
        person_id=row.person_id,
        chat_id=chat.id,
        telegram_id=chat.telegram_id,
        language=chat.language,
        practice=chat.practice,
    )


def read(row: Conversation | OpenFlow) -> FlowState:
    """Returns the state of a flow. Raises ValueError if the row holds something else."""
    return FlowState.model_validate_json(row.draft)


def reply_with(flow: OpenFlow, state: FlowState, turn: Turn, *, is_stale: bool = False) -> Reply:
    """Returns the reply that sends this turn to the chat."""
    return Reply(
        turn=turn,
        row_id=flow.row_id,
        token=flow.token,
        chat_id=flow.chat_id,
        telegram_id=flow.telegram_id,
        message_id=state.message_id,
        is_stale=is_stale,
        language=flow.language,
        practice=flow.practice,
    )


def begin_flow(
    connection: Connection, database: Database, chat: Chat, person_id: TelegramId, now: datetime
) -> OpenFlow:
    """Inserts the row of a flow; the person's open one ends, and its buttons with it."""
    token, draft, wake_at = secrets.token_hex(4), "{}", None
    _CLEAR.run(connection, database, in_chat=chat.id, of_person=person_id)
    ((row_id,),) = _INSERT.rows(
        connection, database, new_chat=chat.id, new_person=person_id, new_token=token, new_draft=draft, new_at=now
    )
    return OpenFlow(row_id, token, draft, wake_at, person_id, chat.id, chat.telegram_id, chat.language, chat.practice)


def save(
    connection: Connection,
    database: Database,
    flow: OpenFlow,
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
        is_saved = end(connection, database, flow)
    else:
        goes_on_waiting = turn.is_again and turn.wait != IDLE
        values: dict[str, object] = {"draft": state.model_dump_json()}
        if not goes_on_waiting:
            values["wake_at"] = wake_at or wake_at_of(turn, now)
        elif is_tapped and flow.wake_at:
            values["wake_at"] = min(flow.wake_at, wake_at_of(turn, now) or flow.wake_at)
        if wake_at is None:
            values["updated_at"] = now
        is_saved = write(connection, database, flow, **values)
    if is_saved:
        _remember(connection, database, flow, turn)
    return is_saved


def write(connection: Connection, database: Database, flow: OpenFlow, **values: object) -> bool:
    """Writes these columns of the row. Returns False if it has changed since it was read (a conditional update)."""
    new = {f"new_{name}": value for name, value in values.items()}
    return _writing(*values).run(connection, database, **_as_read(flow), **new) == 1


def end(connection: Connection, database: Database, flow: OpenFlow) -> bool:
    """Deletes the row. Returns False if it has changed since it was read (a conditional delete)."""
    return _END.run(connection, database, **_as_read(flow)) == 1


def _as_read(flow: OpenFlow) -> dict[str, object]:
    return {"as_id": flow.row_id, "as_token": flow.token, "as_draft": flow.draft}


def _is_as_read(row_id: Any, token: Any, draft: Any) -> tuple[ColumnElement[bool], ...]:  # Any: values, or parameters
    return Conversation.id == row_id, Conversation.token == token, Conversation.draft == draft


def _where_as_read(statement: Write) -> Write:
    return statement.where(*_is_as_read(bindparam("as_id"), bindparam("as_token"), bindparam("as_draft")))


@lru_cache
def _writing(*names: str) -> Prepared:
    """Returns what writes these columns of a row that is still as it was read."""
    return Prepared(
        lambda _: _where_as_read(update(Conversation)).values({name: bindparam(f"new_{name}") for name in names})
    )


_CLEAR = Prepared(
    lambda _: delete(Conversation).where(
        Conversation.chat_id == bindparam("in_chat"),
        Conversation.person_id == bindparam("of_person"),
        Conversation.subject == Subject.FLOW,
    )
)
_INSERT = Prepared(
    lambda _: (
        insert(Conversation)
        .values(
            chat_id=bindparam("new_chat"),
            person_id=bindparam("new_person"),
            subject=Subject.FLOW,
            token=bindparam("new_token"),
            step=FLOW_STEP,
            draft=bindparam("new_draft"),
            updated_at=bindparam("new_at"),
        )
        .returning(Conversation.id)
    )
)
_END = Prepared(lambda _: _where_as_read(delete(Conversation)))


def only_as_read(statement: Write, row: Conversation) -> Write:
    """Returns the statement with the condition that the row is still as it was read."""
    is_as_read = _is_as_read(row.id, row.token, row.draft)
    return statement.where(*is_as_read).execution_options(synchronize_session=False)


def wake_at_of(turn: Turn, now: datetime) -> datetime | None:
    """Returns when the flow goes on by itself; None if it waits for its person."""
    return None if turn.wait is None else now + timedelta(seconds=turn.wait)


def _remember(connection: Connection, database: Database, flow: OpenFlow, turn: Turn) -> None:
    """Saves which flows were begun, and the last choice in a flow that offers it first next time."""
    for action in turn.actions:
        if isinstance(action, Opens):
            continue
        whose = {"as_chat_id": flow.chat_id, "as_person_id": flow.person_id, "as_flow": action.flow}
        if isinstance(action, Visited):
            count, chosen = 1, None
            is_known = _BEGUN.run(connection, database, **whose)
        else:
            count, chosen = 0, action.key
            is_known = _CHOSEN.run(connection, database, **whose, new_chosen=chosen)
        if not is_known:
            _FIRST_VISIT.run(connection, database, [(flow.chat_id, flow.person_id, action.flow, count, chosen)])


def _of_visit(values: dict[str, object]) -> Prepared:
    return Prepared(
        lambda _: (
            update(Visit)
            .where(
                Visit.chat_id == bindparam("as_chat_id"),
                Visit.person_id == bindparam("as_person_id"),
                Visit.flow == bindparam("as_flow"),
            )
            .values(values)
        )
    )


_BEGUN = _of_visit({"count": Visit.count + 1})
_CHOSEN = _of_visit({"chosen": bindparam("new_chosen")})
_FIRST_VISIT = inserting(Visit.chat_id, Visit.person_id, Visit.flow, Visit.count, Visit.chosen)
