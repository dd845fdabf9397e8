"""How much a group is told in a minute, and that whoever asks the same again and again is answered once: pure.

It remembers in memory alone, and only as long as it needs to. Called by `handlers.screen`.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

ANSWERS = 10  # to commands and taps, in one group and one minute; Telegram takes 20 messages, and reminders come too
MINUTE = 60.0  # seconds
SAME = 3.0  # seconds; the same thing asked again by the same person within them has an answer already
MOST_REMEMBERED = 10_000


class Restraint:
    """`seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._answers: dict[int, deque[float]] = {}
        self._asked: OrderedDict[Hashable, float] = OrderedDict()

    def is_repeated(self, asked: Hashable) -> bool:
        """Whether just this was asked a moment ago; `asked` says by whom, where and what."""
        now = self._seconds()
        last = self._asked.pop(asked, None)
        self._asked[asked] = now
        if len(self._asked) > MOST_REMEMBERED:
            self._asked.popitem(last=False)
        return last is not None and now - last < SAME

    def has_room(self, group: int) -> bool:
        """Whether this group may be given one more answer now; if so, it counts as given."""
        now = self._seconds()
        given = self._answers.setdefault(group, deque())
        while given and now - given[0] >= MINUTE:
            given.popleft()
        if len(given) >= ANSWERS:
            return False
        given.append(now)
        if len(self._answers) > MOST_REMEMBERED:
            self._answers = {key: value for key, value in self._answers.items() if value and now - value[-1] < MINUTE}
        return True
