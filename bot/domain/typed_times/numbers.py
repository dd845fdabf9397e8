"""Numbers in digits and in words. Pure. Called by `languages`, `clocks`, `dates` and `rhythms`."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.typed_times.grammar import Chart, Match

LONGEST = 4  # digits


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with its digits if it was not said in words."""

    value: int
    text: str = ""

    @property
    def is_digits(self) -> bool:
        """Whether it was written in digits."""
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many: a number, or such as "a" and "a couple of"."""

    value: int


@dataclass(frozen=True, slots=True)
class Ordinal:
    """First is 1, last is -1."""

    value: int


def read_digits(chart: Chart, start: int) -> Iterator[tuple[int, Number]]:
    """A number in digits."""
    token = chart.tokens[start]
    if token.kind == "number" and len(token.text) <= LONGEST:
        yield start + 1, Number(int(token.text), token.text)


def read_minutes(chart: Chart, start: int) -> Iterator[tuple[int, Number]]:
    """Minutes before or after an hour."""
    for end, number in chart.parse("number", start).items():
        if isinstance(number, Number) and 1 <= number.value <= 59:
            yield end, number


def read_two_digits(chart: Chart, start: int) -> Iterator[tuple[int, Number]]:
    """Minutes of which both digits are said: 05, 30, thirty."""
    for end, number in chart.parse("number", start).items():
        if isinstance(number, Number) and number.value <= 59:
            is_two = len(number.text) == 2 if number.is_digits else number.value >= 10
            if is_two:
                yield end, number


def read_year(chart: Chart, start: int) -> Iterator[tuple[int, Number]]:
    """A year in four digits."""
    token = chart.tokens[start]
    if token.kind == "number" and len(token.text) == 4:
        yield start + 1, Number(int(token.text), token.text)


def read_day_number(chart: Chart, start: int) -> Iterator[tuple[int, Number]]:
    """A day of the month, as a number or as an ordinal."""
    for end, value in chart.parse("ordinal", start).items():
        if isinstance(value, Ordinal) and 1 <= value.value <= 31:
            yield end, Number(value.value)
    for end, value in chart.parse("number", start).items():
        if isinstance(value, Number) and 1 <= value.value <= 31 and len(value.text) <= 2:
            yield end, Number(value.value)


def read_amount(chart: Chart, start: int) -> Iterator[tuple[int, Amount]]:
    """How many, as a number."""
    for end, value in chart.parse("number", start).items():
        if isinstance(value, Number):
            yield end, Amount(value.value)


def total(match: Match) -> Number:
    """Twenty and five."""
    return Number(sum(number.value for number in match.all(Number)))


def ordinal(match: Match) -> Ordinal:
    """1st, 2nd."""
    return Ordinal(match.one(Number).value)
