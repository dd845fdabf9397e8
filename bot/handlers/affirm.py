"""/affirm: one sentence, now."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot import tastes
from bot.database import Session
from bot.handlers.kit import Context, Kit
from bot.handlers.private import open_here
from bot.handlers.replies import Answer, show
from bot.models import Chat
from bot.render.outgoing import OutgoingMessage
from bot.render.queued import affirmation


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("affirm", affirm, filters.UpdateType.MESSAGE),
        CallbackQueryHandler(affirm, pattern=r"^affirm$"),
    ]


async def affirm(update: Update, context: Context) -> None:
    """The command, or the button under a set-up: in both cases a message of its own."""
    kit = context.kit
    async with kit.database.write() as session:
        chat, _ = await open_here(session, update, kit)
        message = await take_next(session, kit, chat, context.bot.username)
    await show(update, context, Answer(message, is_new=True))


async def take_next(session: Session, kit: Kit, chat: Chat, username: str) -> OutgoingMessage:
    """The chat's next affirmation, in its language, as words or as a picture."""
    chosen = await tastes.take_next(session, chat, kit.library.choice(kit.language, chat.left_out))
    is_private = chat.telegram_id > 0
    return affirmation(kit.catalogue, chosen, username, is_private=is_private, as_picture=chat.shows_pictures)
