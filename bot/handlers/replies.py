"""How handlers answer: a new message for what was typed, the same message edited in place for a tap."""

from dataclasses import dataclass

from telegram import CallbackQuery, InaccessibleMessage, Update
from telegram.error import BadRequest

from bot.handlers.kit import Context
from bot.render.outgoing import OutgoingMessage
from bot.sender import keyboard


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show, if anything; `toast` is the small note on a tap; `is_new` sends a new message after a tap."""

    message: OutgoingMessage | None = None
    toast: str = ""
    is_new: bool = False


async def show(update: Update, context: Context, answer: Answer) -> None:
    """Give the answer where it belongs."""
    query = update.callback_query
    if query is None:
        if answer.message:
            await say(update, context, answer.message)
        return
    await acknowledge(query, answer.toast)
    if answer.message is None:
        return
    if answer.is_new or query.message is None or isinstance(query.message, InaccessibleMessage):
        await say(update, context, answer.message)
    else:
        await _edit(query, update, context, answer.message)


async def say(update: Update, context: Context, message: OutgoingMessage) -> None:
    chat, origin = update.effective_chat, update.effective_message
    if chat is None:
        return
    thread = origin.message_thread_id if origin and origin.is_topic_message else None
    await context.bot.send_message(chat.id, message.text, reply_markup=keyboard(message.rows), message_thread_id=thread)


async def acknowledge(query: CallbackQuery, toast: str = "") -> None:
    try:
        await query.answer(toast or None)
    except BadRequest as error:
        # The tap is older than Telegram waits (we were away): what it asked for is done all the same.
        if "query is too old" not in error.message.lower():
            raise


async def _edit(query: CallbackQuery, update: Update, context: Context, message: OutgoingMessage) -> None:
    try:
        await query.edit_message_text(message.text, reply_markup=keyboard(message.rows))
    except BadRequest as error:
        said = error.message.lower()
        if "not modified" in said:
            return  # a double tap: it shows this already
        if not any(each in said for each in ("message to edit not found", "can't be edited", "message_id_invalid")):
            raise
        await say(update, context, message)
