"""Ignores what must not be answered: floods, made-up taps of strangers; in a group other bots and channel posts.

PTB asks this handler first; an update that it stops reaches no other handler.
"""

import logging
from collections.abc import Hashable
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.database.engine import DATABASE_ERRORS
from bot.delivery.chat_admins import UnknownAdminsError
from bot.domain.flood_limits import AGAIN, DOUBLE
from bot.domain.ids import TelegramId
from bot.handlers.access import is_under
from bot.handlers.answers import acknowledge
from bot.handlers.command_names import danger_behind, written_command
from bot.handlers.context import Context, id_of, thread_of
from bot.handlers.typed_buttons import TypedTap
from bot.screens.callback_data import LEARN, PAGE, PAUSE_STOP, SUPPORT, Kind, Permission, kind_of, read_about
from bot.usecases.chats import list_chats_of

log = logging.getLogger(__name__)

# Who Telegram names as the sender where someone writes in the name of the group, or of a channel.
# https://core.telegram.org/bots/api#message: `from` has a fake user in non-channel chats then.
ANONYMOUS_ADMIN, CHANNEL_BOT = 1087968824, 136817688
SHARED = (ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL)
PATIENCE = 3.0  # seconds that a tap may wait for its group's pace
# Commands that are never made to wait: help for someone in need, and the end of what is too much.
URGENT_COMMANDS = ("support", "stop")
URGENT_WORDS = ("stop", "help")
PAGES = (SUPPORT, LEARN, PAGE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What someone asks for in a group: a command of this bot, or the action of a button."""

    command: str = ""
    data: str = ""
    kind: Kind | None = None

    @property
    def is_urgent(self) -> bool:
        return self.command in URGENT_COMMANDS or (self.kind is not None and self.kind.is_urgent)

    @property
    def has_own_pace(self) -> bool:
        return self.kind is not None and self.kind.has_own_pace

    @property
    def is_for_everyone(self) -> bool:
        """Whether it is a button that everyone may tap and that changes what all see."""
        return self.kind is not None and self.kind.permission is Permission.ANYONE and not self.has_own_pace


def handler() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns the handler; it must be registered before all others."""
    return TypeHandler(Update, guard)


async def guard(update: Update, context: Context) -> None:
    """Lets the update pass, or raises ApplicationHandlerStop."""
    chat, query = update.effective_chat, update.callback_query
    if chat is None or chat.type not in SHARED or update.my_chat_member:
        await _guard_private(update, context)
        return
    if _is_program(update):
        raise ApplicationHandlerStop
    asked, message = _asked(update, context), update.message
    if asked is None or (message and danger_behind(message, context.voice.library)):
        return
    flood_limits, slower = context.services.flood_limits, context.voice.interface.together.slower
    if not asked.has_own_pace and flood_limits.is_repeated(_whose(update, asked), within=_window(context, asked)):
        await _stop(query, "")
    if query and _is_made_up(query, asked, is_in_channel=chat.type == ChatType.CHANNEL):
        await _stop(query, context.voice.interface.replies.stale)
    if query and not asked.has_own_pace and await _is_forged_by_stranger(query, context, id_of(chat)):
        await _stop(query, context.voice.interface.replies.stale)
    if query and not asked.has_own_pace and context.services.pacer.delay(id_of(chat)) > PATIENCE:
        await _stop(query, slower)  # at once, rather than that it is done when nobody waits for it any more
    if await _is_counted(update, context, asked) and not flood_limits.allow(chat.id):
        await _stop(query, slower)


async def _stop(query: CallbackQuery | None, toast: str) -> None:
    """Stops the update; a tap is acknowledged all the same."""
    if query:
        await acknowledge(query, toast)
    raise ApplicationHandlerStop


async def _guard_private(update: Update, context: Context) -> None:
    """Stops a flood of one person, and made-up taps of a stranger. Whoever needs help, or the end, is let through."""
    person, query = update.effective_user, update.callback_query
    if update.my_chat_member or person is None or isinstance(query, TypedTap):
        return
    services = context.services
    is_allowed = _is_for_help(update, context) or services.flood_limits.allow_person(
        person.id, waiting=services.waiting(update)
    )
    if not is_allowed:
        await _stop(query, context.voice.interface.replies.too_fast)
    if query and query.message and await _is_forged_by_stranger(query, context, id_of(query.message.chat)):
        await _stop(query, context.voice.interface.replies.stale)


def _is_for_help(update: Update, context: Context) -> bool:
    """Whether it asks for help or for the end, by a command, a button, a word, or words of danger; or shows nothing."""
    if update.inline_query:
        return True  # the update queue drops those that nobody waits for
    if query := update.callback_query:
        kind = kind_of(query.data or "")
        return kind is not None and (kind.is_urgent or query.data == PAUSE_STOP)
    message, library = update.effective_message, context.voice.library
    if message and (written := written_command(message)):
        is_urgent = library.find_command(written.name.lower()) in URGENT_COMMANDS
        return is_urgent or danger_behind(message, library) is not None
    text = message.text if message else None
    if not text:
        return False
    return library.find_crisis(text) is not None or library.find_word(text, context.voice.language) in URGENT_WORDS


async def _is_forged_by_stranger(query: CallbackQuery, context: Context, telegram_id: TelegramId) -> bool:
    """Whether what is tapped in an unknown chat is not under the message, so that nothing is stored about it.

    What only shows a page stands under old messages for everyone, and stores nothing. Of another chat administrators
    are asked.
    """
    if context.is_known:
        return False
    about, data = read_about(query.data or "")
    if isinstance(query, TypedTap) or is_under(query) or about is not None or kind_of(data) in PAGES:
        return False
    try:
        async with context.services.database.read() as session:
            return not await list_chats_of(session, telegram_id)
    except DATABASE_ERRORS:
        log.exception("whether a tap is made up is not known: the database cannot be used")
        return False


def _is_made_up(query: CallbackQuery, asked: _Asked, *, is_in_channel: bool) -> bool:
    """A button without a permission check must be on the tapped message, or it is forged.

    In channels there is one such button.
    """
    if is_in_channel:
        return not asked.has_own_pace
    message = query.message
    if not asked.is_for_everyone or not isinstance(message, Message) or message.reply_markup is None:
        return False
    return all(button.callback_data != asked.data for row in message.reply_markup.inline_keyboard for button in row)


async def _is_counted(update: Update, context: Context, asked: _Asked) -> bool:
    """Whether it counts against the group's rate limit. Urgent help does not, nor do administrators."""
    if asked.is_urgent or (update.callback_query and not asked.is_for_everyone):
        return False
    message, person, chat = update.effective_message, update.effective_user, update.effective_chat
    if asked.command not in context.voice.interface.commands.admin or chat is None or person is None:
        return True
    if message and message.sender_chat:
        return message.sender_chat.id != chat.id
    try:
        return not await context.services.admins.includes(context.bot, id_of(chat), id_of(person))
    except UnknownAdminsError:
        return True


def _whose(update: Update, asked: _Asked) -> Hashable:
    """A key of what is asked, where and by whom. One card of /support serves everyone in the group."""
    chat, sender = update.effective_chat, update.effective_sender
    who = 0 if asked.command == "support" or sender is None else sender.id
    return (id_of(chat), thread_of(update.effective_message), who, asked)


def _window(context: Context, asked: _Asked) -> float:
    """Seconds in which the same request is not answered again."""
    is_quick = asked.is_urgent or asked.command in context.voice.interface.commands.admin
    return AGAIN if asked.command and not is_quick else DOUBLE


def _is_program(update: Update) -> bool:
    """Other bots, and Telegram's automatic forwards from a linked channel: answering them could loop for ever."""
    person, message = update.effective_user, update.effective_message
    if message and update.callback_query is None and message.is_automatic_forward:
        return True
    return person is not None and person.is_bot and person.id not in (ANONYMOUS_ADMIN, CHANNEL_BOT)


def _asked(update: Update, context: Context) -> _Asked | None:
    """The tapped button, or the command if it is one of this bot's and addressed to it; else None."""
    if update.callback_query:
        data = update.callback_query.data or ""
        return _Asked(data=data, kind=kind_of(data))
    written = written_command(update.effective_message) if update.effective_message else None
    if written is None:
        return None
    name, commands = written.name.lower(), context.voice.interface.commands
    is_known = name in {"start", *commands.group, *commands.admin, *commands.private}
    is_ours = is_known and written.bot.lower() in ("", context.bot.username.lower())
    return _Asked(command=name) if is_ours else None
