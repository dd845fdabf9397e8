"""What is read of a reminder that is due, with the settings of its chat. For `due` and `choices`."""

from dataclasses import dataclass
from datetime import datetime, time

from bot.database.models import Chat, Reminder
from bot.database.values import BackFrom
from bot.domain.ids import ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A reminder that is due, with the settings of its chat. The fields are named as the columns."""

    id: int
    rule: str
    due_at: datetime
    is_paired: bool
    chat_id: ChatId
    themes: str | None
    themes_cycle: int
    themes_cursor: int
    has_own_text: bool
    practice: str | None
    language: str | None
    left_out: str
    zone: str | None
    quiet_start: time | None
    quiet_end: time | None
    seed: int
    rotation_cycle: int
    rotation_cursor: int
    caught_up_at: datetime | None
    kind: str
    back_from: BackFrom | None


DUE_COLUMNS = (
    Reminder.id,
    Reminder.rule,
    Reminder.due_at,
    Reminder.is_paired,
    Reminder.chat_id,
    Reminder.themes,
    Reminder.themes_cycle,
    Reminder.themes_cursor,
    Reminder.encrypted_text.is_not(None).label("has_own_text"),
    Chat.practice,
    Chat.language,
    Chat.left_out,
    Chat.zone,
    Chat.quiet_start,
    Chat.quiet_end,
    Chat.seed,
    Chat.rotation_cycle,
    Chat.rotation_cursor,
    Chat.caught_up_at,
    Chat.kind,
    Chat.back_from,
)
