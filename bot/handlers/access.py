"""Which chat an update is about, and whether this person may change it.

A person may change their own private chat. Administrators may change a group: in the group itself, or from a private
chat, where the callback data of each button names the group's row (`callback_data.about_chat`). Every command and every
tap asks Telegram again (`ChatAdmins` caches the answer briefly); if Telegram cannot be asked, nothing is changed.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.database.engine import Session
from bot.database.models import Chat
from bot.delivery.chat_admins import UnknownAdminsError
from bot.domain.ids import NOBODY, TelegramId
from bot.handlers.answers import Answer, show
from bot.handlers.context import ChatAccess, Context, id_of, thread_of
from bot.handlers.deep_links import private_way
from bot.screens.callback_data import Kind, Permission, pattern
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.chats import find_chat_by_id, find_nearest_chat, get_or_create_chat

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
ANY_ADMIN = NOBODY  # in place of a person in a group: any of its administrators goes on with what another has begun


def command(name: str, callback: Callback) -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables
    """Returns a handler for new messages with this command in a private chat."""
    return CommandHandler(name, callback, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE)


def chat_command(name: str, callback: Callback) -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables
    """Returns a handler for a command about the chat as a whole; in a group only administrators may use it."""
    where = filters.ChatType.PRIVATE | filters.ChatType.GROUPS
    return CommandHandler(name, admins_only(callback), where & filters.UpdateType.MESSAGE)


def tap(kind: Kind, callback: Callback, action: str | None = None) -> BaseHandler:  # type: ignore[type-arg]  # PTB's
    """Returns a handler for buttons of this kind, or with `action` only for its one button that does it.

    A person whom the kind's permission leaves out is told so, and `callback` is not called. It reads `context.data`.
    """
    return CallbackQueryHandler(_permitted(kind.permission, callback), pattern=pattern(kind, action))


def _permitted(permission: Permission, callback: Callback) -> Callback:
    match permission:
        case Permission.ADMINS:
            return admins_only(callback)
        case Permission.PERSON:
            return _only_if(lambda update, context: is_private(update), callback)
        case Permission.OPERATOR:
            return _only_if(lambda update, context: is_private(update) and is_operator(update, context), callback)
        case Permission.ANYONE:
            return callback


def _only_if(is_permitted: Callable[[Update, Context], bool], callback: Callback) -> Callback:
    async def guarded(update: Update, context: Context) -> None:
        if is_permitted(update, context):
            await callback(update, context)
        else:
            await show(update, context, Answer(toast=context.voice.interface.replies.stale))

    return guarded


def admins_only(callback: Callback) -> Callback:
    """Returns a callback that checks access first and sets `context.access`.

    A person without access gets the reason instead.
    """

    async def guarded(update: Update, context: Context) -> None:
        access = await check_access(update, context)
        if isinstance(access, ChatAccess):
            context.access = access
            await callback(update, context)
        else:
            await show(update, context, access)

    return guarded


async def check_access(update: Update, context: Context) -> ChatAccess | Answer:
    """Returns the chat that this update is about, or the refusal to show."""
    tg_chat = update.effective_chat
    row_id, replies = context.about, context.voice.interface.replies
    if tg_chat is None or tg_chat.type == ChatType.CHANNEL:
        return Answer(toast=replies.stale)
    if row_id is None and tg_chat.type == ChatType.PRIVATE:
        return ChatAccess(id_of(tg_chat), 0, tg_chat.type, id_of(update.effective_user or tg_chat))
    if row_id is None:
        return await _check_access_in_group(update, context)
    async with context.services.database.read() as session:
        chat = await find_chat_by_id(session, row_id)
    if chat is None or (tg_chat.type != ChatType.PRIVATE and chat.telegram_id != tg_chat.id):
        return Answer(toast=replies.stale)
    return await check_access_to(update, context, chat)


async def check_access_to(update: Update, context: Context, chat: Chat) -> ChatAccess | Answer:
    """Returns access to a chat whose row is known, or the refusal to show."""
    person = update.effective_user
    refusal = await refusal_of(context, chat.telegram_id, id_of(person))
    if refusal:
        return _refuse(update, context, refusal)
    is_here = id_of(update.effective_chat) == chat.telegram_id
    title = "" if is_here else await context.services.admins.title(context.bot, chat.telegram_id)
    return access_to(update, chat, title)


def access_to(update: Update, chat: Chat, title: str) -> ChatAccess:
    """Returns access to a chat for a person who is known to be its administrator."""
    if id_of(update.effective_chat) == chat.telegram_id:
        return ChatAccess(chat.telegram_id, chat.thread_id, chat.kind, ANY_ADMIN, chat.id)
    return ChatAccess(chat.telegram_id, chat.thread_id, chat.kind, id_of(update.effective_user), chat.id, title)


async def _check_access_in_group(update: Update, context: Context) -> ChatAccess | Answer:
    tg_chat, person, message = update.effective_chat, update.effective_user, update.effective_message
    assert tg_chat is not None  # noqa: S101 - check_access has looked
    access = ChatAccess(id_of(tg_chat), thread_of(message), tg_chat.type, ANY_ADMIN)
    sender = message.sender_chat if message and update.callback_query is None else None
    if sender and sender.id == tg_chat.id:
        return access  # an anonymous administrator: only those can speak as the group
    refusal = await refusal_of(context, id_of(tg_chat), NOBODY if sender else id_of(person))
    return _refuse(update, context, refusal) if refusal else access


async def refusal_of(context: Context, telegram_id: TelegramId, person_id: TelegramId) -> str:
    """Says why this person may not change that chat; empty for an administrator."""
    texts = context.voice.interface.together
    try:
        is_admin = await context.services.admins.includes(context.bot, telegram_id, person_id)
    except UnknownAdminsError:
        return texts.cannot_ask
    return "" if is_admin else texts.only_admins


def _refuse(update: Update, context: Context, text: str) -> Answer:
    if update.callback_query:
        return Answer(toast=text)
    return Answer(OutgoingMessage(text, private_way(context) if not is_private(update) else ()))


async def get_or_create_accessed_chat(session: Session, context: Context) -> tuple[Chat, TelegramId]:
    """Returns the chat of `context.access`, and the person id of its conversations.

    Creates the chat if it is new, in the language of this update.
    """
    access = context.access
    chat = await get_or_create_chat(
        session,
        access.telegram_id,
        access.kind,
        context.services.clock(),
        thread_id=access.thread_id,
        left_out=context.voice.unasked_in(access.kind),
    )
    if access.kind == ChatType.PRIVATE:
        chat.left_at = None  # whoever writes is here
    if chat.language is None:
        chat.language = context.voice.language
    return chat, access.person_id


async def get_or_create_chat_here(session: Session, update: Update, context: Context) -> tuple[Chat, TelegramId]:
    """Returns the chat of this update, created if it is new, and the person's Telegram id.

    A private chat keeps the language that it began in: reminders come in it. A topic without settings of its own uses
    the group's chat. Raises ValueError for an update without a chat or without a person.
    """
    tg_chat, person = update.effective_chat, update.effective_user
    if tg_chat is None or person is None:
        raise ValueError("an update without a chat or without a person cannot be answered")
    chat = await find_nearest_chat(session, id_of(tg_chat), thread_of(update.effective_message))
    if chat is None:
        left_out = context.voice.unasked_in(tg_chat.type)
        chat = await get_or_create_chat(
            session, id_of(tg_chat), tg_chat.type, context.services.clock(), left_out=left_out
        )
    chat.left_at = None  # whoever writes is here
    if chat.language is None and tg_chat.type == ChatType.PRIVATE:
        chat.language = context.voice.language
    return chat, id_of(person)


def is_under(query: CallbackQuery) -> bool:
    """Whether the button that was tapped stands under its message. Of a message that is gone nobody knows."""
    message = query.message
    rows = message.reply_markup.inline_keyboard if isinstance(message, Message) and message.reply_markup else ()
    return any(button.callback_data == query.data for row in rows for button in row)


def is_private(update: Update) -> bool:
    """Whether the update comes from a private chat."""
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE


def is_operator(update: Update, context: Context) -> bool:
    """Whether the person runs the bot (OPERATORS)."""
    return update.effective_user is not None and update.effective_user.id in context.services.settings.operators
