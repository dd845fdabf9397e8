"""Counting buttons under posts in groups and channels: everyone may tap, and no name is shown."""

from telegram import MaybeInaccessibleMessage, Message, MessageOriginChannel, Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.database.values import PostKind
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, id_of, thread_of
from bot.screens.callback_data import TAP, pattern
from bot.usecases.taps import Tapped, TappedMessage, take_tap


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [CallbackQueryHandler(tapped, pattern=pattern(TAP, kind)) for kind in PostKind]


async def tapped(update: Update, context: Context) -> None:
    """w:<kind>: counts a tap or takes it back. Every tap is acknowledged; the number on the button follows later."""
    query, person = update.callback_query, update.effective_user
    tapped_message = place_of(query.message, query.data or "") if query else None
    if query is None or person is None or tapped_message is None:
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    outcome = await take_tap(
        context.services.database,
        tapped_message,
        PostKind(":".join(TAP.read(context.data) or ())),
        id_of(person),
        key=context.services.settings.counting_key,
        update_id=update.update_id,
        now=context.services.clock(),
        left_out=context.voice.unasked_in(tapped_message.chat_kind),
    )
    if outcome in (Tapped.COUNTED, Tapped.TAKEN_BACK):
        context.services.tap_counts.changed(tapped_message.telegram_id)
    toasts = {
        Tapped.COUNTED: context.voice.interface.posts.counted,
        Tapped.TAKEN_BACK: context.voice.interface.posts.taken_back,
        Tapped.TOO_OLD: context.voice.interface.posts.too_old,
        Tapped.GONE: context.voice.interface.replies.stale,
    }
    await show(update, context, Answer(toast=toasts[outcome]))


def place_of(message: MaybeInaccessibleMessage | None, data: str) -> TappedMessage | None:
    """Returns the message that was tapped; None if it has no such button, which means that the data is forged."""
    if message is not None and not message.is_accessible:
        return TappedMessage(id_of(message.chat), 0, message.chat.type, message.message_id, None)
    if not isinstance(message, Message) or message.reply_markup is None:
        return None
    if data not in {button.callback_data for row in message.reply_markup.inline_keyboard for button in row}:
        return None
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel):
        # Telegram's copy of a channel's post in the group linked to it: one count, and only the post can be changed.
        return TappedMessage(id_of(origin.chat), 0, origin.chat.type, origin.message_id, origin.date)
    return TappedMessage(id_of(message.chat), thread_of(message), message.chat.type, message.message_id, message.date)
