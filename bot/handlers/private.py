"""Commands that belong to a private chat; anywhere else they show the way there."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.chats import open_chat
from bot.database import Session
from bot.handlers.kit import Context, Kit
from bot.models import Chat

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


def command(name: str, callback: Callback) -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables
    """A new message with this command, in a private chat."""
    return CommandHandler(name, callback, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE)


async def open_here(session: Session, update: Update, kit: Kit) -> tuple[Chat, int]:
    """The chat of this update, begun if it is new, and the person's number in Telegram.

    A private chat keeps the language that it began in: what comes by itself comes in it.
    """
    place, person = update.effective_chat, update.effective_user
    if place is None or person is None:
        raise ValueError("an update without a chat or without a person cannot be answered")
    chat = await open_chat(session, place.id, place.type, kit.clock())
    if chat.language is None and place.type == ChatType.PRIVATE:
        chat.language = kit.language
    return chat, person.id


def is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE
