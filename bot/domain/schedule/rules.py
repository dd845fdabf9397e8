"""The rules of reminders (three kinds) and quiet hours, with their JSON. Times are local. Called through `schedule`."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    model_validator,
)

DAY = 24 * 60  # minutes
LEAST_WAKING = 4 * 60  # minutes; a clock change can take two hours of them, and the fullest Spread must still fit
MOST_TIMES = 12
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)  # Monday is 0
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
FIRST_YEAR, LAST_YEAR = 2000, 2199


def minute_of(at: time) -> int:
    """Returns the minutes since midnight."""
    return at.hour * 60 + at.minute


def _whole_minute(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("give a local time in whole minutes, such as 08:30")
    return value


def _whole_local_minute(value: datetime) -> datetime:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("give a local date and time in whole minutes, such as 2030-12-24T18:00")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"give a year from {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _week(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value:
        raise ValueError("name at least one weekday: 0 is Monday, 6 is Sunday")
    return tuple(sorted(set(value)))


LocalTime = Annotated[
    time,
    AfterValidator(_whole_minute),
    PlainSerializer(lambda value: value.isoformat("minutes"), return_type=str, when_used="json"),
]
LocalMoment = Annotated[
    datetime,
    AfterValidator(_whole_local_minute),
    PlainSerializer(lambda value: value.isoformat(timespec="minutes"), return_type=str, when_used="json"),
]
Weekdays = Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], AfterValidator(_week)]


class Daily(BaseModel):
    """One occurrence at the same local time on each of the weekdays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["daily"] = "daily"
    at: LocalTime
    weekdays: Weekdays = EVERY_DAY


class Spread(BaseModel):
    """`times` occurrences a day, at other minutes each day, from `start` to `end`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["spread"] = "spread"
    times: Annotated[int, Field(ge=1, le=MOST_TIMES)]
    start: LocalTime
    end: LocalTime
    apart: Annotated[int, Field(ge=0, le=DAY)]  # minutes that pass between two occurrences
    weekdays: Weekdays = EVERY_DAY

    @model_validator(mode="after")
    def _fits(self) -> Self:
        window = minute_of(self.end) - minute_of(self.start)
        if window <= 0:
            raise ValueError("start must be before end, on the same day")
        needed = (self.times - 1) * max(self.apart, 1)
        if needed > window:
            raise ValueError(
                f"{self.times} times at least {self.apart} minutes apart need {needed} minutes, "
                f"but start to end is {window}: fewer times, less apart, or a longer window"
            )
        return self


class Once(BaseModel):
    """One occurrence at a local date and time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["once"] = "once"
    at: LocalMoment


Rule: TypeAlias = Annotated[Daily | Spread | Once, Field(discriminator="kind")]
_RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


def read_rule(text: str) -> Rule:
    """Returns the rule of a JSON text. Raises pydantic's ValidationError, which is a ValueError."""
    return _RULES.validate_json(text)


def write_rule(rule: Rule) -> str:
    """Returns the rule as JSON, for `read_rule`."""
    return rule.model_dump_json()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours without reminders, from `start` to just before `end`; over midnight when `start` is the later.

    Raises ValueError when they leave fewer than four hours of the day, or when a time is not in whole minutes.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        _whole_minute(self.start)
        _whole_minute(self.end)
        if self.start == self.end:
            raise ValueError("quiet hours start and end at the same time: for none, use None")
        waking = (minute_of(self.start) - minute_of(self.end)) % DAY
        if waking < LEAST_WAKING:
            raise ValueError(f"quiet hours must leave {LEAST_WAKING} minutes of the day, not {waking}")

    def contains(self, local: time) -> bool:
        """Returns whether a local time is in them."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end
