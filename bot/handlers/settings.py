"""/settings: everything that can be chosen, two taps away. One message, edited in place, to which questions return."""

from dataclasses import replace
from datetime import time

from telegram import Update
from telegram.ext import BaseHandler

from bot.content.interface import Interface
from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.domain.schedule import QuietHours
from bot.domain.typed_times import read_hours
from bot.domain.zones import known_zone
from bot.handlers import look_back, travel
from bot.handlers.access import chat_command, get_or_create_accessed_chat, is_operator, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.appointment_home import part as session_part
from bot.handlers.appointment_home import stays_behind
from bot.handlers.bot_profile import show_menu_in
from bot.handlers.context import Context, language_of
from bot.handlers.reminders import lines as reminder_lines
from bot.handlers.zone_answers import may_ask_for_location, read_zone, with_note
from bot.screens.callback_data import SETTINGS, question_start
from bot.screens.outgoing import OutgoingMessage, joined
from bot.screens.settings import (
    AS_TYPED,
    NO_QUIET_HOURS,
    Part,
    Shown,
    long_quiet_question,
    quiet_question,
    settings_card,
    stored_page,
)
from bot.screens.zones import BACK, zone_question
from bot.usecases import chats, conversations, preferences
from bot.usecases.travel import go_home

ZONE_STEP, QUIET_STEP = "place", "quiet"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("settings", show_settings), tap(SETTINGS, tapped)]


async def show_settings(update: Update, context: Context) -> None:
    """/settings: shows the card."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        card = await _card(session, context, chat)
    await show(update, context, Answer(card))


async def tapped(update: Update, context: Context) -> None:
    """Changes a setting, opens its page or asks for it; every change shows the card again.

    s:show, s:zone, s:place:<IANA name>, s:quiet, s:silent:0|1, s:pictures:0|1, s:clock:12|24, s:words:own,
    s:speak:<language>, s:asked:0|1, s:stored, s:travel, s:away, s:home
    """
    action, *rest = SETTINGS.read(context.data) or [""]
    menu = None
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        language = language_of(update)
        if action == "speak" and len(rest) == 1 and rest[0] in context.voice.library.languages:
            menu = _speak(update, context, chat, rest[0])
            answer: Answer | None = await _saved(session, context, chat)
        elif await _change(session, context, chat, action, ":".join(rest)):
            answer = await _saved(session, context, chat)
        elif action == "place" and len(rest) == 1 and known_zone(rest[0]):
            answer = await _take_place(session, context, chat, rest[0])
        else:
            answer = await _open(session, context, chat, person_id, action, language)
    context.services.schedule_changed.set()
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))
    if menu:
        operator = is_private(update) and is_operator(update, context)
        await show_menu_in(context.bot, menu, context.access.telegram_id, is_operator=operator)


async def _change(session: Session, context: Context, chat: Chat, action: str, value: str) -> bool:
    """Changes what has a choice of two. Returns False for any other button."""
    match action, value:
        case "silent", "0" | "1":
            chat.is_silent = value == "1"
        case "pictures", "0" | "1":
            chat.shows_pictures = value == "1"
        case "asked", "0" | "1":
            chat.is_asked = value == "1"
        case "clock", "12" | "24":
            chat.clock = int(value)
            context.voice = replace(context.voice, clock=chat.clock, is_clock_chosen=True)
        case "words", "own":
            before = context.voice.catalogue_of(chat).rules.themes_for
            context.voice = context.voice.of_practice(None)
            after = context.voice.catalogue.rules.themes_for
            await preferences.choose_practice(session, chat, None, before, after)
        case "hours", _:  # SETTINGS_HOURS
            return await _make_room(session, context, chat, value)
        case "home", "":
            return await go_home(session, chat, context.services.clock())
        case _:
            return False
    return True


async def _make_room(session: Session, context: Context, chat: Chat, value: str) -> bool:
    """Sets the quiet hours that leave a time free that was wished for. Returns False for hours that nobody can have."""
    hours = None
    if value:
        try:
            start, end = (time(int(part[:2]), int(part[2:])) for part in value.split("-"))
            QuietHours(start, end)
            hours = (start, end)
        except ValueError:
            return False
    await chats.set_quiet_hours(session, chat, hours, context.services.clock())
    return True


async def _open(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, action: str, language: str | None
) -> Answer | None:
    """Shows a page, or asks. Returns None for an unknown button."""
    now, is_own = context.services.clock(), chat.telegram_id > 0
    match action:
        case "show":
            return Answer(await _card(session, context, chat))
        case "zone":
            return await _ask_zone(session, context, chat, person_id, language)
        case "quiet":
            conversation = await conversations.begin(session, chat, person_id, Subject.QUIET, QUIET_STEP, "", now)
            start = question_start(conversation.token, QUIET_STEP)
            return Answer(quiet_question(context.voice.interface, start, _quiet(chat)))
        case "stored" if is_own:
            return Answer(stored_page(context.voice.interface))
        case "travel" | "away" if is_own and chat.zone is None:
            return await _ask_zone(session, context, chat, person_id, language)  # first where home is
        case "travel" | "away" if is_own:
            shown = travel.page(context, chat) if action == "travel" else None
            return shown or await travel.ask(session, context, chat, person_id, language)
        case "home":
            return Answer(await _card(session, context, chat))
        case _:
            return None


def _speak(update: Update, context: Context, chat: Chat, language: str) -> Interface:
    """Chooses the language. Returns the texts for the menu of commands there."""
    chat.language = language
    spoken = context.voice.speaking(language)
    if update.effective_chat and update.effective_chat.id == chat.telegram_id:
        context.voice = spoken
    return spoken.interface


async def _saved(session: Session, context: Context, chat: Chat) -> Answer:
    return Answer(await _card(session, context, chat), toast=context.voice.interface.settings.saved)


async def _ask_zone(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None
) -> Answer:
    now = context.services.clock()
    conversation = await conversations.begin(session, chat, person_id, Subject.ZONE, ZONE_STEP, language or "", now)
    start, takes_location = question_start(conversation.token, ZONE_STEP), may_ask_for_location(chat)
    question = zone_question(
        context.voice.interface, start, language, now, present=chat.zone, takes_location=takes_location
    )
    return Answer(question)


async def _take_place(session: Session, context: Context, chat: Chat, zone: str) -> Answer:
    """Sets the zone of another place with the name that was typed. The tapped message may hold a question: it stays."""
    await chats.set_zone(session, chat, zone, context.services.clock())
    context.services.schedule_changed.set()
    then = await stays_behind(session, context, chat)
    return replace(await _saved(session, context, chat), is_new=True, then=then)


async def take_zone(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes a city, tapped or typed."""
    if text == BACK:
        return await _finish(session, context, chat, conversation, is_saved=False)
    now, start = context.services.clock(), question_start(conversation.token, ZONE_STEP)
    chosen = read_zone(context.voice.interface, chat, start, text, conversation.draft or None, now)
    if isinstance(chosen, Answer):
        return chosen
    await chats.set_zone(session, chat, chosen.zone, now)
    answer = await _finish(session, context, chat, conversation, is_saved=True)
    answer = replace(answer, then=await stays_behind(session, context, chat))
    return with_note(context, chat, answer, chosen)


