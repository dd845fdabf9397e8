"""Chooses the next affirmation of a chat: each wanted one once, in the chat's own random order, then in a new order.

An affirmation's rank depends on the chat's seed and on the number of completed cycles; the next affirmation has the
lowest rank above the last one's. So a chat stores two numbers and no history, and affirmations that are added or
removed in between neither repeat nor shift the others.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

# Ranks are below 2**30, the largest integers that CPython computes in one digit: this runs for every sent message.
MASK = (1 << 30) - 1
BEFORE_FIRST = -1


@dataclass(frozen=True, slots=True)
class Rotation:
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
    def numbers(self) -> tuple[int, ...]:
        """A number for each wanted id."""
        return _numbers(self.wanted)


def next_affirmation(choice: Choice, rotation: Rotation) -> tuple[str, Rotation]:
    """Returns the id to send now and the rotation to store. Raises ValueError when no affirmation is wanted."""
    wanted, cursor = choice.wanted, rotation.cursor
    if not wanted:
        raise ValueError("there is no affirmation to choose from")
    numbers = choice.numbers
    ranks = _ranks(numbers, rotation.seed, rotation.cycle)
    later = [rank for rank in ranks if rank > cursor]
    if later:
        rank = min(later)
        return wanted[ranks.index(rank)], Rotation(rotation.seed, rotation.cycle, rank)
    last = wanted[ranks.index(cursor)] if cursor in ranks else None
    return _begin_again(wanted, numbers, rotation, last)


def _begin_again(
    wanted: tuple[str, ...], numbers: tuple[int, ...], rotation: Rotation, last: str | None
) -> tuple[str, Rotation]:
    """Begins a new order whose first affirmation is not the last one of the old order."""
    cycle = rotation.cycle
    while True:
        cycle += 1
        ranks = _ranks(numbers, rotation.seed, cycle)
        rank = min(ranks)
        chosen = wanted[ranks.index(rank)]
        if chosen != last or len(wanted) == 1:
            return chosen, Rotation(rotation.seed, cycle, rank)


def _ranks(numbers: tuple[int, ...], seed: int, cycle: int) -> list[int]:
    """Multiplies each number by an odd factor modulo 2**30: a bijection, with another order for each factor."""
    digest = hashlib.blake2b(f"{seed}:{cycle}".encode(), digest_size=8).digest()
    factor, shift = int.from_bytes(digest[:4]) & MASK | 1, int.from_bytes(digest[4:]) & MASK
    return [(number ^ shift) * factor & MASK for number in numbers]


@lru_cache(maxsize=1024)
def _numbers(identifiers: tuple[str, ...]) -> tuple[int, ...]:
    """A number for each id. It depends on that id alone, except where two ids collide."""
    taken: dict[int, str] = {}
    for identifier in identifiers:
        number = _number(identifier)
        while number in taken:
            number = number + 1 & MASK
        taken[number] = identifier
    return tuple(taken)


@lru_cache(maxsize=8192)
def _number(identifier: str) -> int:
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=4).digest()) & MASK
