"""The bot was blocked, unblocked, added or taken out: `my_chat_member` updates."""

import logging

from telegram import Update
from telegram.constants import ChatMemberStatus
from telegram.ext import BaseHandler, ChatMemberHandler, MessageHandler, filters

from bot import chats
from bot.handlers.kit import Context
from bot.models import OffReason

log = logging.getLogger(__name__)

OUT = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, migrated),
    ]


async def changed(update: Update, context: Context) -> None:
    """Out: nothing is sent there any more. In again: what a block had switched off comes back by itself."""
    kit, change = context.kit, update.my_chat_member
    if change is None:
        return
    is_out = change.new_chat_member.status in OUT
    async with kit.database.write() as session:
        chat = await chats.find_chat(session, change.chat.id)
        if chat is None:
            return
        if is_out:
            await chats.switch_off(session, chat.id, OffReason.BLOCKED, kit.clock())
            kit.withdraw(chat.id)
        elif chat.off_reason not in (None, OffReason.STOPPED):
            await chats.resume(session, chat, kit.clock())
    kit.wake()
    log.info("chat switched off" if is_out else "chat is back", extra={"chat": chat.id})


async def migrated(update: Update, context: Context) -> None:
    """A group became a supergroup; both service messages come, one in each."""
    message = update.effective_message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat_id
    new = message.migrate_to_chat_id or message.chat_id
    async with context.kit.database.write() as session:
        chat = await chats.find_chat(session, old)
        if chat:
            await chats.move(session, chat.id, new, context.kit.clock())
