"""Which minutes of its room a Spread takes: other ones each day, the same if asked again. For `due`."""

from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from bot.domain.schedule.days import Intervals


class Limits(NamedTuple):
    """Where each can be: whatever is taken within, in order and `apart`, leaves room for the rest."""

    earliest: tuple[int, ...]
    latest: tuple[int, ...]
    apart: int


def scatter(room: Intervals, *, times: int, apart: int, seed: int, day: date) -> tuple[int, ...]:
    """So many minutes of `room`, in order, at least `apart` from each other, or as far as the room allows.

    Nothing is left to chance: seed and day decide. The room must hold at least `times` minutes.
    """
    limits = _limits(room, times, max(apart, 1))
    taken: list[int] = []
    for low, high, draw in zip(limits.earliest, limits.latest, _draws(seed, day, times), strict=True):
        wanted = low + int(draw * (high - low + 1))
        if taken:
            wanted = max(wanted, taken[-1] + limits.apart)
        taken.append(_at_or_after(room, wanted))
    return tuple(taken)


@lru_cache(maxsize=4096)
def _limits(room: Intervals, times: int, apart: int) -> Limits:
    fits, too_far = 0, apart + 1
    while too_far - fits > 1:
        attempt = apart if too_far > apart else (fits + too_far) // 2  # mostly the first one fits
        if _packed(room, times, attempt):
            fits = attempt
        else:
            too_far = attempt
    mirrored = tuple((1 - end, 1 - start) for start, end in reversed(room))
    latest = [-minute for minute in reversed(_packed(mirrored, times, fits))]
    return Limits(tuple(_packed(room, times, fits)), tuple(latest), fits)


def _packed(room: Intervals, times: int, apart: int) -> list[int]:
    """As early as can be; empty when it does not fit."""
    packed = [room[0][0]]
    while len(packed) < times:
        at = _at_or_after(room, packed[-1] + apart)
        if at == room[-1][1]:
            return []
        packed.append(at)
    return packed


def _at_or_after(room: Intervals, minute: int) -> int:
    """The end of the room when there is none."""
    for start, end in room:
        if minute < end:
            return max(minute, start)
    return room[-1][1]


def _draws(seed: int, day: date, count: int) -> list[float]:
    """In order, from 0 to below 1; the same in every process, which `hash` and `random` do not promise."""
    digest = blake2b(f"{seed} {day.isoformat()}".encode(), digest_size=4 * count).digest()
    return sorted(int.from_bytes(digest[i : i + 4]) / 2**32 for i in range(0, 4 * count, 4))
