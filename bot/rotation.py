"""Which affirmation comes next in a chat: each fitting one once, in an order of the chat's own, then a new order.

Every affirmation has a rank that depends on the chat's seed and on how often the chat has been through them all; the next one
is the lowest rank above the last one's. So a chat remembers two numbers and no history, and words that are added or taken out
in between neither repeat nor shift the others.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

# A Mersenne prime: x -> (a * x + b) mod P is a different permutation of 0..P-1 for each a (1..P-1) and b.
P = (1 << 61) - 1
START = -1


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where a chat is: `cycle` counts the times through, `cursor` is the rank of the last one sent."""

    seed: int
    cycle: int = 0
    cursor: int = START


def next_affirmation(identifiers: Iterable[str], rotation: Rotation) -> tuple[str, Rotation]:
    """The one to send now, and the place to remember. Raises ValueError when there is nothing to choose from."""
    numbers = [(_number(each), each) for each in identifiers]
    if not numbers:
        raise ValueError("there is no affirmation to choose from")
    a, b = _order(rotation.seed, rotation.cycle)
    ranked = [((a * number + b) % P, each) for number, each in numbers]
    later = [pair for pair in ranked if pair[0] > rotation.cursor]
    if later:
        rank, chosen = min(later)
        return chosen, Rotation(rotation.seed, rotation.cycle, rank)
    last = next((each for rank, each in ranked if rank == rotation.cursor), None)
    return _begin_again(numbers, rotation, last)


def _begin_again(numbers: list[tuple[int, str]], rotation: Rotation, last: str | None) -> tuple[str, Rotation]:
    """A new order, one that does not open with what closed the old one."""
    cycle = rotation.cycle
    while True:
        cycle += 1
        a, b = _order(rotation.seed, cycle)
        rank, chosen = min(((a * number + b) % P, each) for number, each in numbers)
        if chosen != last or len(numbers) == 1:
            return chosen, Rotation(rotation.seed, cycle, rank)


@cache
def _number(identifier: str) -> int:
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest()) % P


def _order(seed: int, cycle: int) -> tuple[int, int]:
    digest = hashlib.blake2b(f"{seed}:{cycle}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8]) % (P - 1) + 1, int.from_bytes(digest[8:]) % P
