"""/share: choosing a group or a channel in a private chat and setting it up; its card shows and changes its state."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import OffReason, Subject
from bot.delivery.chat_admins import UnknownAdminsError
from bot.delivery.keyboards import REQUEST_CHANNEL
from bot.domain.ids import TelegramId
from bot.handlers import reminder_setup
from bot.handlers.access import (
    access_to,
    command,
    get_or_create_accessed_chat,
    get_or_create_chat_here,
    tap,
)
from bot.handlers.answers import Answer, say, show
from bot.handlers.context import Context, id_of, language_of
from bot.handlers.reminders import overview
from bot.screens.callback_data import CHAT_ADD, CHAT_LIST, SHARED_CHAT
from bot.screens.groups import CHAT_LINK, chat_card, chat_list, not_there_yet, picker, picker_gone
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import chats, conversations, groups
from bot.usecases.reminders.edit import list_reminders

SHARE_STEP = "share"
MOST_LISTED = 50  # chats; Telegram takes a hundred buttons

__all__ = ["CHAT_LINK", "SHARE_STEP", "ask", "enter", "take_answer"]


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        command("share", ask),
        MessageHandler(filters.ChatType.PRIVATE & filters.StatusUpdate.CHAT_SHARED, chosen),
        tap(CHAT_LIST, ask),
        tap(CHAT_ADD, pick),
        tap(SHARED_CHAT, show_card, ""),
        tap(SHARED_CHAT, go_on_in_general, "general"),
        tap(SHARED_CHAT, leave, "leave"),
    ]


async def ask(update: Update, context: Context) -> None:
    """/share: lists the chats that this person has set up; if there are none, shows the picker."""
    person_id = id_of(update.effective_user)
    async with context.services.database.read() as session:
        facilitated = await groups.list_facilitated(session, person_id)
    if not facilitated:
        await pick(update, context)
        return
    names = await asyncio.gather(*(_name(context, chat, person_id) for chat in facilitated[:MOST_LISTED]))
    named = [(chat.id, name) for chat, name in zip(facilitated, names, strict=False) if name]
    await show(update, context, Answer(chat_list(context.voice.interface.together, named)))


async def pick(update: Update, context: Context) -> None:
    """Shows Telegram's own picker of groups and channels."""
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        await conversations.begin(session, chat, person_id, Subject.SHARE, SHARE_STEP, "{}", context.services.clock())
    await show(update, context, Answer(picker(context.voice.interface.together), is_new=True))


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes text that is typed while the picker is open: cancels, and removes the picker."""
    await conversations.end(session, chat, conversation.person_id, Subject.SHARE)
    return Answer(picker_gone(context.voice.interface.together.not_now_reply))


async def chosen(update: Update, context: Context) -> None:
    """Takes the chat that was picked. This person may be no administrator of it, and the bot may not be in it."""
    message = update.effective_message
    shared = message.chat_shared if message else None
    if shared is None:
        return
    telegram_id = TelegramId(shared.chat_id)
    context.services.admins.forget(telegram_id)
    await show(update, context, Answer(picker_gone(context.voice.interface.together.thanks)))
    async with context.services.database.write() as session:
        own, person_id = await get_or_create_chat_here(session, update, context)
        await conversations.end(session, own, person_id, Subject.SHARE)
    await enter(update, context, telegram_id, is_channel=shared.request_id == REQUEST_CHANNEL)


async def enter(
    update: Update, context: Context, telegram_id: TelegramId, *, is_channel: bool = False, is_link: bool = False
) -> None:
    """Opens a group's or a channel's card in this private chat, or the first setup question if it has no reminders.

    `is_link`: anyone may write such a link, so all who may not open it are told the same.
    """
    person, texts = update.effective_user, context.voice.interface.together
    try:
        is_admin = person is not None and await context.services.admins.includes(
            context.bot, telegram_id, id_of(person)
        )
        shared = await context.bot.get_chat(telegram_id)
        kind = shared.type
    except (UnknownAdminsError, TelegramError) as error:
        is_out = isinstance(error, UnknownAdminsError) and error.is_out
        refusal = OutgoingMessage(texts.cannot_ask)
        if is_out:
            refusal = not_there_yet(texts, context.bot.username, is_channel=is_channel)
        await show(update, context, Answer(OutgoingMessage(texts.link_is_closed) if is_link else refusal))
        return
    if person is None or not is_admin:
        await show(update, context, Answer(OutgoingMessage(texts.link_is_closed if is_link else texts.only_admins)))
        return
    async with context.services.database.write() as session:
        left_out = context.voice.unasked_in(kind)
        chat = await chats.get_or_create_chat(session, telegram_id, kind, context.services.clock(), left_out=left_out)
        if chat.language is None and (own := await chats.find_chat(session, id_of(person))):
            chat.practice = own.practice
        chat.language = chat.language or context.voice.language
        await groups.add_facilitator(session, chat, id_of(person), context.services.clock())
    title = await context.services.admins.title(context.bot, telegram_id)
    context.access = access_to(update, chat, title)
    if shared.is_forum and not chat.thread_id:  # Telegram does not tell a bot which topics there are
        await say(update, context, OutgoingMessage(texts.in_general.format(title=title)))
    await show_card(update, context)


async def show_card(update: Update, context: Context) -> None:
    """o: shows the card, or the first setup question if the chat has no reminders."""
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        if chat.off_reason is None and not await list_reminders(session, chat):
            message = await reminder_setup.begin(session, context, chat, person_id, language=language_of(update))
        else:
            message = await _card(session, context, chat)
    await show(update, context, Answer(message))


async def go_on_in_general(update: Update, context: Context) -> None:
    """o:general: moves what was set in a deleted topic to the group as a whole."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        if chat.off_reason == OffReason.TOPIC_GONE:
            chat = await chats.leave_topic(session, chat, context.services.clock())
        card = await _card(session, context, chat)
        row_id = chat.id
    context.services.schedule_changed.set()
    context.access = replace(context.access, thread_id=0, row_id=row_id)
    await show(update, context, Answer(card))


async def leave(update: Update, context: Context) -> None:
    """o:leave: this person is no longer a facilitator of the chat; its reminders stay."""
    person = update.effective_user
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        await groups.remove_facilitator(session, id_of(person), chat)
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.together.left)))


async def _card(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    listed = await overview(session, context, chat, lead="")
    text = listed.text if listed else context.voice.interface.reminders.none
    return chat_card(context.voice.interface, text, chat.off_reason, is_paused=chat.paused_until is not None)


async def _name(context: Context, chat: Chat, person_id: TelegramId) -> str:
    """Its title for an administrator, cut so that the topic's number is seen; empty for anybody else."""
    texts, admins, title = context.voice.interface.together, context.services.admins, ""
    with suppress(UnknownAdminsError):  # the bot is out of it, or Telegram is away: it has no name then
        if not await admins.includes(context.bot, chat.telegram_id, person_id):
            return ""
        title = await admins.title(context.bot, chat.telegram_id)
    title = title[:40] or texts.unnamed
    return texts.topic_of.format(title=title, number=chat.thread_id) if chat.thread_id else title
