"""What is measured, in which order, and about how long each takes: a case is one contender at one load."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.contenders import Contender, Store

START_SECONDS = 4.0
OTHERS_START_SECONDS = 7.0  # their libraries are loaded twice, to store and to send
STORE_SECONDS = {Store.POSTGRESQL: 4.0, Store.REDIS: 1.0}  # to start a server
WIND_UP_SECONDS = 4.0  # until a process has fallen quiet and is gone
WARM_UP_SECONDS = 3.0  # of taps, whose times are left out: first connections, first statements
LARGEST_FOR_ALL = 10_000  # what is more is measured for those that scale, alone
ROUNDS = 3  # of those that scale, in turns, at this number: no machine is as quick twice


class Part(StrEnum):
    """A part of the story; the value is what `--parts` takes."""

    RUSH = "rush"
    TLS = "tls"
    LATENCY = "latency"
    LIMIT = "limit"
    TAPS = "taps"
    IDLE = "idle"


@dataclass(frozen=True)
class Loads:
    """How much of everything."""

    counts: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Reminders due at once."""
    limits: tuple[tuple[float, int], ...] = ((30.0, 300), (1_000.0, 10_000))
    """What Telegram takes in a second, and how many are due at once then."""
    subscribers: tuple[int, ...] = (0, 10_000, 1_000_000)
    people: tuple[int, ...] = (200,)
    """How many tap once a second."""
    tap_seconds: float = 15.0
    idle_seconds: float = 60.0


QUICK = Loads(
    counts=(500,),
    limits=((30.0, 90),),
    subscribers=(1_000,),
    people=(20,),
    tap_seconds=5.0,
    idle_seconds=5.0,
)


@dataclass(frozen=True)
class Case:
    part: Part
    contender: Contender
    store: Store
    count: int
    """Messages, people or subscribers."""
    per_second: float | None = None
    """What Telegram takes in a second."""
    lasts: float = 0.0
    """Seconds of taps, or of idling."""

    @property
    def group(self) -> tuple[Part, float | None, int]:
        """Cases of one group are compared with one another."""
        return self.part, self.per_second, self.count

    @property
    def title(self) -> str:
        return self.contender.title if self.store is Store.NONE else f"{self.contender.title} ({self.store})"

    @property
    def start_seconds(self) -> float:
        """From the start of the measurement until the messages are due."""
        usual = OTHERS_START_SECONDS if self.contender.needs_own_environment else START_SECONDS
        return usual + STORE_SECONDS.get(self.store, 0.0) + self.count / self.contender.stores_per_second

    @property
    def longest_drain(self) -> float:
        """Seconds after which a contender that is still sending is stopped."""
        if self.per_second:
            return 10.0 + 2 * self.count / self.per_second
        return 20.0 + self.count / 400

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        if self.part is Part.TAPS:
            return START_SECONDS + STORE_SECONDS.get(self.store, 0.0) + self.lasts + WARM_UP_SECONDS
        if self.part is Part.IDLE:  # all of them idle at the same time
            return self.start_seconds
        drain = self.count / min(self.contender.sends_per_second, self.per_second or math.inf)
        return self.start_seconds + min(drain, self.longest_drain) + WIND_UP_SECONDS


def make_cases(parts: Sequence[Part], contenders: Sequence[Contender], loads: Loads) -> list[Case]:
    """Returns the cases in the order in which they are measured; what takes longest comes last.

    One that is in it several times is measured as often.
    """
    makers = {Part.LIMIT: _limits, Part.TAPS: _taps, Part.IDLE: _idle}
    smaller = [count for count in loads.counts if count <= LARGEST_FOR_ALL]
    larger = [count for count in loads.counts if count > LARGEST_FOR_ALL]
    cases: list[Case] = []
    for part in parts:
        if part is Part.RUSH:
            cases += [case for count in smaller for case in _rush(contenders, count)]
            if LARGEST_FOR_ALL in smaller:
                cases += [*_of_those_that_scale(part, contenders, LARGEST_FOR_ALL)] * (ROUNDS - 1)
        elif part in (Part.TLS, Part.LATENCY):
            cases += _of_those_that_scale(part, contenders, max(smaller, default=LARGEST_FOR_ALL))
        else:
            cases += makers[part](contenders, loads)
    if Part.RUSH in parts:
        cases += [case for count in larger for case in _rush(_scaling(contenders), count)]
    return cases


def _rush(contenders: Sequence[Contender], count: int) -> Iterator[Case]:
    for contender in contenders:
        for store in contender.stores if count >= LARGEST_FOR_ALL else contender.stores[:1]:
            yield Case(Part.RUSH, contender, store, count)


def _of_those_that_scale(part: Part, contenders: Sequence[Contender], count: int) -> Iterator[Case]:
    for contender in _scaling(contenders):
        yield Case(part, contender, contender.stores[0], count)


def _limits(contenders: Sequence[Contender], loads: Loads) -> Iterator[Case]:
    for per_second, count in loads.limits:
        for contender in contenders:
            yield Case(Part.LIMIT, contender, contender.stores[0], count, per_second)


def _taps(contenders: Sequence[Contender], loads: Loads) -> Iterator[Case]:
    for people in loads.people:
        for contender in contenders:
            # The others keep where somebody is in memory, as their documentation's examples do.
            stores = contender.stores if contender.is_this_bot else (Store.NONE,)
            for store in stores if contender.answers_taps else ():
                yield Case(Part.TAPS, contender, store, people, lasts=loads.tap_seconds)


def _idle(contenders: Sequence[Contender], loads: Loads) -> Iterator[Case]:
    for subscribers in loads.subscribers:
        chosen = contenders if subscribers <= LARGEST_FOR_ALL else _scaling(contenders)
        for contender in chosen:
            stores = contender.stores if contender.is_this_bot else contender.stores[:1]
            for store in stores:
                yield Case(Part.IDLE, contender, store, subscribers, lasts=loads.idle_seconds)


def _scaling(contenders: Sequence[Contender]) -> list[Contender]:
    return [contender for contender in contenders if contender.scales]
