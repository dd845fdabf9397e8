"""Which affirmation comes next in a chat: each fitting one once, in an order of the chat's own, then a new order.

Every affirmation has a rank that depends on the chat's seed and on how often the chat has been through them all; the
next one is the lowest rank above the last one's. So a chat remembers two numbers and no history, and words that are
added or taken out in between neither repeat nor shift the others.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

# Ranks are below 2**30, which Python computes with fastest: this runs for every message that is sent.
MASK = (1 << 30) - 1
START = -1


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where a chat is: `cycle` counts the times through, `cursor` is the rank of the last one sent."""

    seed: int
    cycle: int = 0
    cursor: int = START


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chat chooses from: all that there are, and those among them that are not wanted there."""

    identifiers: tuple[str, ...]
    unwanted: frozenset[str] = frozenset()

    def without(self, more: Collection[str]) -> "Choice":
        return Choice(self.identifiers, self.unwanted.union(more)) if more else self

    @property
    def wanted(self) -> tuple[str, ...]:
        """In their order. What is not wanted leaves the ranks of the others as they are."""
        if not self.unwanted:
            return self.identifiers
        return tuple(each for each in self.identifiers if each not in self.unwanted)


def next_affirmation(choice: Choice, rotation: Rotation) -> tuple[str, Rotation]:
    """The one to send now, and the place to remember. Raises ValueError when there is nothing to choose from."""
    wanted, cursor = choice.wanted, rotation.cursor
    if not wanted:
        raise ValueError("there is no affirmation to choose from")
    numbers = _numbers(wanted)
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
    """A new order, one that does not open with what closed the old one."""
    cycle = rotation.cycle
    while True:
        cycle += 1
        ranks = _ranks(numbers, rotation.seed, cycle)
        rank = min(ranks)
        chosen = wanted[ranks.index(rank)]
        if chosen != last or len(wanted) == 1:
            return chosen, Rotation(rotation.seed, cycle, rank)


def _ranks(numbers: tuple[int, ...], seed: int, cycle: int) -> list[int]:
    """Each number times an odd factor, modulo 2**30: one to one, and another order for each factor."""
    digest = hashlib.blake2b(f"{seed}:{cycle}".encode(), digest_size=8).digest()
    factor, shift = int.from_bytes(digest[:4]) & MASK | 1, int.from_bytes(digest[4:]) & MASK
    return [(number ^ shift) * factor & MASK for number in numbers]


@lru_cache(maxsize=1024)
def _numbers(identifiers: tuple[str, ...]) -> tuple[int, ...]:
    """A number for each text that depends on its name alone, and on no other unless two would be the same."""
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
