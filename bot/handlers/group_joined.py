"""What happens when the bot joins a group or a channel, for the first time or again. Called by `membership`."""

import logging
from datetime import datetime

from telegram import Chat as TelegramChat
from telegram import ChatMemberUpdated, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.database.engine import Session
from bot.database.models import Chat
from bot.database.values import Notice, OffReason, Subject
from bot.domain.ids import NO_CHAT, TelegramId
from bot.handlers.answers import send
from bot.handlers.context import Context, id_of
from bot.handlers.deep_links import private_url
from bot.screens.groups import CHAT_LINK, hello, in_channel_now, notice
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import chats, conversations, groups
from bot.usecases.reminders.edit import list_reminders

log = logging.getLogger(__name__)

# A link that adds the bot also types a command: one hello is enough.
HELLO, HELLO_SERVES = "hello", 60.0  # seconds
LOST_BY = (OffReason.BLOCKED, OffReason.GONE, OffReason.NO_RIGHTS, OffReason.REFUSED)


async def arrived(update: Update, context: Context) -> None:
    """Greets a group, or the person who added the bot to a channel. If it was there before, asks whether to resume."""
    change = update.my_chat_member
    if change is None:
        return
    _speak_as_to(change, context)
    tg_chat, by = change.chat, change.from_user
    async with context.services.database.write() as session:
        await chats.is_back(session, id_of(tg_chat))
        known = await chats.list_chats_of(session, id_of(tg_chat))
        lost = [chat for chat in known if chat.off_reason in LOST_BY]
        # A group that has become a supergroup is "joined" too (tdlib/telegram-bot-api#266): nothing is new there.
        is_set_up = any([chat.off_reason is None and await list_reminders(session, chat) for chat in known])
        rows = [chat for chat in lost if await list_reminders(session, chat)]
        for chat in lost:
            if chat not in rows:  # nothing was set there that could come back
                await chats.resume(session, chat, context.services.clock())
        is_told = bool(rows) and await _ask_to_bring_back(session, rows, id_of(by), context.services.clock())
        is_picking = any(row.subject == Subject.SHARE for row, _ in await conversations.open_by(session, id_of(by)))
    context.services.schedule_changed.set()
    if rows and not is_told and tg_chat.type != ChatType.CHANNEL:
        await _say(
            context, id_of(tg_chat), notice(context.voice.interface, Notice.BACK_IN, tg_chat.title or "", rows[0].id)
        )
    elif tg_chat.type == ChatType.CHANNEL and not rows and not is_picking:
        await _greet_opener(context, tg_chat, by)
    elif tg_chat.type != ChatType.CHANNEL and not rows and not is_set_up:
        context.services.flood_limits.is_repeated((tg_chat.id, HELLO), within=HELLO_SERVES)
        url = private_url(context, f"{CHAT_LINK}{-tg_chat.id}")
        await _say(context, id_of(tg_chat), hello(context.voice.interface, url, is_looked_after=is_picking))


async def _greet_opener(context: Context, tg_chat: TelegramChat, by: User) -> None:
    """Greets only a known person, in private; posts nothing in the channel."""
    async with context.services.database.write() as session:
        if not await groups.is_reachable(session, id_of(by)):
            return
        left_out = context.voice.unasked_in(tg_chat.type)
        chat = await chats.get_or_create_chat(
            session, id_of(tg_chat), tg_chat.type, context.services.clock(), left_out=left_out
        )
        chat.language = chat.language or context.voice.language
    await _say(context, id_of(by), in_channel_now(context.voice.interface, tg_chat.title or "", chat.id))


async def became_admin(update: Update, context: Context) -> None:
    """Says that the bot need not be an administrator: in private if possible, else in the group."""
    change = update.my_chat_member
    if change is None:
        return
    _speak_as_to(change, context)
    async with context.services.database.read() as session:
        person_id = id_of(change.from_user)
        to = person_id if await groups.is_reachable(session, person_id) else id_of(change.chat)
    await _say(context, to, notice(context.voice.interface, Notice.ADMIN, change.chat.title or "", NO_CHAT))


def _speak_as_to(change: ChatMemberUpdated, context: Context) -> None:
    """Answers this update in the language of the person who made the change."""
    context.voice = context.voice.speaking(context.voice.library.fit(change.from_user.language_code))


async def _ask_to_bring_back(session: Session, rows: list[Chat], by: TelegramId, now: datetime) -> bool:
    """Asks the person who added the bot, or else the facilitators. Returns whether anyone could be asked."""
    if await groups.notify(session, by, Notice.BACK_IN, rows[0], now):
        for chat in rows:
            chat.last_notice = Notice.BACK_IN
        return True
    return await groups.notify_once(session, rows[0].telegram_id, Notice.BACK_IN, now)


async def _say(context: Context, telegram_id: TelegramId, message: OutgoingMessage) -> None:
    try:
        await send(context, telegram_id, message, is_silent=True)
    except TelegramError as error:  # it may have been taken out again, or may not write: then there is nobody to greet
        log.info("nothing was said on arriving", extra={"error": error.message})
