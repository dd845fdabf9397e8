"""While more comes than can be handled: who floods is left out before anything is done for them. Called by `app`.

Nobody else is, nor whoever asks for help or for the end (/support, /ground once a second, /stop, words of danger), nor
a tap that begins an exercise or goes on with one, after the last answer has come, nor what Telegram says by itself.
"""

from collections.abc import Callable

from cachetools import TTLCache
from telegram import Update

from bot.content.library import Library
from bot.domain.flood_limits import MAX_REMEMBERED_CHATS, SPACING, Sharing
from bot.handlers.command_names import danger_behind, written_command
from bot.screens.callback_data import BEGIN_FLOW, FLOW, PAUSE_STOP, kind_of

# Updates that are being handled, or wait; of people at their pace there are a few.
BUSY, SWAMPED = 30, 60
NEVER_LEFT_OUT = ("support", "stop")
GROUND = "ground"  # begins an exercise, which costs more than a card: of one person once a second


class Overload:
    """`waiting`: how many updates are being handled now; `seconds`: a monotonic clock."""

    def __init__(self, library: Library, waiting: Callable[[], int], seconds: Callable[[], float]) -> None:
        self._library = library
        self._waiting = waiting
        self._sharing = Sharing(seconds)
        self._grounded: TTLCache[int, None] = TTLCache(MAX_REMEMBERED_CHATS, SPACING, seconds)  # who asked for /ground

    def leaves_out(self, update: Update, is_behind: bool) -> bool:
        """Whether nothing is done for this update. `is_behind`: an earlier one of its chat is not handled yet."""
        person, chat = update.effective_user, update.effective_chat
        who = person or chat
        if who is None or not _is_request(update):
            return False
        waiting = self._waiting()
        steps_back = self._sharing.steps_back(who.id, is_busy=waiting >= BUSY, is_swamped=waiting >= SWAMPED)
        return not self._is_for_help(update, who.id, is_behind) and steps_back

    def _is_for_help(self, update: Update, who: int, is_behind: bool) -> bool:
        if query := update.callback_query:
            kind = kind_of(query.data or "")
            is_of_exercise = kind in (FLOW, BEGIN_FLOW) and not is_behind
            return query.data == PAUSE_STOP or is_of_exercise or (kind is not None and kind.is_urgent)
        message = update.effective_message
        text = message.text if message else None
        if message and (written := written_command(message)):
            command = self._library.find_command(written.name.lower())
            is_let_in = command in NEVER_LEFT_OUT or (command == GROUND and self._is_first(who))
            return is_let_in or danger_behind(message, self._library) is not None
        return bool(text) and self._library.find_crisis(text or "") is not None

    def _is_first(self, who: int) -> bool:
        """Whether they have not asked for /ground within the last second."""
        is_first = who not in self._grounded
        self._grounded[who] = None
        return is_first


def _is_request(update: Update) -> bool:
    message = update.effective_message
    is_said = message is not None and bool(message.text or message.caption) and not update.callback_query
    return bool(update.callback_query or update.inline_query) or is_said
