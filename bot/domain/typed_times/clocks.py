"""Hours of the day as they are said: what is open in them, and what decides it. Pure. Read by `meanings`, `wish`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from bot.domain.typed_times.grammar import Chart, Match
from bot.domain.typed_times.numbers import Number

Part = Literal["morning", "noon", "afternoon", "evening", "night"]
Half = Literal["am", "pm", "dawn"] | Part
PARTS: tuple[Part, ...] = get_args(Part)
HALVES: tuple[Half, ...] = ("am", "pm", "dawn", *PARTS)
ROUND_MINUTES = (5, 10, 15, 20, 25)  # "9 to 5" is no time


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as it was said; `shift` is in minutes, so that a quarter to 12 at night is 23:45.

    `is_bare`: said so that it may be either half of the day. `is_sure`: meant so even at night. `is_around`: a
    little before or after will do.
    """

    hour: int
    minute: int = 0
    shift: int = 0
    half: Half | None = None
    is_bare: bool = True
    is_sure: bool = False
    is_rough: bool = False
    is_around: bool = False
    has_two_readings: bool = False


@dataclass(frozen=True, slots=True)
class HalfSaid:
    """What says the half of the day: am, pm, or a part of the day."""

    half: Half


@dataclass(frozen=True, slots=True)
class Window:
    """From one hour to another; over midnight when the end is the earlier."""

    start: Clock
    end: Clock


@dataclass(frozen=True, slots=True)
class Times:
    """Hours of one day. `is_choice`: they were said with an "or"."""

    clocks: tuple[Clock, ...]
    is_choice: bool = False


def is_open(clock: Clock) -> bool:
    """Whether it may be either half of the day."""
    return clock.half is None and clock.is_bare and 1 <= clock.hour <= 11


def time_of(clock: Clock) -> time | None:
    """Returns the time, of 24 hours where nothing says the half of the day; None for such as 13 am."""
    hour = _hour(clock.hour, clock.half)
    if hour is None or (clock.hour == 24 and clock.minute):
        return None
    moment = datetime.combine(date(2000, 1, 2), time(hour, clock.minute)) + timedelta(minutes=clock.shift)
    return moment.time()


def _hour(hour: int, half: Half | None) -> int | None:
    if half is None:
        return hour % 24 if hour <= 24 else None
    if hour > 12 or hour == 0:  # 19 pm is 19:00
        first, last = _HOURS_OF[half]
        return hour if first <= hour <= last else None
    if half in ("am", "dawn"):
        return hour % 12
    if half == "morning":
        return hour
    if half == "noon":
        return {11: 11, 12: 12, 1: 13, 2: 14, 3: 15}.get(hour)
    if half == "night":
        return hour % 12 if hour == 12 or hour <= 5 else hour + 12
    return hour % 12 + 12


# Of the hours that only 24 hours know, those that each half takes.
_HOURS_OF: dict[Half, tuple[int, int]] = {
    "am": (0, 0),
    "dawn": (0, 0),
    "morning": (0, 0),
    "noon": (13, 15),
    "afternoon": (13, 20),
    "evening": (16, 23),
    "night": (18, 23),
    "pm": (13, 23),
}


def with_half(clock: Clock, half: Half) -> Clock:
    """Returns an hour of twelve with its half of the day; a decided one as it is."""
    is_free = clock.half is None and 1 <= clock.hour <= 12 and not clock.is_sure
    return replace(clock, half=half, is_sure=True) if is_free else clock


# What productions mean.


def on_the_hour(match: Match) -> Clock:
    """The hour itself: 8, eight o'clock, 8:30."""
    return match.one(Clock)


def of_24_hours(match: Match) -> Clock:
    """10 hs, which in Spanish is said of 24 hours."""
    return replace(match.one(Clock), is_bare=False)


def half_past(match: Match) -> Clock:
    """Half past 8."""
    return _shifted(match, 30)


def half_past_or_to(match: Match) -> Clock:
    """Half eight is 8:30 in Britain, and 7:30 to whoever thinks in German: it is shown before it is set."""
    return replace(_shifted(match, 30), is_rough=True)


def quarter_past(match: Match) -> Clock:
    """A quarter past 8."""
    return _shifted(match, 15)


def quarter_to(match: Match) -> Clock:
    """A quarter to 8."""
    return _shifted(match, -15)


def minutes_past(match: Match) -> Clock:
    """Ten past 8, 8 30."""
    return _shifted(match, match.one(Number).value)


def minutes_to(match: Match) -> Clock | None:
    """Ten to 8; in digits only with round minutes, since "9 to 5" is no time."""
    minutes, hour = match.one(Number), match.one(Clock).hour
    is_a_span = minutes.is_digits and (minutes.value not in ROUND_MINUTES or hour > 12)
    return None if is_a_span else _shifted(match, -minutes.value)


