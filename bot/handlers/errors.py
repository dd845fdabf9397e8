"""The error handler for all other handlers."""

import logging

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.database.effects import TurnLostError
from bot.delivery.outcomes import ChatLost, TopicClosed, classify_error
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.screens.outgoing import OutgoingMessage

log = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """PTB's error handler: logs the exception and tells the person, unless Telegram itself refused."""
    error = context.error
    update_id = update.update_id if isinstance(update, Update) else None
    if isinstance(error, TurnLostError):
        log.warning("this process hung; the update is handled anew", extra={"update": update_id})
        return
    if isinstance(error, Forbidden):
        log.info("cannot answer: the bot is blocked there", extra={"update": update_id})
        return
    if isinstance(error, TelegramError) and isinstance(classify_error(error), ChatLost | TopicClosed):
        log.info("cannot answer there", extra={"update": update_id, "error": error.message})
        return
    if isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest):
        log.warning("an answer was given up: Telegram does not take it", extra={"update": update_id})
        return
    log.error("an update could not be handled", exc_info=error, extra={"update": update_id})
    if not isinstance(update, Update) or isinstance(error, TelegramError):
        return
    trouble = context.voice.interface.replies.trouble
    answer = Answer(toast=trouble) if update.callback_query else Answer(OutgoingMessage(trouble))
    try:
        await show(update, context, answer)
    except TelegramError as second:
        log.warning("cannot say that something went wrong", extra={"update": update_id, "error": str(second)})
