"""The rules of reminders (three kinds) and quiet hours, with their JSON. Times are local. Called through `schedule`."""

import json
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

from bot.domain.schedule.recurrence import FIRST_YEAR, LAST_YEAR, Recurring

DAY = 24 * 60  # minutes
LEAST_WAKING = 4 * 60  # minutes; a clock change can take two hours of them, and the fullest Spread must still fit
MOST_TIMES = 12


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


class Daily(Recurring):
    """Occurrences at the same local times on each day that the rule falls on: `at`, and `also` if there are more."""

    kind: Literal["daily"] = "daily"
    at: LocalTime
    also: Annotated[tuple[LocalTime, ...], Field(max_length=MOST_TIMES - 1)] = ()

    @property
    def times(self) -> tuple[time, ...]:
        """All times of a day, sorted, each once."""
        return tuple(sorted({self.at, *self.also}))


class Spread(Recurring):
    """`times` occurrences a day, at other minutes each day, from `start` to `end`, both included."""

    kind: Literal["spread"] = "spread"
    times: Annotated[int, Field(ge=1, le=MOST_TIMES)]
    start: LocalTime
    end: LocalTime
    apart: Annotated[int, Field(ge=0, le=DAY)]  # minutes that pass between two occurrences

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
ALWAYS = ("kind", "weekdays")  # written whatever they are


def read_rule(text: str) -> Rule:
    """Returns the rule of a JSON text. Raises pydantic's ValidationError, which is a ValueError."""
    return _RULES.validate_json(text)


def write_rule(rule: Rule) -> str:
    """Returns the rule as JSON, for `read_rule`: its own fields, the weekdays, and what else is not as it mostly is.

    The same rule is always the same text.
    """
    values, fields = rule.model_dump(mode="json"), type(rule).model_fields
    own = [name for name in fields if name not in Recurring.model_fields]
    order = [*own, *(name for name in Recurring.model_fields if name in fields)]
    written = {name: values[name] for name in order if name in ALWAYS or getattr(rule, name) != fields[name].default}
    return json.dumps(written, separators=(",", ":"))


BREATHER = 15  # minutes from a message that was wished for to the quiet after it


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

    def without(self, local: time) -> "QuietHours | None":
        """Returns the same hours, begun a quarter of an hour after this time or ended by it, whichever takes less away.

        None where nothing is left of them. A time that is not in them changes nothing.
        """
        if not self.contains(local):
            return self
        at, start, end = minute_of(local), minute_of(self.start), minute_of(self.end)
        since, until = (at - start) % DAY, (end - at) % DAY
        if since > until:
            return QuietHours(self.start, local)
        later = divmod((at + BREATHER) % DAY, 60)
        return QuietHours(time(*later), self.end) if until > BREATHER else None
