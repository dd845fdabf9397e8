"""Who looks after a group or a channel: asked of Telegram when it matters, remembered for a moment. For `handlers`."""

import asyncio
from collections.abc import Callable

from cachetools import TTLCache
from telegram import Bot, ChatMemberAdministrator, ChatMemberBanned, ChatMemberLeft, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, TelegramError

REMEMBERED = 10.0  # seconds; someone who is no administrator any more can change things for that long
ASK_AGAIN = 2.0  # seconds; someone who is not one (yet) may have become one
LONGEST_WAIT = 8.0  # seconds; whoever else is in the chat waits as long
TITLE_REMEMBERED = 300.0  # seconds
MOST_REMEMBERED = 1_000  # chats; whichever was asked about longest ago makes room for another


class UnknownAdminsError(Exception):
    """Telegram cannot be asked just now, or does not tell this bot: then nobody counts as an administrator.

    `is_out` says that the bot is not in that chat, or in a channel not with the right to post.
    """

    def __init__(self, reason: str, *, is_out: bool = False) -> None:
        super().__init__(reason)
        self.is_out = is_out


class ChatAdmins:
    """`seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._known: TTLCache[int, frozenset[int]] = TTLCache(MOST_REMEMBERED, REMEMBERED, seconds)
        self._just_asked: TTLCache[int, None] = TTLCache(MOST_REMEMBERED, ASK_AGAIN, seconds)
        self._titles: TTLCache[int, str] = TTLCache(MOST_REMEMBERED, TITLE_REMEMBERED, seconds)

    async def of(self, bot: Bot, telegram_id: int) -> frozenset[int]:
        """The numbers of the people who are its administrators, its owner among them; no bots.

        `getChatAdministrators`, because what `getChatMember` says of others is sure only where the bot is one itself
        (https://core.telegram.org/bots/api#getchatmember). Raises UnknownAdminsError.
        """
        known = self._known.get(telegram_id)
        return await self._ask(bot, telegram_id) if known is None else known

    async def includes(self, bot: Bot, telegram_id: int, person_id: int) -> bool:
        """Whether this person is one of them. Raises UnknownAdminsError."""
        if person_id in await self.of(bot, telegram_id):
            return True
        if telegram_id in self._just_asked:
            return False
        return person_id in await self._ask(bot, telegram_id)

    async def _ask(self, bot: Bot, telegram_id: int) -> frozenset[int]:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                members = await bot.get_chat_administrators(telegram_id)
        except TimeoutError:
            raise UnknownAdminsError("no answer in time") from None
        except TelegramError as error:
            raise UnknownAdminsError(error.message, is_out=isinstance(error, Forbidden | BadRequest)) from error
        found = frozenset(member.user.id for member in members if not member.user.is_bot)
        self._known[telegram_id] = found
        self._just_asked[telegram_id] = None
        return found

    async def title(self, bot: Bot, telegram_id: int) -> str:
        """What the chat is called: asked when it is shown, and not kept. Empty when Telegram does not say."""
        known = self._titles.get(telegram_id)
        if known is not None:
            return known
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                title = (await bot.get_chat(telegram_id)).title or ""
        except (TelegramError, TimeoutError):
            return ""  # it is gone, or cannot be asked: whoever shows it has words for that
        self._titles[telegram_id] = title
        return title

    def forget(self, telegram_id: int) -> None:
        """Something has changed there: ask anew the next time."""
        self._known.pop(telegram_id, None)


async def may_write(bot: Bot, telegram_id: int) -> bool:
    """Whether the bot may post there now, as Telegram says. Raises TelegramError when it cannot be asked, or is out."""
    member = await bot.get_chat_member(telegram_id, bot.id)
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False
    if isinstance(member, ChatMemberRestricted) and not (member.is_member and member.can_send_messages):
        return False
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        return False
    permissions = (await bot.get_chat(telegram_id)).permissions
    return permissions is None or permissions.can_send_messages is not False
