"""A journey, from /settings: asks where to and until when; the chat's zone goes home by itself (`usecases.travel`)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.domain.typed_times import read_duration
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.handlers.zone_answers import may_ask_for_location, read_zone, with_note
from bot.screens.callback_data import TRAVEL, question_start
from bot.screens.outgoing import Button
from bot.screens.settings import Part
from bot.screens.travel import STAYS, travel_line, travel_page, until_question
from bot.screens.zones import BACK, zone_question
from bot.usecases import conversations, travel
from bot.usecases.chats import zone_of

LONGEST = timedelta(days=366)


class TravelStep(StrEnum):
    """The open question."""

    PLACE = "travel-place"
    UNTIL = "travel-until"


def part(context: Context, chat: Chat) -> Part:
    """Returns the line of a journey, and the button; for the card of settings."""
    texts, home = context.voice.interface.travel, _home_of(chat)
    today = _today(context, chat)
    line = travel_line(context.voice.interface, home[0], home[1], today) if home else ""
    return line, Button(texts.button, TRAVEL)


def page(context: Context, chat: Chat) -> Answer | None:
    """Returns the page of a journey; None if there is none."""
    home, now = _home_of(chat), context.services.clock()
    if home is None or chat.zone is None:
        return None
    return Answer(travel_page(context.voice.interface, chat.zone, *home, now))


async def ask(session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None) -> Answer:
    """Asks where to."""
    now = context.services.clock()
    conversation = await conversations.begin(
        session, chat, person_id, Subject.TRAVEL, TravelStep.PLACE, language or "", now
    )
    start, lead = question_start(conversation.token, TravelStep.PLACE), context.voice.interface.travel.question_place
    takes_location = may_ask_for_location(chat)
    question = zone_question(context.voice.interface, start, language, now, lead=lead, takes_location=takes_location)
    return Answer(question)


async def take_place(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer | None:
    """Takes a place, tapped or typed, and asks until when. None for the way back, which `settings` goes."""
    interface, now = context.voice.interface, context.services.clock()
    if text == BACK:
        return None
    start = question_start(conversation.token, TravelStep.PLACE)
    chosen = read_zone(interface, chat, start, text, conversation.draft or None, now)
    if isinstance(chosen, Answer):
        return chosen
    if not await conversations.advance(session, conversation, TravelStep.UNTIL, chosen.zone, now):
        return Answer(toast=interface.replies.stale)
    question = until_question(interface, question_start(conversation.token, TravelStep.UNTIL), chosen.zone)
    return with_note(context, chat, Answer(question), replace(chosen, others=()))


async def take_until(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer | None:
    """Takes the day of the way home. None when that is done, or for the way back: the settings are shown again."""
    if text == BACK:
        return None
    now, today = context.services.clock(), _today(context, chat)
    home_on = today + timedelta(days=STAYS[text]) if text in STAYS else _read_day(context, chat, text)
    if home_on is None or not today < home_on <= today + LONGEST:
        start = question_start(conversation.token, TravelStep.UNTIL)
        again = until_question(context.voice.interface, start, conversation.draft, is_problem=True)
        return Answer(again, is_refused=True)
    await travel.begin(session, chat, conversation.draft, home_on, now)
    return None


def _home_of(chat: Chat) -> tuple[str, date] | None:
    """The zone at home, and the day on which someone is there again."""
    if chat.home_zone is None or chat.travels_until is None:
        return None
    return chat.home_zone, chat.travels_until.astimezone(ZoneInfo(chat.home_zone)).date()


def _today(context: Context, chat: Chat) -> date:
    return _local(context, chat).date()


def _local(context: Context, chat: Chat) -> datetime:
    return context.services.clock().astimezone(zone_of(chat)).replace(tzinfo=None)


def _read_day(context: Context, chat: Chat, text: str) -> date | None:
    span = read_duration(text, now_local=_local(context, chat), language=context.voice.language)
    return None if span is None or span.doubts else span.until.date()
