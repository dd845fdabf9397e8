"""An answer to a question that waits, tapped or typed: finds where this person is, and hands over to the subject."""

from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.chats import find_chat
from bot.conversations import current
from bot.database import Session
from bot.handlers import forget, pause, settings, setup
from bot.handlers.kit import Context, Kit
from bot.handlers.replies import Answer, show
from bot.handlers.support import show_support
from bot.models import Chat, Conversation
from bot.plain_words import says_plainly
from bot.render.outgoing import OutgoingMessage

Take = Callable[[Session, Kit, Chat, Conversation, str], Awaitable[Answer]]

# Which subject asked the question of a step.
SUBJECTS: dict[str, Take] = {
    **dict.fromkeys(setup.STEPS, setup.take_answer),
    pause.STEP: pause.take_answer,
    forget.STEP: forget.take_answer,
    settings.ZONE_STEP: settings.take_zone,
    settings.QUIET_STEP: settings.take_quiet_hours,
}


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [CallbackQueryHandler(tapped, pattern=r"^c:")]


async def tapped(update: Update, context: Context) -> None:
    """A button of a conversation: its data is c:<token>:<step>:<answer>."""
    parts = (update.callback_query.data or "").split(":", 3) if update.callback_query else []
    answer = None
    if len(parts) == 4:
        answer = await _take(update, context, parts[3], token=parts[1], step=parts[2])
    await show(update, context, answer or Answer(toast=context.bot_data.words.replies.stale))


async def typed(update: Update, context: Context) -> None:
    """Text that is no command, in a private chat."""
    text = update.effective_message.text if update.effective_message else None
    replies, support = context.bot_data.words.replies, context.bot_data.catalogue.support
    if text and says_plainly(text, support.phrases, support.look_alikes):
        await show_support(update, context)  # the question that waits goes on waiting
        return
    answer = await _take(update, context, text) if text else None
    fallback = OutgoingMessage(replies.free_text if text else replies.not_text)
    await show(update, context, answer or Answer(fallback))


async def _take(
    update: Update, context: Context, text: str, *, token: str | None = None, step: str | None = None
) -> Answer | None:
    """None when no question waits, or not this one: a stale or a forged button."""
    kit, place, person = context.bot_data, update.effective_chat, update.effective_user
    if place is None or person is None:
        return None
    async with kit.database.write() as session:
        chat = await find_chat(session, place.id)
        conversation = await current(session, chat, person.id) if chat else None
        if chat is None or conversation is None or conversation.step not in SUBJECTS:
            return None
        if token is not None and (conversation.token, conversation.step) != (token, step):
            return None
        return await SUBJECTS[conversation.step](session, kit, chat, conversation, text)
