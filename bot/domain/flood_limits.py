"""How much a group is told in a minute, and that whoever asks the same again and again is answered once: pure.

It remembers in memory alone, and only as long as it needs to. Called by `handlers.screen`.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

ANSWERS = 10  # to commands and taps, in one group and one minute; Telegram takes 20 messages, and reminders come too
MINUTE = 60.0  # seconds
DOUBLE = 2.0  # seconds; a second tap within them was the same one
AGAIN = 10.0  # seconds; who asks the same again within them has an answer already
MOST_REMEMBERED = 10_000


class Restraint:
    """`seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._answers: dict[int, deque[float]] = {}
        self._asked: OrderedDict[Hashable, float] = OrderedDict()

    def is_repeated(self, asked: Hashable, *, within: float) -> bool:
        """Whether just this had its answer so many seconds ago, or less; else it has one now.

        `asked` says by whom, where and what.
        """
        now, last = self._seconds(), self._asked.get(asked)
        if last is not None and now - last < within:
            return True
        self._asked.pop(asked, None)
        self._asked[asked] = now
        if len(self._asked) > MOST_REMEMBERED:
            self._asked.popitem(last=False)
        return False

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
