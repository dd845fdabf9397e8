"""Remembers the buttons of the newest messages in private chats: whoever types a label means its button.

It lives in memory only. Where a chat is not remembered, a typed label is read as any other words are.
"""

from dataclasses import dataclass

from cachetools import TTLCache

from bot.domain.ids import TelegramId
from bot.screens.outgoing import OutgoingMessage, Rows

MOST_CHATS = 2_000
MOST_MESSAGES = 3  # of a chat: a question often stands above the answer to something else
REMEMBERED_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ShownButtons:
    """The buttons of one message."""

    message_id: int
    rows: Rows


class LastButtons:
    """The newest messages with buttons of each private chat."""

    def __init__(self) -> None:
        self._with_keyboard: TTLCache[TelegramId, bool] = TTLCache(MOST_CHATS, REMEMBERED_SECONDS)
        self._shown: TTLCache[TelegramId, tuple[ShownButtons, ...]] = TTLCache(MOST_CHATS, REMEMBERED_SECONDS)

    def remember(self, telegram_id: TelegramId, message_id: int, rows: Rows) -> None:
        """Records what a message shows now. Without rows, it shows no buttons any more."""
        if telegram_id <= 0:
            return
        others = tuple(shown for shown in self.find(telegram_id) if shown.message_id != message_id)
        if rows:
            others = (ShownButtons(message_id, rows), *others)[:MOST_MESSAGES]
        if others or telegram_id in self._shown:
            self._shown[telegram_id] = others

    def forget(self, telegram_id: TelegramId) -> None:
        """Forgets what a chat shows: buttons may hold what its person wrote, to copy it."""
        self._shown.pop(telegram_id, None)

    def remember_keyboard(self, telegram_id: TelegramId, message: OutgoingMessage) -> None:
        """Records whether the message puts a keyboard in the place of the person's own, or takes it away."""
        if message.keyboard:
            self._with_keyboard[telegram_id] = True
        elif message.removes_keyboard:
            self._with_keyboard.pop(telegram_id, None)

    def has_keyboard(self, telegram_id: TelegramId) -> bool:
        """Whether a keyboard of the bot still stands in the place of the person's own, as far as is remembered."""
        return telegram_id in self._with_keyboard

    def find(self, telegram_id: TelegramId) -> tuple[ShownButtons, ...]:
        """Returns the buttons on the screen, the newest message first; none where they are not remembered."""
        return self._shown.get(telegram_id, ())
