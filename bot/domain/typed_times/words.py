"""The words for times and days in one language. Filled by `english` and `spanish`, read by `typed_times`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words are in lower case, without accents; phrases are without fillers.

    `rewritten` maps regular expressions to their replacements, which are applied before anything else is read.
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
    """Numbers the names from 0; `more` are lists of other names in the same order."""
    return {name: number for listed in (names, *more) for number, name in enumerate(listed.split())}
