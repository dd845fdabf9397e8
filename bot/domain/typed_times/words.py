"""What times and days are called in one language. Made by `english` and `spanish`, read by the room itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True)
class Words:
    """All in lower case and without accents; phrases as they are left without the fillers.

    `rewritten` are patterns (re) and what stands for them from then on, before anything else is looked at.
    """

    fillers: frozenset[str]
    times: Mapping[str, time]
    halves: Mapping[str, str]  # after a time, without spaces and dots -> am, pm, night, or "" for no meaning
    past: Mapping[str, int]  # before an hour -> minutes to add
    days: Mapping[str, int]  # -> days from today
    weekdays: Mapping[str, int]  # Monday is 0
    coming: frozenset[str]  # before a weekday
    months: Mapping[str, int]
    ordinals: frozenset[str]  # after a day of the month
    numbers: Mapping[str, int]
    ahead: frozenset[str]  # before a number of units
    units: Mapping[str, tuple[str, int]]  # -> minutes, days or months, and how many of them
    between: frozenset[str]  # the two ends of a span
    rewritten: Mapping[str, str] = field(default_factory=dict)


def each_of(names: str, *more: str) -> dict[str, int]:
    """Names in their order, and other lists of names for the same."""
    return {name: number for each in (names, *more) for number, name in enumerate(each.split())}
