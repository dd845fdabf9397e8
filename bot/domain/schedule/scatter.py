"""Chooses the minutes of a Spread: others each day, the same ones if asked again. Called by `due`."""

from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from bot.domain.schedule.days import Intervals


class Limits(NamedTuple):
    """The earliest and latest minute of each occurrence. Whatever is taken within them leaves room for the rest."""

    earliest: tuple[int, ...]
    latest: tuple[int, ...]
    apart: int


def scatter(room: Intervals, *, times: int, apart: int, seed: int, day: date) -> tuple[int, ...]:
    """Returns `times` minutes of `room`, sorted, at least `apart` minutes apart or as far as the room allows.

    The result depends on seed and day only. The room must hold at least `times` minutes.
    """
    limits = _limits(room, times, max(apart, 1))
    taken: list[int] = []
    for low, high, draw in zip(limits.earliest, limits.latest, _draws(seed, day, times), strict=True):
        wanted = low + int(draw * (high - low + 1))
        if taken:
            wanted = max(wanted, taken[-1] + limits.apart)
        taken.append(_at_or_after(room, wanted))
    return tuple(taken)


def second_of(seed: int, day: date) -> int:
    """Returns a second of a minute, from 0 to 59: another one each day, the same one if asked again."""
    digest = blake2b(f"{seed} {day.isoformat()} second".encode(), digest_size=4).digest()
    return int.from_bytes(digest) * 60 >> 32


@lru_cache(maxsize=4096)
def _limits(room: Intervals, times: int, apart: int) -> Limits:
    fits, too_far = 0, apart + 1
    while too_far - fits > 1:
        attempt = apart if too_far > apart else (fits + too_far) // 2  # mostly `apart` itself fits
        if _packed(room, times, attempt):
            fits = attempt
        else:
            too_far = attempt
    mirrored = tuple((1 - end, 1 - start) for start, end in reversed(room))
    latest = [-minute for minute in reversed(_packed(mirrored, times, fits))]
    return Limits(tuple(_packed(room, times, fits)), tuple(latest), fits)


def _packed(room: Intervals, times: int, apart: int) -> list[int]:
    """Returns the earliest minutes that are `apart`; empty when they do not fit."""
    packed = [room[0][0]]
    while len(packed) < times:
        at = _at_or_after(room, packed[-1] + apart)
        if at == room[-1][1]:
            return []
        packed.append(at)
    return packed


def _at_or_after(room: Intervals, minute: int) -> int:
    """Returns the first minute of the room that is not before `minute`; the end of the room if there is none."""
    for start, end in room:
        if minute < end:
            return max(minute, start)
    return room[-1][1]


def _draws(seed: int, day: date, count: int) -> list[float]:
    """Returns `count` numbers from 0 to below 1, sorted; the same in every process, unlike `hash` and `random`."""
    digest = blake2b(f"{seed} {day.isoformat()}".encode(), digest_size=4 * count).digest()
    return sorted(int.from_bytes(digest[i : i + 4]) / 2**32 for i in range(0, 4 * count, 4))
