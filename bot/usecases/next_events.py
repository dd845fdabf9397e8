"""What is due, and what is next, of all that comes or ends by itself. For `scheduler`, and the preview's clock."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, TextClause, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, Circle, Conversation, LookAsking, QueuedMessage, Reminder
from bot.database.prepared import Prepared
from bot.database.values import CircleStage
from bot.domain.ids import ChatId, TelegramId
from bot.usecases.claims import IS_CLAIMED, WAITS


class Thing(StrEnum):
    """What is due."""

    REMINDER = "a reminder"
    SESSION = "something around a session"
    PAUSE = "the end of a pause"
    JOURNEY = "the end of a journey"
    FLOW = "an exercise that goes on"
    LOOK = "the question about the day"
    CIRCLE = "a circle that goes on"
    MESSAGE = "a message"


class Source(NamedTuple):
    """A column of moments, and whose they are."""

    thing: Thing
    at: InstrumentedAttribute[Any]  # Any: a moment, which in some columns may be missing
    chat_id: InstrumentedAttribute[ChatId]
    where: ColumnElement[bool] | TextClause = true()


class Event(NamedTuple):
    """What is due at a moment in a chat."""

    at: datetime
    thing: Thing
    telegram_id: TelegramId


SOURCES = (
    Source(Thing.REMINDER, Reminder.due_at, Reminder.chat_id),
    Source(Thing.SESSION, AppointmentPlan.next_at, AppointmentPlan.chat_id),
    Source(Thing.PAUSE, Chat.paused_until, Chat.id),
    Source(Thing.JOURNEY, Chat.travels_until, Chat.id),
    Source(Thing.FLOW, Conversation.wake_at, Conversation.chat_id),
    Source(Thing.LOOK, LookAsking.next_at, LookAsking.chat_id),
    Source(Thing.CIRCLE, Circle.wake_at, Circle.chat_id, Circle.stage != CircleStage.OVER),
    Source(Thing.MESSAGE, QueuedMessage.send_after, QueuedMessage.chat_id, WAITS),
    Source(Thing.MESSAGE, QueuedMessage.claimed_until, QueuedMessage.chat_id, IS_CLAIMED),
)


# Asked whenever something is due, and after it: one trip to the database.
_EARLIEST = Prepared(
    lambda _database: select(
        *(
            select(func.min(source.at)).where(source.at.is_not(None), source.where).scalar_subquery()
            for source in SOURCES
        )
    )
)


async def earliest_events(database: Database) -> dict[Thing, datetime]:
    """Returns when the first of each thing is due, or was and is not done yet. What there is none of is not in it."""
    (moments,) = await database.read_at_once(lambda connection: _EARLIEST.rows(connection, database))
    earliest: dict[Thing, datetime] = {}
    for source, at in zip(SOURCES, moments, strict=True):
        if at is not None:
            earliest[source.thing] = min(at, earliest.get(source.thing, at))
    return earliest


async def next_event_at(database: Database) -> datetime | None:
    """Returns when something is due next; None if nothing is."""
    return min((await earliest_events(database)).values(), default=None)


async def find_next_event(database: Database) -> Event | None:
    """Returns what is due next, and in which chat; None if nothing is."""
    events: list[Event] = []
    async with database.read() as session:
        for source in SOURCES:
            query = select(source.at, Chat.telegram_id).where(
                Chat.id == source.chat_id, source.where, source.at.is_not(None)
            )
            row = (await session.execute(query.order_by(source.at).limit(1))).first()
            if row is not None:
                events.append(Event(row[0], source.thing, row[1]))
    return min(events, default=None, key=lambda event: event.at)
