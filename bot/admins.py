"""Who looks after a group or a channel: asked of Telegram when it matters, remembered for a moment. For `handlers`."""

from collections.abc import Callable

from telegram import Bot
from telegram.error import TelegramError

REMEMBERED = 15.0  # seconds; someone who is no administrator any more can change things for that long
MOST_REMEMBERED = 1_000  # chats


class UnknownAdminsError(Exception):
    """Telegram cannot be asked just now, or does not tell this bot: then nobody counts as an administrator."""


class Admins:
    """`seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._known: dict[int, tuple[float, frozenset[int]]] = {}

    async def of(self, bot: Bot, telegram_id: int) -> frozenset[int]:
        """The numbers of the people who are its administrators, its owner among them; no bots.

        `getChatAdministrators`, because what `getChatMember` says of others is sure only where the bot is one itself
        (https://core.telegram.org/bots/api#getchatmember). Raises UnknownAdminsError.
        """
        known = self._known.get(telegram_id)
        if known and known[0] > self._seconds():
            return known[1]
        try:
            members = await bot.get_chat_administrators(telegram_id)
        except TelegramError as error:
            raise UnknownAdminsError(error.message) from error
        found = frozenset(each.user.id for each in members if not each.user.is_bot)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[telegram_id] = (self._seconds() + REMEMBERED, found)
        return found

    def forget(self, telegram_id: int) -> None:
        """Something has changed there: ask anew the next time."""
        self._known.pop(telegram_id, None)
