"""Flood limits: answers per group and minute, to one person, and to a repeated request. For `handlers.flood_guard`.

`Sharing` is asked before all that costs anything, by `handlers.overload`.

The counts live in memory only, and no longer than they are needed.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cachetools import TLRUCache, TTLCache

ANSWERS = 10  # to commands and taps, per group and minute; Telegram takes 20 messages, reminders among them
WINDOW_SECONDS = 60.0  # seconds
DOUBLE = 2.0  # seconds; a second tap within them is a double tap
AGAIN = 10.0  # seconds; the same request within them has an answer already
MAX_REMEMBERED_CHATS = 10_000
AT_ONCE = 120  # answers that one person gets in a row, if they wait for each; after that one a second
CROWD = 3  # updates of one person that wait behind this one: nobody taps or types so fast
SPACING = 1.0  # seconds between two answers then
MOST_ASKED, ASKED_SECONDS = 5, 10.0  # requests of somebody who does not flood, within so many seconds
MOST_FAST, FAST_SECONDS = 2, 3.0  # the same while everything is swamped
MOST_LEFT_OUT, REST_SECONDS = 5, 20.0  # requests of one person; seconds without any, after which that is forgotten
FLOOD = 60  # updates of one person that went unanswered; after that one answer a minute, until they rest for one


@dataclass(slots=True)
class _Person:
    """How many answers somebody may get in a row, as of when; when the last one was; how many updates got none."""

    left: float
    at: float
    answered_at: float
    refused: int = 0


class FloodLimits:
    """Counts answers. `seconds` is a monotonic clock; `at_once`: how many one person gets in a row."""

    def __init__(self, seconds: Callable[[], float], *, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._at_once = at_once
        self._people: TTLCache[int, _Person] = TTLCache(MAX_REMEMBERED_CHATS, WINDOW_SECONDS, seconds)
        self._given: TTLCache[int, deque[float]] = TTLCache(MAX_REMEMBERED_CHATS, WINDOW_SECONDS, seconds)
        # What was asked -> how many seconds its answer serves.
        self._asked: TLRUCache[Hashable, float] = TLRUCache(MAX_REMEMBERED_CHATS, _end_of_window, seconds)

    def is_repeated(self, asked: Hashable, *, within: float) -> bool:
        """Returns whether the same request was answered within so many seconds; if not, records it as answered now.

        `asked` identifies the person, the chat and the request.
        """
        if asked in self._asked:
            return True
        self._asked[asked] = within
        return False

    def allow(self, group: int) -> bool:
        """Returns whether this group may get one more answer now; if so, counts it."""
        now = self._seconds()
        given = self._given.get(group, deque[float]())
        while given and now - given[0] >= WINDOW_SECONDS:
            given.popleft()
        if len(given) >= ANSWERS:
            return False
        given.append(now)
        self._given[group] = given  # remembered for a minute from now
        return True

    def allow_person(self, person_id: int, *, waiting: int) -> bool:
        """Returns whether this person may get one more answer now in their private chat; if so, counts it.

        `waiting`: how many more updates of theirs have come already.
        """
        now = self._seconds()
        person = self._people.get(person_id) or _Person(self._at_once, now, now - WINDOW_SECONDS)
        person.left, person.at = min(person.left + (now - person.at) / SPACING, self._at_once), now
        spacing = WINDOW_SECONDS if person.refused >= FLOOD else SPACING if waiting >= CROWD else 0.0
        is_allowed = person.left >= 1 and now - person.answered_at >= spacing
        if is_allowed:
            person.left, person.answered_at = person.left - 1, now
        else:
            person.refused += 1
        self._people[person_id] = person  # remembered for a minute from now
        return is_allowed


def _end_of_window(asked: Hashable, within: float, now: float) -> float:
    return now + within


class Sharing:
    """Who steps back while more comes than can be handled: whoever asks more often than people do.

    `seconds` is a monotonic clock. Who has been left out very often steps back until they rest.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._asked: TTLCache[Hashable, deque[float]] = TTLCache(MAX_REMEMBERED_CHATS, REST_SECONDS, seconds)
        self._left_out: TTLCache[Hashable, int] = TTLCache(MAX_REMEMBERED_CHATS, REST_SECONDS, seconds)

    def steps_back(self, who: Hashable, *, is_busy: bool, is_swamped: bool = False) -> bool:
        """Counts one more request of theirs, and returns whether it is left out: only while much is going on, and
        sooner while everything is swamped.
        """
        now = self._seconds()
        times = self._asked.get(who) or deque[float](maxlen=MOST_ASKED)
        is_often = len(times) == MOST_ASKED and now - times[0] < ASKED_SECONDS
        is_fast = len(times) >= MOST_FAST and now - times[-MOST_FAST] < FAST_SECONDS
        times.append(now)
        self._asked[who] = times  # remembered until they rest
        left_out = self._left_out.get(who, 0)
        if not (is_busy and (is_often or (is_swamped and is_fast) or left_out >= MOST_LEFT_OUT)):
            return False
        self._left_out[who] = left_out + 1  # remembered until they rest
        return True
