"""/settings: time zone, quiet hours, sound, text or pictures. One message, edited in place."""

from dataclasses import replace
from datetime import time

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.domain.schedule import QuietHours
from bot.domain.typed_times import read_hours
from bot.domain.zones import known_zone
from bot.handlers.access import chat_command, get_or_create_accessed_chat, tap
from bot.handlers.answers import Answer, show
from bot.handlers.appointment_home import stays_behind
from bot.handlers.context import Context, language_of
from bot.handlers.zone_answers import may_ask_for_location, read_zone, with_note
from bot.screens.callback_data import SETTINGS, question_start
from bot.screens.outgoing import OutgoingMessage
from bot.screens.settings import AS_TYPED, NO_QUIET_HOURS, long_quiet_question, quiet_question, settings_card
from bot.screens.zones import BACK, zone_question
from bot.usecases import chats, conversations, preferences

ZONE_STEP, QUIET_STEP = "place", "quiet"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("settings", show_settings), tap(SETTINGS, tapped)]


async def show_settings(update: Update, context: Context) -> None:
    """/settings: shows the card."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
    await show(update, context, Answer(_card(context, chat)))


async def tapped(update: Update, context: Context) -> None:
    """Changes a setting or asks for it.

    s:show, s:zone, s:place:<IANA name>, s:quiet, s:silent:0|1, s:pictures:0|1, s:clock:12|24,
    s:words:own
    """
    now = context.services.clock()
    _, action, *rest = context.data.split(":")
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        language = language_of(update)
        if action == "show":
            answer = Answer(_card(context, chat))
        elif action == "silent" and rest in (["0"], ["1"]):
            chat.is_silent = rest == ["1"]
            answer = Answer(_card(context, chat), toast=context.voice.interface.settings.saved)
        elif action == "pictures" and rest in (["0"], ["1"]):
            chat.shows_pictures = rest == ["1"]
            answer = Answer(_card(context, chat), toast=context.voice.interface.settings.saved)
        elif action == "clock" and rest in (["12"], ["24"]):
            chat.clock = int(rest[0])
            context.voice = replace(context.voice, clock=chat.clock)
            answer = Answer(_card(context, chat), toast=context.voice.interface.settings.saved)
        elif action == "words" and rest == ["own"]:
            before = context.voice.catalogue_of(chat).rules.themes_for
            context.voice = context.voice.of_practice(None)
            after = context.voice.catalogue.rules.themes_for
            await preferences.choose_practice(session, chat, None, before, after)
            answer = Answer(_card(context, chat), toast=context.voice.interface.settings.saved)
        elif action == "zone":
            answer = await _ask_zone(session, context, chat, person_id, language)
        elif action == "place" and len(rest) == 1 and known_zone(rest[0]):
            answer = await _take_place(session, context, chat, rest[0])
        elif action == "quiet":
            conversation = await conversations.begin(session, chat, person_id, Subject.QUIET, QUIET_STEP, "", now)
            answer = Answer(quiet_question(context.voice.interface, question_start(conversation.token, QUIET_STEP)))
        else:
            answer = Answer(toast=context.voice.interface.replies.stale)
    await show(update, context, answer)


async def _ask_zone(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None
) -> Answer:
    now = context.services.clock()
    conversation = await conversations.begin(session, chat, person_id, Subject.ZONE, ZONE_STEP, language or "", now)
    start, takes_location = question_start(conversation.token, ZONE_STEP), may_ask_for_location(chat)
    return Answer(zone_question(context.voice.interface, start, language, now, takes_location=takes_location))


async def _take_place(session: Session, context: Context, chat: Chat, zone: str) -> Answer:
    """Sets the zone of another place with the name that was typed. The tapped message may hold a question: it stays."""
    await chats.set_zone(session, chat, zone, context.services.clock())
    context.services.schedule_changed.set()
    then = await stays_behind(session, context, chat)
    return Answer(_card(context, chat), toast=context.voice.interface.settings.saved, is_new=True, then=then)


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
            return Answer(quiet_question(context.voice.interface, start, is_problem=True), is_refused=True)
        if _is_long(hours) and not text.startswith(AS_TYPED):
            return Answer(long_quiet_question(context.voice.interface, start, hours), is_refused=True)
        await chats.set_quiet_hours(session, chat, hours, context.services.clock())
    return await _finish(session, context, chat, conversation, is_saved=text != BACK)


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
    return Answer(_card(context, chat), toast=context.voice.interface.settings.saved if is_saved else "")


def _card(context: Context, chat: Chat) -> OutgoingMessage:
    quiet = (chat.quiet_start, chat.quiet_end) if chat.quiet_start and chat.quiet_end else None
    return settings_card(
        context.voice.interface,
        context.services.clock(),
        zone=chat.zone,
        quiet=quiet,
        is_silent=chat.is_silent,
        shows_pictures=chat.shows_pictures,
        clock=context.voice.clock,
        language=chat.language or context.voice.library.default,
        is_private=chat.telegram_id > 0,
        practice=context.voice.interface.invitation.practice
        if chat.practice in context.voice.library.practices
        else None,
    )
