"""Updates about the bot's own membership (`my_chat_member`): blocked, added, removed, muted; and moved groups."""

import logging
from typing import Literal

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram.constants import ChatType
from telegram.ext import BaseHandler, ChatMemberHandler, MessageHandler, filters

from bot.database.values import BackFrom, OffReason
from bot.domain.ids import TelegramId
from bot.handlers.context import Context, id_of, thread_of
from bot.handlers.group_joined import arrived, became_admin
from bot.usecases import chats, groups

log = logging.getLogger(__name__)

# Out of the chat; there, but not allowed to write; there.
Membership = Literal["out", "mute", "in"]


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.ChatType.GROUPS & filters.StatusUpdate.MIGRATE, migrated),
        MessageHandler(filters.StatusUpdate.FORUM_TOPIC_REOPENED, reopened),
    ]


async def changed(update: Update, context: Context) -> None:
    """Takes a change of what the bot may do in a chat."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == ChatType.PRIVATE:
        await _blocked_or_not(change, context)
        return
    context.services.admins.forget(id_of(change.chat))
    before, after = (_state(member, change.chat.type) for member in (change.old_chat_member, change.new_chat_member))
    if after == "in" and before == "out":
        await arrived(update, context)
    else:
        await _changed_rights(change, context, before, after)
    was_admin = isinstance(change.old_chat_member, ChatMemberAdministrator)
    is_admin = isinstance(change.new_chat_member, ChatMemberAdministrator)
    if is_admin and not was_admin and change.chat.type != ChatType.CHANNEL:
        await became_admin(update, context)


async def _blocked_or_not(change: ChatMemberUpdated, context: Context) -> None:
    """Blocked: switches the chat off. Unblocked: resumes it, unless the person had stopped it."""
    is_out = _state(change.new_chat_member, change.chat.type) == "out"
    async with context.services.database.write() as session:
        chat = await chats.find_chat(session, id_of(change.chat))
        if chat is None:
            return
        if is_out:
            await chats.switch_off(session, chat.id, OffReason.BLOCKED, context.services.clock())
            context.services.outbox.withdraw(chat.id)
        else:
            await chats.is_back(session, chat.telegram_id)
        if not is_out and chat.off_reason not in (None, OffReason.STOPPED):
            await chats.resume(session, chat, context.services.clock())
            chat.back_from = BackFrom.BLOCK
    context.services.schedule_changed.set()
    log.info("chat switched off" if is_out else "chat is back", extra={"chat": chat.id})


async def _changed_rights(change: ChatMemberUpdated, context: Context, before: Membership, after: Membership) -> None:
    """Notifies the facilitators; the person who removed the bot knows, but a mute may be a mistake."""
    now = context.services.clock()
    async with context.services.database.write() as session:
        if after == "out":
            by = id_of(change.from_user)
            rows = await groups.chat_lost(session, id_of(change.chat), OffReason.BLOCKED, now, by=by)
        elif after == "mute":
            rows = await groups.chat_lost(session, id_of(change.chat), OffReason.NO_RIGHTS, now)
        else:
            rows = await groups.chat_regained(session, id_of(change.chat), now)
    if after != "in":
        for row_id in rows:
            context.services.outbox.withdraw(row_id)
    context.services.schedule_changed.set()
    log.info("the bot's rights have changed", extra={"chats": rows, "before": before, "after": after})


async def migrated(update: Update, context: Context) -> None:
    """A group became a supergroup: moves its rows. Telegram sends one service message in each chat."""
    message = update.effective_message
    if message is None:
        return
    old = TelegramId(message.migrate_from_chat_id or message.chat_id)
    new = TelegramId(message.migrate_to_chat_id or message.chat_id)
    if old >= 0 or new >= 0:
        return  # these are people, and what is theirs goes nowhere else
    async with context.services.database.write() as session:
        await chats.move(session, old, new, context.services.clock())
    context.services.schedule_changed.set()


async def reopened(update: Update, context: Context) -> None:
    """A topic is open again: resumes its reminders."""
    message = update.effective_message
    if message is None:
        return
    async with context.services.database.write() as session:
        await groups.reopen(session, id_of(message.chat), thread_of(message), context.services.clock())
    context.services.schedule_changed.set()


def _state(member: ChatMember, kind: str) -> Membership:
    match member:
        case ChatMemberLeft() | ChatMemberBanned():
            return "out"
        case ChatMemberRestricted() if not member.is_member:
            return "out"
        case ChatMemberRestricted():
            return "in" if member.can_send_messages else "mute"
        case ChatMemberAdministrator() if kind == ChatType.CHANNEL:
            return "in" if member.can_post_messages else "mute"
        case _:
            return "in"
