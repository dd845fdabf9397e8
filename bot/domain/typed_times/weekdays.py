"""Days of the week: names, lists, ranges, groups, letters. Pure. Called by `meanings` and `wish`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bot.domain.typed_times.grammar import Chart, Match

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Letter:
    """The days that one letter may stand for."""

    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Days:
    """Some days of the week. `is_choice`: they were said with an "or"."""

    weekdays: frozenset[int]
    is_choice: bool = False


def one_day(match: Match) -> Days:
    """A day by its name."""
    return Days(frozenset({match.one(Weekday).index}))


def monday_to_friday(_match: Match) -> Days:
    """Weekdays."""
    return Days(frozenset(range(5)))


def weekend(_match: Match) -> Days:
    """Saturday and Sunday."""
    return Days(frozenset({5, 6}))


def day_range(match: Match) -> Days | None:
    """From one day to another, over the weekend when the end is the earlier."""
    ends = [weekday.index for weekday in match.all(Weekday)]
    for letter in match.all(Letter):
        if len(letter.weekdays) != 1:
            return None
        ends.extend(letter.weekdays)
    first, last = ends
    return None if first == last else Days(frozenset((first + step) % 7 for step in range((last - first) % 7 + 1)))


def listed(match: Match) -> Days:
    """Days, ranges and groups, one after another."""
    return match.one(Days)


def letters(match: Match) -> Days | None:
    """Letters that rise through the week in one way only: "m w f", but not "t f"."""
    ways = [
        way
        for way in product(*(letter.weekdays for letter in match.one(Letters).letters))
        if list(way) == sorted(set(way))
    ]
    return Days(frozenset(ways[0])) if len(ways) == 1 else None


def all_except(match: Match) -> Days | None:
    """All days except Sunday."""
    return _without(EVERY_DAY, match.one(Days))


def listed_except(match: Match) -> Days | None:
    """Weekdays except Friday; None if the exception is not among them."""
    some, left_out = match.all(Days)
    return None if some.is_choice or not left_out.weekdays <= some.weekdays else _without(some.weekdays, left_out)


def _without(some: frozenset[int], left_out: Days) -> Days | None:
    rest = some - left_out.weekdays
    return Days(rest) if rest and not left_out.is_choice else None


@dataclass(frozen=True, slots=True)
class Letters:
    """Two to seven letters, each for a day."""

    letters: tuple[Letter, ...]


def read_day_list(chart: Chart, start: int) -> Iterator[tuple[int, Days]]:
    """One day, range or group after another, with or without a separator."""
    waiting: list[tuple[int, Days]] = [
        (end, value) for end, value in chart.parse("day", start).items() if isinstance(value, Days)
    ]
    seen: set[int] = set()
    while waiting:
        at, days = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        yield at, days
        places = [(at, days.is_choice), *((end, days.is_choice) for end in chart.parse("and", at))]
        for place, is_choice in [*places, *((end, True) for end in chart.parse("or", at))]:
            for end, more in chart.parse("day", place).items():
                if isinstance(more, Days):
                    waiting.append((end, Days(days.weekdays | more.weekdays, is_choice)))


def read_letters(chart: Chart, start: int) -> Iterator[tuple[int, Letters]]:
    """Letters of days, apart ("m w f", "m/w/f") or in one word ("mwf")."""
    word = chart.tokens[start].text
    if 3 <= len(word) <= 7:
        known = [_letter(chart, sign) for sign in word]
        if all(known):
            yield start + 1, Letters(tuple(letter for letter in known if letter))
    found: list[Letter] = []
    at = start
    while letter := next(iter(chart.parse("letter", at).items()), None):
        end, value = letter
        if not isinstance(value, Letter) or len(found) == 7:
            return
        found.append(value)
        if len(found) > 1:
            yield end, Letters(tuple(found))
        at = next(iter(chart.parse("and", end)), end)


def _letter(chart: Chart, sign: str) -> Letter | None:
    """What one letter inside a word stands for."""
    for production in chart.grammar.productions.get("letter", {}).get(sign, ()):
        value = production.meaning(Match((), (), chart.now))
        if isinstance(value, Letter):
            return value
    return None
