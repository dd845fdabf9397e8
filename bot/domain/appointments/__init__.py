"""Therapy sessions: when they are, and what may be said around them. Pure. Called by `usecases` and `screens`."""

from bot.domain.appointments.occurrences import (
    HORIZON,
    Occurrence,
    list_occurrences,
    list_skipped,
    local_in,
    next_occurrence,
)
from bot.domain.appointments.plan import (
    CHOSEN_AT_FIRST,
    KEPT_AFTER,
    LEAST_MINUTES,
    MOST_APPOINTMENTS,
    MOST_MINUTES,
    USUAL_MINUTES,
    Appointment,
    Appointments,
    Holiday,
    Prompt,
)
from bot.domain.appointments.prompts import QUIET_AFTER, Event, list_events, next_event, quiet_window

__all__ = [
    "CHOSEN_AT_FIRST",
    "HORIZON",
    "KEPT_AFTER",
    "LEAST_MINUTES",
    "MOST_APPOINTMENTS",
    "MOST_MINUTES",
    "QUIET_AFTER",
    "USUAL_MINUTES",
    "Appointment",
    "Appointments",
    "Event",
    "Holiday",
    "Occurrence",
    "Prompt",
    "list_events",
    "list_occurrences",
    "list_skipped",
    "local_in",
    "next_event",
    "next_occurrence",
    "quiet_window",
]
