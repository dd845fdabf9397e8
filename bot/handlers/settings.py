"""/settings: zone, quiet hours, sound, words or pictures; one message, edited in place."""

from datetime import time

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, Subject
from bot.domain.schedule import QuietHours
from bot.domain.typed_times import read_hours
from bot.handlers.access import chat_command, chat_tap, open_place
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, Kit
from bot.screens.callback_data import SETTINGS, question_start
from bot.screens.outgoing import OutgoingMessage
from bot.screens.settings import NO_QUIET_HOURS, quiet_question, settings_card
from bot.screens.zones import BACK, choose_zone, zone_question
from bot.usecases import chats, conversations

ZONE_STEP, QUIET_STEP = "place", "quiet"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("settings", show_settings), chat_tap(SETTINGS, tapped)]


async def show_settings(update: Update, context: Context) -> None:
    """/settings"""
    kit = context.kit
    async with kit.database.write() as session:
        chat, _ = await open_place(session, context)
    await show(update, context, Answer(_card(kit, chat)))


async def tapped(update: Update, context: Context) -> None:
    """s:show, s:zone, s:quiet, s:silent:0|1, s:pictures:0|1, s:words:own"""
    kit, now = context.kit, context.kit.clock()
    _, action, *rest = context.data.split(":")
    async with kit.database.write() as session:
        chat, person_id = await open_place(session, context)
        language = update.effective_user.language_code if update.effective_user else None
        if action == "show":
            answer = Answer(_card(kit, chat))
        elif action == "silent" and rest in (["0"], ["1"]):
            chat.is_silent = rest == ["1"]
            answer = Answer(_card(kit, chat), toast=kit.words.settings.saved)
        elif action == "pictures" and rest in (["0"], ["1"]):
            chat.shows_pictures = rest == ["1"]
            answer = Answer(_card(kit, chat), toast=kit.words.settings.saved)
        elif action == "words" and rest == ["own"]:
            chat.practice = None
            kit = kit.with_words(None)
            answer = Answer(_card(kit, chat), toast=kit.words.settings.saved)
        elif action == "zone":
            conversation = await conversations.begin(
                session, chat, person_id, Subject.ZONE, ZONE_STEP, language or "", now
            )
            start = question_start(conversation.token, ZONE_STEP)
            answer = Answer(zone_question(kit.words, start, language, now))
        elif action == "quiet":
            conversation = await conversations.begin(session, chat, person_id, Subject.QUIET, QUIET_STEP, "", now)
            answer = Answer(quiet_question(kit.words, question_start(conversation.token, QUIET_STEP)))
        else:
            answer = Answer(toast=kit.words.replies.stale)
    await show(update, context, answer)


async def take_zone(session: Session, kit: Kit, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """A city, tapped or typed."""
    if text != BACK:
        start = question_start(conversation.token, ZONE_STEP)
        chosen = choose_zone(kit.words, start, text, conversation.draft or None, kit.clock())
        if isinstance(chosen, OutgoingMessage):
            return Answer(chosen)
        await chats.set_zone(session, chat, chosen, kit.clock())
    return await _finish(session, kit, chat, conversation, is_saved=text != BACK)


async def take_quiet_hours(session: Session, kit: Kit, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Hours, tapped or typed."""
    if text == NO_QUIET_HOURS:
        await chats.set_quiet_hours(session, chat, None, kit.clock())
    elif text != BACK:
        hours = read_hours(text, language=kit.language)
        if hours is None or not _leaves_room(hours):
            return Answer(quiet_question(kit.words, question_start(conversation.token, QUIET_STEP), is_problem=True))
        await chats.set_quiet_hours(session, chat, hours, kit.clock())
    return await _finish(session, kit, chat, conversation, is_saved=text != BACK)


def _leaves_room(hours: tuple[time, time]) -> bool:
    """Hours that leave no time to be awake are no quiet hours."""
    try:
        QuietHours(*hours)
    except ValueError:
        return False
    return True


async def _finish(session: Session, kit: Kit, chat: Chat, conversation: Conversation, *, is_saved: bool) -> Answer:
    await conversations.end(session, chat, conversation.person_id, conversation.subject)
    kit.wake()
    return Answer(_card(kit, chat), toast=kit.words.settings.saved if is_saved else "")


def _card(kit: Kit, chat: Chat) -> OutgoingMessage:
    quiet = (chat.quiet_start, chat.quiet_end) if chat.quiet_start and chat.quiet_end else None
    return settings_card(
        kit.words,
        kit.clock(),
        zone=chat.zone,
        quiet=quiet,
        is_silent=chat.is_silent,
        shows_pictures=chat.shows_pictures,
        language=chat.language or kit.library.default,
        is_private=chat.telegram_id > 0,
        practice=kit.words.invitation.practice if chat.practice in kit.library.practices else None,
    )
