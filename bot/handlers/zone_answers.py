"""Takes an answer to the question for a time zone, for setup and settings: a tap, a typed place, or a location."""

from dataclasses import replace
from datetime import datetime

from telegram.constants import ChatType

from bot.content.interface import Interface
from bot.database.models import Chat
from bot.handlers.answers import Answer
from bot.screens.outgoing import OutgoingMessage
from bot.screens.zones import ChosenZone, choose_zone, is_no_location, zone_question


def read_zone(
    interface: Interface, chat: Chat, prefix: str, text: str, language: str | None, now: datetime
) -> ChosenZone | Answer:
    """Returns the zone that was chosen, or the answer that asks on."""
    takes_location = may_ask_for_location(chat)
    if is_no_location(interface, text):
        declined = OutgoingMessage(interface.setup.location_declined, removes_keyboard=True)
        return Answer(declined, then=zone_question(interface, prefix, language, now, takes_location=takes_location))
    found = choose_zone(interface, prefix, text, language, now, takes_location=takes_location)
    if isinstance(found, ChosenZone):
        return found
    return Answer(found, is_refused=found.text.startswith(interface.setup.not_a_zone), is_new=bool(found.keyboard))


def with_note(answer: Answer, chosen: ChosenZone) -> Answer:
    """Puts before the answer which place was understood, and below it other places of that name."""
    if answer.message is None or not chosen.note:
        return answer
    message = answer.message.below(chosen.note)
    return replace(answer, message=replace(message, rows=(*message.rows, *chosen.others)))


def may_ask_for_location(chat: Chat) -> bool:
    """Whether a location may be asked for: Telegram allows it only in a private chat."""
    return chat.kind == ChatType.PRIVATE
