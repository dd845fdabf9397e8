"""What a person has told of their sessions: rules, changes, holidays, the end, and the prompts that they chose.

Frozen values: each method returns a changed copy. Stored as JSON that holds rules, dates and names of zones, no words.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.schedule import Daily, Once
from bot.domain.schedule.rules import LocalMoment

USUAL_MINUTES, LEAST_MINUTES, MOST_MINUTES = 50, 10, 300  # of a session
MOST_APPOINTMENTS = 12  # single dates that are past are among them for a while
KEPT_AFTER = timedelta(days=60)  # for so long a change that is past can still matter to what lies between two sessions


class Prompt(StrEnum):
    """What may come around a session. The text is what is stored and stands in buttons."""

    DAY_BEFORE = "before"
    SHORTLY = "shortly"
    QUIET = "quiet"  # says nothing: ordinary messages wait
    EVENING = "evening"
    MIDWEEK = "midweek"
    ENDING = "ending"  # after the last session of all; not a choice of its own


CHOSEN_AT_FIRST = (Prompt.DAY_BEFORE, Prompt.QUIET, Prompt.EVENING)


class Frozen(BaseModel):
    """Nothing here changes, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Moved(Frozen):
    """A session that takes place at another time than its rule says."""

    day: date  # on which it would have been
    to: LocalMoment


class Holiday(Frozen):
    """Days on which no session takes place: from `first` to the day before `back`."""

    first: date
    back: date

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.back <= self.first:
            raise ValueError("a holiday ends after it begins")
        return self

    def contains(self, day: date) -> bool:
        """Returns whether the day is in it; the day of return is not."""
        return self.first <= day < self.back


class Appointment(Frozen):
    """One rule by which sessions take place, in the zone in which it was agreed."""

    rule: Annotated[Daily | Once, Field(discriminator="kind")]
    zone: str  # IANA; it stays when the person travels
    minutes: Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)] = USUAL_MINUTES
    skipped: tuple[date, ...] = ()
    moved: tuple[Moved, ...] = ()

    @model_validator(mode="after")
    def _is_one_a_day(self) -> Self:
        if isinstance(self.rule, Daily) and self.rule.also:
            raise ValueError("one session a day for each appointment: add another appointment for the second")
        return self

    def is_past(self, today: date) -> bool:
        """Returns whether it has no session on this day of its zone or later."""
        last = self.rule.at.date() if isinstance(self.rule, Once) else self.rule.last
        return last is not None and max([last, *(move.to.date() for move in self.moved)]) < today


class Appointments(Frozen):
    """All appointments of one person. `ends_on`: the day of the last session, if therapy ends."""

    appointments: Annotated[tuple[Appointment, ...], Field(max_length=MOST_APPOINTMENTS)] = ()
    holidays: tuple[Holiday, ...] = ()
    prompts: tuple[Prompt, ...] = CHOSEN_AT_FIRST
    ends_on: date | None = None

    @classmethod
    def from_stored(cls, text: str) -> Self:
        """Returns what `to_json` has written. Raises pydantic's ValidationError, which is a ValueError."""
        return cls.model_validate_json(text)

    def to_json(self) -> str:
        """Returns it as JSON; the same value is always the same text."""
        return self.model_dump_json()

    def with_added(self, appointment: Appointment) -> Self:
        """Adds an appointment, and takes back an end. The same rule twice stays one: a double tap does no harm."""
        known = {(other.rule, other.zone) for other in self.appointments}
        is_known = (appointment.rule, appointment.zone) in known
        added = self.appointments if is_known else (*self.appointments, appointment)
        return self.model_copy(update={"appointments": added, "ends_on": None})

    def without(self, index: int) -> Self:
        """Removes one appointment."""
        left = tuple(other for place, other in enumerate(self.appointments) if place != index)
        return self.model_copy(update={"appointments": left})

    def with_skipped(self, index: int, day: date) -> Self:
        """The session of this day does not take place, wherever it was moved to."""
        return self._change(index, skipped={*self.appointments[index].skipped, day})

    def brought_back(self, index: int, day: date) -> Self:
        """The session of this day takes place after all, where it was moved to, if it was."""
        return self._change(index, skipped={*self.appointments[index].skipped} - {day})

    def with_moved(self, index: int, move: Moved) -> Self:
        """The session of this day takes place at another time, also if it was skipped or falls into a holiday."""
        kept = [other for other in self.appointments[index].moved if other.day != move.day]
        return self.brought_back(index, move.day)._change(index, moved=[*kept, move])

    def with_holiday(self, holiday: Holiday) -> Self:
        """Adds a holiday in place of those that it overlaps. What was moved into it before does not take place."""
        apart = [other for other in self.holidays if other.back <= holiday.first or holiday.back <= other.first]
        holidays = tuple(sorted([*apart, holiday], key=lambda other: other.first))
        plan = self.model_copy(update={"holidays": holidays})
        for index, appointment in enumerate(self.appointments):
            for move in appointment.moved:
                if holiday.contains(move.to.date()):
                    plan = plan.with_skipped(index, move.day)
        return plan

    def without_holidays(self) -> Self:
        """Removes all holidays."""
        return self.model_copy(update={"holidays": ()})

    def is_holiday(self, day: date) -> bool:
        """Returns whether the day is in a holiday."""
        return any(holiday.contains(day) for holiday in self.holidays)

    def with_prompt(self, prompt: Prompt, *, is_chosen: bool) -> Self:
        """Chooses a prompt, or leaves it out."""
        chosen = {*self.prompts, prompt} if is_chosen else {*self.prompts} - {prompt}
        return self.model_copy(update={"prompts": tuple(known for known in Prompt if known in chosen)})

    def with_end(self, day: date | None) -> Self:
        """Ends therapy with the last session up to this day; None: it goes on."""
        return self.model_copy(update={"ends_on": day})

    def with_minutes(self, minutes: int) -> Self:
        """Gives all sessions this length, which is one that the model takes."""
        return self._each({"minutes": minutes})

    def in_zone(self, zone: str) -> Self:
        """Moves all appointments to another zone: their local times stay."""
        return self._each({"zone": zone})

    def without_past(self, today: date) -> Self:
        """Forgets appointments, changes and holidays that are so long past that they matter to nothing."""
        since = today - KEPT_AFTER
        appointments = tuple(
            other.model_copy(
                update={
                    "skipped": tuple(day for day in other.skipped if day >= since),
                    "moved": tuple(move for move in other.moved if max(move.day, move.to.date()) >= since),
                }
            )
            for other in self.appointments
            if not other.is_past(since)
        )
        holidays = tuple(other for other in self.holidays if other.back >= since)
        return self.model_copy(update={"appointments": appointments, "holidays": holidays})

    def _each(self, changes: dict[str, object]) -> Self:
        changed = tuple(other.model_copy(update=changes) for other in self.appointments)
        return self.model_copy(update={"appointments": changed})

    def _change(
        self, index: int, *, skipped: Collection[date] | None = None, moved: Collection[Moved] | None = None
    ) -> Self:
        changes: dict[str, object] = {}
        if skipped is not None:
            changes["skipped"] = tuple(sorted(skipped))
        if moved is not None:
            changes["moved"] = tuple(sorted(moved, key=lambda move: move.day))
        new = self.appointments[index].model_copy(update=changes)
        return self.model_copy(
            update={"appointments": (*self.appointments[:index], new, *self.appointments[index + 1 :])}
        )