async def take_quiet_hours(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer:
    """Takes quiet hours, tapped or typed."""
    if text == NO_QUIET_HOURS:
        await chats.set_quiet_hours(session, chat, None, context.services.clock())
    elif text != BACK:
        start = question_start(conversation.token, QUIET_STEP)
        hours = read_hours(text.removeprefix(AS_TYPED), language=context.voice.language)
        if hours is None or not _leaves_room(hours):
            return Answer(
                quiet_question(context.voice.interface, start, _quiet(chat), is_problem=True), is_refused=True
            )
        if _is_long(hours) and not text.startswith(AS_TYPED):
            return Answer(long_quiet_question(context.voice.interface, start, hours), is_refused=True)
        await chats.set_quiet_hours(session, chat, hours, context.services.clock())
    return await _finish(session, context, chat, conversation, is_saved=text != BACK)


async def take_journey(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes the place of a journey, then the day on which it ends, tapped or typed.

    Once it begins, or goes on elsewhere, it is said that the next session stays; not again when only its end changes.
    """
    take = travel.take_place if conversation.step == travel.TravelStep.PLACE else travel.take_until
    before = chat.zone
    if answer := await take(session, context, chat, conversation, text):
        return answer
    answer = await _finish(session, context, chat, conversation, is_saved=text != BACK)
    return replace(answer, then=await stays_behind(session, context, chat)) if chat.zone != before else answer


def _is_long(hours: tuple[time, time]) -> bool:
    """Whether they are more than half of the day: "11-7" is mostly meant as 23 to 7."""
    start, end = (at.hour * 60 + at.minute for at in hours)
    return (end - start) % (24 * 60) > 12 * 60


def _leaves_room(hours: tuple[time, time]) -> bool:
    """Whether the hours leave some time of the day for reminders."""
    try:
        QuietHours(*hours)
    except ValueError:
        return False
    return True


async def _finish(
    session: Session, context: Context, chat: Chat, conversation: Conversation, *, is_saved: bool
) -> Answer:
    await conversations.end(session, chat, conversation.person_id, conversation.subject)
    context.services.schedule_changed.set()
    toast = context.voice.interface.settings.saved if is_saved else ""
    return Answer(await _card(session, context, chat), toast=toast)


def _quiet(chat: Chat) -> tuple[time, time] | None:
    return (chat.quiet_start, chat.quiet_end) if chat.quiet_start and chat.quiet_end else None


async def _card(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    if is_own := chat.telegram_id > 0:  # the zone may have just changed, and with it the country's clock
        context.voice = context.voice.in_zone(chat.zone)
    voice = context.voice
    shown = Shown(
        zone=chat.zone,
        quiet=_quiet(chat),
        is_silent=chat.is_silent,
        shows_pictures=chat.shows_pictures,
        clock=voice.clock,
        language=chat.language or voice.library.default,
        languages=voice.library.languages,
        themes_off=len(preferences.themes_left_out(chat)),
        is_private=is_own,
        is_asked=chat.is_asked,
        practice=voice.interface.invitation.practice if chat.practice in voice.library.practices else None,
    )
    # What other subjects say there, each a line and a button: none is about how a chat is spoken to.
    parts: list[Part] = []
    if is_own:
        parts += [travel.part(context, chat), await session_part(session, context, chat)]
        parts += filter(None, [await look_back.part(session, context, chat)])
    card = settings_card(voice.interface, context.services.clock(), shown, parts)
    off = voice.interface.reminders.stopped if chat.off_reason else ""
    return replace(card, text=joined(card.text, *await reminder_lines(session, context, chat), off))
