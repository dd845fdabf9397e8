"""Remembers the buttons of the newest message in private chats: whoever types a label means its button.

It lives in memory only. Where a chat is not remembered, a typed label is read as any other words are.
"""

from dataclasses import dataclass

from cachetools import TTLCache

from bot.domain.ids import TelegramId
from bot.screens.outgoing import Rows

MOST_CHATS = 2_000
REMEMBERED_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ShownButtons:
    """The buttons of one message."""

    message_id: int
    rows: Rows


class LastButtons:
    """The newest message with buttons of each private chat."""

    def __init__(self) -> None:
        self._shown: TTLCache[TelegramId, ShownButtons] = TTLCache(MOST_CHATS, REMEMBERED_SECONDS)

    def remember(self, telegram_id: TelegramId, message_id: int, rows: Rows) -> None:
        """Records what a message shows now. Without rows, it shows no buttons any more."""
        if telegram_id <= 0:
            return
        if rows:
            self._shown[telegram_id] = ShownButtons(message_id, rows)
        elif (shown := self._shown.get(telegram_id)) and shown.message_id == message_id:
            del self._shown[telegram_id]

    def find(self, telegram_id: TelegramId) -> ShownButtons | None:
        """Returns the buttons on the screen, or None if they are not remembered."""
        return self._shown.get(telegram_id)
