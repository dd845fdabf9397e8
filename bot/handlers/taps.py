"""Buttons under posts in groups and channels that say something without words: everyone may tap, nobody is named."""

from telegram import MaybeInaccessibleMessage, Message, MessageOriginChannel, Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.database.models import PostKind
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, thread_of
from bot.screens.callback_data import TAP, pattern
from bot.usecases.taps import Tapped, TappedMessage, take_tap


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [CallbackQueryHandler(tapped, pattern=pattern(TAP, kind)) for kind in PostKind]


async def tapped(update: Update, context: Context) -> None:
    """w:<kind>. Every tap is answered; the count on the button follows by itself."""
    kit, query, person = context.kit, update.callback_query, update.effective_user
    place = place_of(query.message, query.data or "") if query else None
    if query is None or person is None or place is None:
        await show(update, context, Answer(toast=kit.words.replies.stale))
        return
    outcome = await take_tap(
        kit.database,
        place,
        PostKind(":".join(TAP.read(context.data) or ())),
        person.id,
        key=kit.settings.counting_key,
        update_id=update.update_id,
        now=kit.clock(),
    )
    if outcome in (Tapped.COUNTED, Tapped.TAKEN_BACK):
        kit.recount(place.telegram_id)
    toasts = {
        Tapped.COUNTED: kit.words.posts.counted,
        Tapped.TAKEN_BACK: kit.words.posts.taken_back,
        Tapped.TOO_OLD: kit.words.posts.too_old,
        Tapped.GONE: kit.words.replies.stale,
    }
    await show(update, context, Answer(toast=toasts[outcome]))


def place_of(message: MaybeInaccessibleMessage | None, data: str) -> TappedMessage | None:
    """Where it was tapped; None if the message has no such button: then the data is made up."""
    if message is not None and not message.is_accessible:
        return TappedMessage(message.chat.id, 0, message.chat.type, message.message_id, None)
    if not isinstance(message, Message) or message.reply_markup is None:
        return None
    if data not in {button.callback_data for row in message.reply_markup.inline_keyboard for button in row}:
        return None
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel):
        # Telegram's copy of a channel's post in the group linked to it: one count, and only the post can be changed.
        return TappedMessage(origin.chat.id, 0, origin.chat.type, origin.message_id, origin.date)
    return TappedMessage(message.chat.id, thread_of(message), message.chat.type, message.message_id, message.date)
