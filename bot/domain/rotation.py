"""Chooses the next affirmation of a chat: each wanted one once, in the chat's own random order, then in a new order.

Each affirmation is in one of 4,096 buckets by its id. An order of the buckets follows from the chat's seed and the
number of completed cycles, and an affirmation's rank from its bucket's place in it; the next affirmation has the lowest
rank above the last one's. So a chat stores two numbers and no history, and affirmations that are added or removed in
between neither repeat nor shift the others.
"""

import hashlib
from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

BUCKETS = 1 << 12
BITS = 18  # of an affirmation's own place in its bucket; with the bucket's, integers of one digit in CPython
OWN = (1 << BITS) - 1
BEFORE_FIRST = -1
# In so few it is quicker to look at all than to look for the next bucket that is not empty.
FEW = 40


class Rotation(NamedTuple):
    """A chat's place: `cycle` counts completed orders, `cursor` is the rank of the affirmation that was sent last."""

    seed: int
    cycle: int = 0
    cursor: int = BEFORE_FIRST


@dataclass(frozen=True)
class Choice:
    """The affirmations that a chat chooses from: all ids, and those among them that the chat does not want.

    `themes` holds the themes of each id.
    """

    identifiers: tuple[str, ...]
    unwanted: frozenset[str] = frozenset()
    themes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    def without(self, more: Collection[str]) -> "Choice":
        """Returns the choice with `more` ids unwanted."""
        return replace(self, unwanted=self.unwanted.union(more)) if more else self

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The wanted ids in their order. Their ranks do not depend on the unwanted ones."""
        if not self.unwanted:
            return self.identifiers
        return tuple(identifier for identifier in self.identifiers if identifier not in self.unwanted)

    @cached_property
    def buckets(self) -> Mapping[int, Sequence[tuple[int, str]]]:
        """The wanted ids by bucket, each with its place in it, in order."""
        return _buckets(self.wanted)


class _Order(NamedTuple):
    """An order of the buckets: a bijection, with another order for each factor and shift."""

    factor: int  # odd
    shift: int

    def place_of(self, bucket: int) -> int:
        """From 0 to BUCKETS - 1."""
        return (bucket ^ self.shift) * self.factor & BUCKETS - 1

    def first(self, buckets: Mapping[int, Sequence[tuple[int, str]]], from_place: int) -> tuple[int, str] | None:
        """Returns rank and id of the first affirmation from this place on; None if there is none."""
        if len(buckets) <= FEW:
            places = {self.place_of(bucket): bucket for bucket in buckets}
            place = min((place for place in places if place >= from_place), default=None)
            return None if place is None else self._of(place, buckets[places[place]][0])
        shift, inverse, last = self.shift, _inverse(self.factor), BUCKETS - 1
        for number in range(from_place * inverse, BUCKETS * inverse, inverse):  # `bucket_at` for each place in turn
            bucket = number & last ^ shift
            if bucket in buckets:
                return self._of(number // inverse, buckets[bucket][0])
        return None

    def after(self, buckets: Mapping[int, Sequence[tuple[int, str]]], cursor: int) -> tuple[int, str] | None:
        """Returns rank and id of the affirmation with the lowest rank above `cursor`; None if there is none."""
        if cursor == BEFORE_FIRST:
            return self.first(buckets, 0)
        place = cursor >> BITS
        there = buckets.get(self.bucket_at(place), ())
        after = bisect(there, cursor & OWN, key=_own)
        return self._of(place, there[after]) if after < len(there) else self.first(buckets, place + 1)

    def at(self, buckets: Mapping[int, Sequence[tuple[int, str]]], cursor: int) -> str | None:
        """Returns the id with this rank; None if it is gone."""
        there = buckets.get(self.bucket_at(cursor >> BITS), ()) if cursor >= 0 else ()
        return next((identifier for own, identifier in there if own == cursor & OWN), None)

    def bucket_at(self, place: int) -> int:
        """The other way round than `place_of`."""
        return (place * _inverse(self.factor) & BUCKETS - 1) ^ self.shift

    @staticmethod
    def _of(place: int, there: tuple[int, str]) -> tuple[int, str]:
        return place << BITS | there[0], there[1]


def next_affirmation(choice: Choice, rotation: Rotation) -> tuple[str, Rotation]:
    """Returns the id to send now and the rotation to store. Raises ValueError when no affirmation is wanted."""
    if not choice.wanted:
        raise ValueError("there is no affirmation to choose from")
    buckets, cycle = choice.buckets, rotation.cycle
    order = _order(rotation.seed, cycle)
    if found := order.after(buckets, rotation.cursor):
        return found[1], Rotation(rotation.seed, cycle, found[0])
    last = order.at(buckets, rotation.cursor)
    while True:  # a new order, whose first affirmation is not the last one of the old order
        cycle += 1
        found = _order(rotation.seed, cycle).first(buckets, 0)
        if found and (found[1] != last or len(choice.wanted) == 1):
            return found[1], Rotation(rotation.seed, cycle, found[0])


@lru_cache(maxsize=BUCKETS // 2)  # one for each odd factor
def _inverse(factor: int) -> int:
    return pow(factor, -1, BUCKETS)


def _order(seed: int, cycle: int) -> _Order:
    digest = int.from_bytes(hashlib.blake2b(f"{seed}:{cycle}".encode(), digest_size=4).digest())
    return _Order(digest & BUCKETS - 1 | 1, digest >> 12 & BUCKETS - 1)


@lru_cache(maxsize=1024)
def _buckets(identifiers: tuple[str, ...]) -> Mapping[int, Sequence[tuple[int, str]]]:
    buckets: dict[int, list[tuple[int, str]]] = {}
    for identifier in identifiers:
        number = _number(identifier)
        there = buckets.setdefault(number >> BITS, [])
        own = number & OWN
        while any(own == other for other, _ in there):  # two ids of one number, in a thousand million pairs
            own = own + 1 & OWN
        there.append((own, identifier))
    return {bucket: tuple(sorted(there)) for bucket, there in buckets.items()}


@lru_cache(maxsize=8192)
def _number(identifier: str) -> int:
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=4).digest()) & (BUCKETS << BITS) - 1


def _own(there: tuple[int, str]) -> int:
    return there[0]
