"""The administrators of groups and channels, asked of Telegram and cached for seconds. Called by `handlers`."""

import asyncio
from collections.abc import Callable

from cachetools import TTLCache
from telegram import Bot, ChatMemberAdministrator, ChatMemberBanned, ChatMemberLeft, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.domain.ids import TelegramId

ADMINS_CACHED_SECONDS = 10.0  # a former administrator can change things for that long
ASK_AGAIN_SECONDS = 2.0  # a person who is not an administrator may have become one
ANSWER_TIMEOUT_SECONDS = 3.0  # what people do in that chat is not confirmed to Telegram before
SILENT_SECONDS = 10.0  # without an answer it is not asked again for so long: many may wait for the same one
TITLE_CACHED_SECONDS = 300.0
MAX_CACHED_CHATS = 1_000  # the oldest makes room


class UnknownAdminsError(Exception):
    """Telegram does not answer, or refuses: then nobody counts as an administrator.

    `is_out`: the bot is not in that chat, or may not post in that channel.
    """

    def __init__(self, reason: str, *, is_out: bool = False) -> None:
        super().__init__(reason)
        self.is_out = is_out


class ChatAdmins:
    """Asks for administrators and titles, and caches them. `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._known: TTLCache[TelegramId, frozenset[TelegramId]] = TTLCache(
            MAX_CACHED_CHATS, ADMINS_CACHED_SECONDS, seconds
        )
        self._just_asked: TTLCache[TelegramId, None] = TTLCache(MAX_CACHED_CHATS, ASK_AGAIN_SECONDS, seconds)
        self._silent: TTLCache[TelegramId, None] = TTLCache(MAX_CACHED_CHATS, SILENT_SECONDS, seconds)
        self._titles: TTLCache[TelegramId, str] = TTLCache(MAX_CACHED_CHATS, TITLE_CACHED_SECONDS, seconds)

    async def of(self, bot: Bot, telegram_id: TelegramId) -> frozenset[TelegramId]:
        """Returns the Telegram ids of a chat's administrators, owner included, without bots. Raises UnknownAdminsError.

        It calls `getChatAdministrators`, because `getChatMember` is only guaranteed to work for other people where the
        bot is an administrator (https://core.telegram.org/bots/api#getchatmember).
        """
        known = self._known.get(telegram_id)
        return await self._ask(bot, telegram_id) if known is None else known

    async def includes(self, bot: Bot, telegram_id: TelegramId, person_id: TelegramId) -> bool:
        """Returns whether a person is an administrator of a chat. Raises UnknownAdminsError."""
        if person_id in await self.of(bot, telegram_id):
            return True
        if telegram_id in self._just_asked:
            return False
        return person_id in await self._ask(bot, telegram_id)

    async def _ask(self, bot: Bot, telegram_id: TelegramId) -> frozenset[TelegramId]:
        if telegram_id in self._silent:
            raise UnknownAdminsError("no answer in time, just now")
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
                members = await bot.get_chat_administrators(telegram_id)
        except TimeoutError:
            self._silent[telegram_id] = None
            raise UnknownAdminsError("no answer in time") from None
        except TelegramError as error:
            raise UnknownAdminsError(error.message, is_out=isinstance(error, Forbidden | BadRequest)) from error
        found = frozenset(TelegramId(member.user.id) for member in members if not member.user.is_bot)
        self._known[telegram_id] = found
        self._just_asked[telegram_id] = None
        return found

    async def title(self, bot: Bot, telegram_id: TelegramId) -> str:
        """Returns a chat's title, which is never stored; empty when Telegram does not answer."""
        known = self._titles.get(telegram_id)
        if known is not None:
            return known
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
                title = (await bot.get_chat(telegram_id)).title or ""
        except (TelegramError, TimeoutError):
            return ""  # the chat is gone, or Telegram does not answer: the screens have words for an untitled chat
        self._titles[telegram_id] = title
        return title

    def forget(self, telegram_id: TelegramId) -> None:
        """Drops the cached administrators of a chat, which have changed."""
        self._known.pop(telegram_id, None)


async def may_write(bot: Bot, telegram_id: TelegramId) -> bool:
    """Returns whether the bot may post in a chat. Raises TelegramError without an answer, or when the bot is out."""
    member = await bot.get_chat_member(telegram_id, bot.id)
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False
    if isinstance(member, ChatMemberRestricted) and not (member.is_member and member.can_send_messages):
        return False
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        return False
    permissions = (await bot.get_chat(telegram_id)).permissions
    return permissions is None or permissions.can_send_messages is not False
