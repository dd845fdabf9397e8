"""What is read of a reminder that is due, with the settings of its chat. For `due` and `choices`."""

from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import exists

from bot.database.models import Chat, HiddenAffirmation, Mix, Reminder
from bot.database.values import BackFrom, OffReason
from bot.domain.ids import ChatId, TelegramId


class Due(NamedTuple):
    """A reminder that is due, with the settings of its chat."""

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
    telegram_id: TelegramId
    thread_id: int
    is_silent: bool
    shows_pictures: bool
    last_notice: str | None
    refusals: int
    off_reason: OffReason | None
    hides_some: bool  # affirmations
    mixes: bool  # affirmations and own sentences, or only what it keeps


# As the fields of Due, in order.
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
    Chat.telegram_id,
    Chat.thread_id,
    Chat.is_silent,
    Chat.shows_pictures,
    Chat.last_notice,
    Chat.refusals,
    Chat.off_reason,
    exists().where(HiddenAffirmation.chat_id == Chat.id).label("hides_some"),
    exists().where(Mix.chat_id == Chat.id).label("mixes"),
)
