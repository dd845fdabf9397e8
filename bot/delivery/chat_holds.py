"""Chats that Telegram has refused for a while, and the pace of what waited there meanwhile. Called by `rate_limits`.

When a hold ends, all that it kept waiting wants to go at once, and may be refused again, each by itself. So it goes one
a second in its chat, until one is taken.
"""

from collections.abc import Callable

from bot.domain.ids import TelegramId

SPACING = 1.0  # seconds between two late replies in a chat of which none was taken yet
REMEMBERED_SECONDS = 600.0  # after a hold; nothing waits for longer
MOST_HOLDS = 10_000  # then those that have ended are forgotten


class ChatHolds:
    """Times are seconds on `clock`, which is monotonic."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[TelegramId, float] = {}
        self._refused: set[TelegramId] = set()  # chats that have taken nothing since
        self._next_at: dict[tuple[TelegramId, bool], float] = {}  # for late replies, urgent ones by themselves

    def hold(self, chat_id: TelegramId, seconds: float) -> None:
        """Nothing goes to the chat for so many seconds."""
        now = self._clock()
        self._until[chat_id] = max(self._until.get(chat_id, 0.0), now + seconds)
        self._refused.add(chat_id)
        if len(self._until) > MOST_HOLDS:
            self._until = {chat: until for chat, until in self._until.items() if until > now}
            self._refused.intersection_update(self._until)
            self._next_at = {key: at for key, at in self._next_at.items() if at > now}

    def wait(self, chat_id: TelegramId) -> float:
        """Returns the seconds until the chat's hold ends; 0 where there is none."""
        until = self._until.get(chat_id)
        if until is None:
            return 0.0
        now = self._clock()
        if until < now - REMEMBERED_SECONDS:
            del self._until[chat_id]
            self._refused.discard(chat_id)
            self._next_at.pop((chat_id, True), None)
            self._next_at.pop((chat_id, False), None)
        return max(0.0, until - now)

    def is_late(self, chat_id: TelegramId, since: float) -> bool:
        """Whether what was asked then has waited for a hold."""
        return since < self._until.get(chat_id, since)

    def wait_late(self, chat_id: TelegramId, *, is_urgent: bool) -> float:
        """Returns the seconds until one more late reply may go; 0 means now."""
        if chat_id not in self._refused:
            return 0.0
        return max(0.0, self._next_at.get((chat_id, is_urgent), 0.0) - self._clock())

    def end(self, chat_id: TelegramId) -> None:
        """Telegram has taken something there; what was sent before the refusal says nothing."""
        if self._refused and self.wait(chat_id) <= 0:
            self._refused.discard(chat_id)

    def take_late(self, chat_id: TelegramId, *, is_urgent: bool) -> None:
        """Counts a late reply as sent."""
        self._next_at[chat_id, is_urgent] = self._clock() + SPACING
