"""What a reminder was that somebody removed, so that it can be put back: for a day, in a row that goes by itself.

It is one of the conversations: whoever removes the next one, or starts another day, has no way back any more.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, Conversation, Reminder
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.usecases import conversations
from bot.usecases.conversations import ABANDONED_AFTER
from bot.usecases.reminders.edit import MOST_REMINDERS, TooManyError, list_reminders, remove_reminder, schedule_anew

REMOVED_STEP = "removed"
KEPT_FOR = timedelta(days=1)


class RemovedReminder(BaseModel):
    """The columns of its row. The number stays: the moments of times that vary, and old buttons, go by it."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    id: int
    rule: str
    themes: str | None
    themes_cycle: int
    themes_cursor: int
    encrypted_text: str | None
    is_paused: bool
    skip_until: datetime | None
    is_paired: bool
    created_at: datetime


async def remove(
    session: AsyncSession, chat: Chat, person_id: TelegramId, reminder: Reminder, now: datetime
) -> Conversation | None:
    """Removes it. Returns what puts it back; None if another tap has removed it at the same time."""
    removed = RemovedReminder.model_validate(reminder)
    if not await remove_reminder(session, chat, reminder.id):
        return None
    clears_after_a_day = now - ABANDONED_AFTER + KEPT_FOR
    written = removed.model_dump_json()
    return await conversations.begin(
        session, chat, person_id, Subject.REMOVED, REMOVED_STEP, written, clears_after_a_day
    )


async def put_back(session: AsyncSession, chat: Chat, person_id: TelegramId, token: str, now: datetime) -> bool:
    """Puts it back as it was. Returns False if there is nothing to put back: of two taps at once only one does it.

    Raises TooManyError.
    """
    rows = await conversations.list_open(session, chat, person_id)
    row = next((row for row in rows if (row.subject, row.token) == (Subject.REMOVED, token)), None)
    if row is None:
        return False
    if len(await list_reminders(session, chat)) >= MOST_REMINDERS:
        raise TooManyError
    if not await conversations.end_one(session, chat, token):
        return False
    reminder = Reminder(chat_id=chat.id, **RemovedReminder.model_validate_json(row.draft).model_dump())
    schedule_anew(reminder, chat, now)
    session.add(reminder)
    return True
