"""Takes an answer to the question for a time zone, for setup and settings: a tap, a typed place, or a location."""

from dataclasses import replace
from datetime import datetime

from telegram.constants import ChatType

from bot.content.interface import Interface
from bot.database.models import Chat
from bot.dialogues.changes import without_small_words
from bot.domain.ids import TelegramId
from bot.domain.typed_times import read_time
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.screens.outgoing import OutgoingMessage
from bot.screens.zones import CLOCK, ChosenZone, choose_zone, is_no_location, zone_note, zone_question


def read_zone(
    interface: Interface, chat: Chat, prefix: str, text: str, language: str | None, now: datetime
) -> ChosenZone | Answer:
    """Returns the zone that was chosen, or the answer that asks on."""
    takes_location = may_ask_for_location(chat)
    if is_no_location(interface, text):
        question = zone_question(interface, prefix, language, now, present=chat.zone, takes_location=takes_location)
        return Answer(question, first=OutgoingMessage(interface.setup.location_declined, removes_keyboard=True))
    if _is_clock(interface, text):
        text = CLOCK  # which zones show that time is one tap away
    found = choose_zone(interface, prefix, text, language, now, present=chat.zone, takes_location=takes_location)
    if isinstance(found, ChosenZone):
        return found
    return Answer(found, is_refused=found.text.startswith(interface.setup.not_a_zone), is_new=bool(found.keyboard))


def _is_clock(interface: Interface, text: str) -> bool:
    """Whether it says how late it is: "it's 4 pm here"."""
    said = without_small_words(text, interface.setup.clock_words)
    return said != " ".join(text.split()) and read_time(said, language=interface.times.locale[:2]) is not None


def with_note(context: Context, chat: Chat, answer: Answer, chosen: ChosenZone) -> Answer:
    """Puts before the answer which place was understood, and below it other places of that name.

    Takes the key for the location away, if it is still there.
    """
    if answer.message is None:
        return answer
    message = replace(answer.message, rows=(*answer.message.rows, *chosen.others))
    if context.services.sender.last_buttons.has_keyboard(TelegramId(chat.telegram_id)) and not context.row_id:
        note = chosen.note or zone_note(context.voice.interface, chosen.zone, context.services.clock())
        return replace(answer, message=message, is_new=True, first=OutgoingMessage(note, removes_keyboard=True))
    return replace(answer, message=message.with_heading(chosen.note) if chosen.note else message)


def may_ask_for_location(chat: Chat) -> bool:
    """Whether a location may be asked for: Telegram allows it only in a private chat."""
    return chat.kind == ChatType.PRIVATE
