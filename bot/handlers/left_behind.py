"""What is left of what a person had open in a private chat when they go on: questions, a keyboard, older buttons.

Called by `app`, ahead of all other handlers, and by `answers`.
"""

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.database.engine import DATABASE_ERRORS
from bot.database.values import Subject
from bot.delivery.last_buttons import ShownButtons
from bot.domain.ids import TelegramId
from bot.handlers.command_names import written_command
from bot.handlers.context import Context, id_of
from bot.screens.callback_data import (
    CHAT_ADD,
    CHAT_LIST,
    FLOW,
    LANGUAGE,
    LATER,
    LEARN,
    LOOK,
    MINE,
    NOT_FOR_ME,
    NOTES,
    PAGE,
    PAUSE,
    QUESTION,
    REMINDERS,
    SETTINGS,
    SHARED_CHAT,
    THEMES,
    kind_of,
    read_about,
)
from bot.screens.groups import picker_gone
from bot.screens.outgoing import OutgoingMessage, Rows
from bot.usecases import conversations

log = logging.getLogger(__name__)

URGENT = ("support",)  # nothing goes ahead of it; the next command takes the keyboard away
# Who looks something up comes back to the question.
LEAVES_QUESTIONS = ("help", "privacy", "affirm")
# What menus and lists are made of, and what is no screen whatever else is under it.
OF_SCREENS = (
    PAGE,
    SETTINGS,
    THEMES,
    REMINDERS,
    LANGUAGE,
    PAUSE,
    LEARN,
    NOTES,
    MINE,
    LOOK,
    CHAT_LIST,
    CHAT_ADD,
    SHARED_CHAT,
)
OF_OTHERS = (FLOW, QUESTION, NOT_FOR_ME, LATER)


def before() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns the handler to ask ahead of those that answer commands."""
    return MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.COMMAND, _leave)


async def _leave(update: Update, context: Context) -> None:
    """Closes older questions to typed words, and takes away the keyboard that one put in the place of one's own."""
    message, chat = update.effective_message, update.effective_chat
    command = written_command(message) if message else None
    if chat is None or command is None or command.name in URGENT:
        return
    telegram_id = id_of(chat)
    try:
        if command.name not in LEAVES_QUESTIONS:
            await _close_questions(context, id_of(update.effective_user))
        if context.services.sender.last_buttons.has_keyboard(telegram_id):
            await close_keyboard(update, context)
    except (TelegramError, *DATABASE_ERRORS) as error:  # the command is answered all the same
        log.warning("what was left open stays as it was", extra={"error": type(error).__name__})


async def _close_questions(context: Context, person_id: TelegramId) -> None:
    """Whoever goes on to something else types for that, and not for a question that they left open."""
    now = context.services.clock()
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, person_id)
    if any(row.subject in conversations.QUESTIONS for row, _ in rows):
        async with context.services.database.write() as session:
            await conversations.close_to_words(session, person_id, now)


async def close_keyboard(update: Update, context: Context) -> bool:
    """Ends the question for a chat to share with, if it is open, and takes its keyboard away, or that for a place.

    Returns False if no such question was open. Raises TelegramError.
    """
    person_id, texts = id_of(update.effective_user), context.voice.interface
    async with context.services.database.write() as session:
        rows = await conversations.open_by(session, person_id)
        asked = [chat for row, chat in rows if row.subject == Subject.SHARE]
        for chat in asked:
            await conversations.end(session, chat, person_id, Subject.SHARE)
    has_keyboard = context.services.sender.last_buttons.has_keyboard(person_id)
    if asked or has_keyboard:
        said = texts.together.not_now_reply if asked else texts.setup.location_declined
        await context.services.sender.send(person_id, picker_gone(said))
    return bool(asked)


def older_screens(shown: tuple[ShownButtons, ...], message: OutgoingMessage) -> list[int]:
    """Which messages lose their buttons when this one comes: a screen takes the place of the screens before it.

    What goes on by itself keeps its buttons: a flow, a question that waits, a message to keep, people who listen.
    """
    if not is_screen(message.rows):
        return []
    return [one.message_id for one in shown if is_screen(one.rows)]


def is_screen(rows: Rows) -> bool:
    """Whether these are the buttons of a menu or a list, which is as good when it is opened anew."""
    kinds = {kind_of(read_about(button.data)[1]) for row in rows for button in row}
    return not kinds.isdisjoint(OF_SCREENS) and kinds.isdisjoint(OF_OTHERS)
