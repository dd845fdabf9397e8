"""/affirm: one sentence, now; in a group for everyone, in a chat that is looked after from its card."""

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.database.engine import Session
from bot.database.models import Chat
from bot.delivery.outcomes import ChatLost, TopicClosed, classify_error
from bot.handlers.access import admins_only, get_or_create_accessed_chat, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, send, show
from bot.handlers.context import Context
from bot.screens.affirmations import affirmation
from bot.screens.callback_data import AFFIRM, pattern
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import preferences

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("affirm", affirm, filters.UpdateType.MESSAGE),
        tap(AFFIRM, affirm),
        CallbackQueryHandler(admins_only(affirm_there), pattern=pattern(AFFIRM, is_about=True)),
    ]


async def affirm(update: Update, context: Context) -> None:
    """The command, or the button under a set-up: in both cases a message of its own."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        message = await take_next(session, context, chat, context.bot.username)
    await show(update, context, Answer(message, is_new=True))


async def affirm_there(update: Update, context: Context) -> None:
    """Into a group or a channel, by someone who looks after it."""
    access, texts = context.access, context.voice.interface.together
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        message = await take_next(session, context, chat, context.bot.username)
        telegram_id = chat.telegram_id
    toast = texts.sent
    try:
        await send(context, telegram_id, message, thread_id=access.thread_id or None)
    except TelegramError as error:
        if not isinstance(classify_error(error), ChatLost | TopicClosed):
            raise
        log.info("nothing can be sent there", extra={"chat": access.row_id, "error": error.message})
        toast = texts.cannot_send
    await show(update, context, Answer(toast=toast))


async def take_next(session: Session, context: Context, chat: Chat, username: str) -> OutgoingMessage:
    """The chat's next affirmation, in its language, as words or as a picture."""
    chosen = await preferences.take_next(session, chat, context.voice.choice_of(chat))
    is_private = chat.telegram_id > 0
    return affirmation(
        context.voice.catalogue_of(chat), chosen, username, is_private=is_private, as_picture=chat.shows_pictures
    )
