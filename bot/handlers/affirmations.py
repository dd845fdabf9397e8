"""/affirm: sends one affirmation now; in a group for everyone, from a chat's card into that chat."""

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.database.engine import Session
from bot.database.models import Chat
from bot.delivery.outcomes import ChatLost, TopicClosed, classify_error
from bot.handlers.access import admins_only, get_or_create_accessed_chat, get_or_create_chat_here
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
        CallbackQueryHandler(affirm, pattern=pattern(AFFIRM, is_about=False)),
        CallbackQueryHandler(admins_only(affirm_there), pattern=pattern(AFFIRM, is_about=True)),
    ]


async def affirm(update: Update, context: Context) -> None:
    """/affirm, or the button after a setup: sends a new message in both cases."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        message = await take_next(session, context, chat, update.update_id)
    await show(update, context, Answer(message, is_new=True))


async def affirm_there(update: Update, context: Context) -> None:
    """Sends an affirmation into the group or channel whose card was tapped. Says so if nothing can be sent there."""
    access, texts = context.access, context.voice.interface.together
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        message = await take_next(session, context, chat, update.update_id)
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


async def take_next(session: Session, context: Context, chat: Chat, update_id: int) -> OutgoingMessage:
    """Takes the chat's next affirmation and returns it in the chat's language, as text or as a picture."""
    chosen = await preferences.take_now(session, chat, context.voice.choice_of(chat), update_id)
    is_private = chat.telegram_id > 0
    return affirmation(
        context.voice.catalogue_of(chat),
        chosen,
        context.bot.username,
        is_private=is_private,
        as_picture=chat.shows_pictures,
    )
