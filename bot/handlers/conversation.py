"""An answer to a question that waits, tapped or typed: finds where this person is, and hands over to the subject."""

import logging
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.chats import find_chat
from bot.conversations import open_here
from bot.database import Session, Trouble
from bot.handlers import flows, forget, invitation, pause, settings, setup, support
from bot.handlers.kit import Context, Kit
from bot.handlers.replies import Answer, show
from bot.handlers.support import show_support
from bot.models import Chat, Conversation, Subject
from bot.render.outgoing import OutgoingMessage

log = logging.getLogger(__name__)

Take = Callable[[Session, Kit, Chat, Conversation, str], Awaitable[Answer]]

# Which subject asked the question of a step.
SUBJECTS: dict[str, Take] = {
    **dict.fromkeys(setup.STEPS, setup.take_answer),
    pause.STEP: pause.take_answer,
    forget.STEP: forget.take_answer,
    **dict.fromkeys(support.STEPS, support.take_answer),
    **dict.fromkeys(invitation.STEPS, invitation.take_answer),
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
        _, token, step, text = parts
        answer = await _take(update, context, text, lambda row: (row.token, row.step) == (token, step))
    await show(update, context, answer or Answer(toast=context.kit.words.replies.stale))


async def typed(update: Update, context: Context) -> None:
    """Text that is no command, in a private chat: for what was opened last."""
    text = update.effective_message.text if update.effective_message else None
    kit = context.kit
    replies = kit.words.replies
    if text and kit.library.hears_danger(text) and not await _writes_plan(update, kit):
        await show_support(update, context)  # the question that waits goes on waiting
        return
    if text and await _newest_subject(update, kit) == Subject.FLOW and await flows.take_words(update, context):
        return
    answer = await _take(update, context, text, lambda row: row.subject != Subject.FLOW) if text else None
    fallback = OutgoingMessage(replies.free_text if text else replies.not_text)
    await show(update, context, answer or Answer(fallback))


async def _writes_plan(update: Update, kit: Kit) -> bool:
    """Whether these are words for their own support card, which may say anything."""
    try:
        return await _newest_subject(update, kit) == Subject.PLAN
    except Trouble:
        log.exception("the card is shown at once: the database cannot be used")
        return False


async def _newest_subject(update: Update, kit: Kit) -> Subject | None:
    """What this person has opened last, of all that is still open."""
    place, person = update.effective_chat, update.effective_user
    if place is None or person is None:
        return None
    async with kit.database.read() as session:
        chat = await find_chat(session, place.id)
        rows = await open_here(session, chat, person.id) if chat else ()
    return rows[0].subject if rows else None


async def _take(update: Update, context: Context, text: str, fits: Callable[[Conversation], bool]) -> Answer | None:
    """None when no question that fits waits: a stale or a forged button."""
    kit, place, person = context.kit, update.effective_chat, update.effective_user
    if place is None or person is None:
        return None
    async with kit.database.write() as session:
        chat = await find_chat(session, place.id)
        rows = await open_here(session, chat, person.id) if chat else ()
        conversation = next((row for row in rows if fits(row) and row.step in SUBJECTS), None)
        if chat is None or conversation is None:
            return None
        return await SUBJECTS[conversation.step](session, kit, chat, conversation, text)