def noon(_match: Match) -> Clock:
    """12:00."""
    return Clock(12, is_bare=False, is_sure=True)


def midnight(_match: Match) -> Clock:
    """0:00."""
    return Clock(0, is_bare=False, is_sure=True)


def exact(match: Match) -> Clock | None:
    """An hour with or without its half of the day; None for both of 24 hours and of none, such as 13 am."""
    clock, said = match.one(Clock), match.first(HalfSaid)
    if said:
        clock = replace(clock, half=said.half, is_sure=True)
    return None if time_of(clock) is None else clock


def rough(match: Match) -> Clock | None:
    """Around 8."""
    clock = exact(match)
    return replace(clock, is_around=True) if clock else None


def window(match: Match) -> Window | None:
    """The half of one end decides an open other end: 9 to 5 pm is 9:00 to 17:00, 3 to 5 pm 15:00 to 17:00."""
    start, end = match.all(Clock)
    if start.hour == 24:
        return None
    if is_open(start) and not is_open(end):
        later = time_of(end) or time(0)
        for half in _halves_beside(end):
            earlier = time_of(with_half(start, half))
            if earlier and earlier < later:
                return Window(with_half(start, half), end)
        if end.half:
            return Window(with_half(start, "pm"), end)
    if is_open(end) and start.half:
        end = min((with_half(end, "am"), with_half(end, "pm")), key=lambda either: minutes_between(start, either))
    return None if time_of(start) == time_of(end) else Window(start, end)


def minutes_between(start: Clock, end: Clock) -> int:
    """Returns the minutes from one hour to the other, over midnight if need be."""
    first, last = time_of(start) or time(0), time_of(end) or time(0)
    return (last.hour * 60 + last.minute - first.hour * 60 - first.minute) % (24 * 60)


def _halves_beside(end: Clock) -> tuple[Half, ...]:
    if end.half is None or end.hour > 12:  # of 24 hours, as 9 to 17
        return ("am",)
    return ("pm", "am") if (time_of(end) or time(0)).hour >= 12 else ("am",)


def _shifted(match: Match, minutes: int) -> Clock:
    clock = match.one(Clock)
    return replace(clock, shift=minutes)


# Readers.


def read_hour(chart: Chart, start: int) -> Iterator[tuple[int, Clock]]:
    """An hour as a number, 0 to 24."""
    for end, number in chart.parse("number", start).items():
        if isinstance(number, Number) and number.value <= 24 and len(number.text) <= 2 and number.text != "00":
            is_of_24 = number.value > 12 or (len(number.text) == 2 and number.text[0] == "0")
            yield end, Clock(number.value, is_bare=not is_of_24, is_sure=is_of_24)


def read_written(chart: Chart, start: int) -> Iterator[tuple[int, Clock]]:
    """A clock time in digits: 8:30, 8.30, 8h30, 8'30, 0830, and dotted where it is no date."""
    token = chart.tokens[start]
    text = token.text.rstrip(".")
    if token.kind == "number" and len(text) in (3, 4):
        hour, minute = text[:-2], text[-2:]
    elif token.kind in ("clock", "dotted", "comma"):
        hour, minute = "".join(letter if letter.isdigit() else " " for letter in text).split()[:2]
        if token.kind == "dotted" and (1 <= int(minute) <= 12 or len(minute) != 2 or text.count(".") != 1):
            return
    else:
        return
    if int(hour) <= 24 and int(minute) <= 59:
        is_sure = len(hour) == 2 and hour not in ("10", "11", "12")
        is_two_hours = token.kind == "comma" and 1 <= int(minute) <= 24
        yield (
            start + 1,
            Clock(int(hour), int(minute), is_bare=False, is_sure=is_sure, has_two_readings=is_two_hours),
        )


def read_times(chart: Chart, start: int) -> Iterator[tuple[int, Times]]:
    """One hour, or several with a separator. One that could be two hours as well ("8 y 20") has two readings."""
    single = {end: clock for end, clock in chart.parse("time", start).items() if isinstance(clock, Clock)}
    found = {end: Times((clock,)) for end, clock in single.items()}
    waiting = list(found.items())
    while waiting:
        at, times = waiting.pop()
        separators = [(end, times.is_choice) for end in chart.parse("and", at)]
        if times.clocks[-1].half:  # 8am 2pm 9pm
            separators.append((at, times.is_choice))
        for place, is_choice in [*separators, *((end, True) for end in chart.parse("or", at))]:
            for end, clock in chart.parse("time", place).items():
                if not isinstance(clock, Clock):
                    continue
                if place == at and not clock.half:
                    continue
                if end in single and is_open(single[end]):
                    found[end] = Times((replace(single[end], has_two_readings=True),))
                elif end not in found:
                    found[end] = Times((*times.clocks, clock), is_choice)
                    waiting.append((end, found[end]))
    yield from found.items()
