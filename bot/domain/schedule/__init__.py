"""Computes when a reminder is due: takes a rule, a time zone and quiet hours, returns moments in UTC.

Called by `usecases` and `screens`.
"""

from bot.domain.schedule.due import is_quiet, next_due, quiet_ends_at, quiet_starts_at
from bot.domain.schedule.later import Later, comes_at, wall_of
from bot.domain.schedule.less_often import less_often
from bot.domain.schedule.recurrence import EVERY_DAY, LAST, LAST_DAY, MONDAY_TO_FRIDAY, Recurring
from bot.domain.schedule.rules import (
    LEAST_WAKING,
    MOST_TIMES,
    Daily,
    Once,
    QuietHours,
    Rule,
    Spread,
    read_rule,
    write_rule,
)

__all__ = [
    "EVERY_DAY",
    "LAST",
    "LAST_DAY",
    "LEAST_WAKING",
    "MONDAY_TO_FRIDAY",
    "MOST_TIMES",
    "Daily",
    "Later",
    "Once",
    "QuietHours",
    "Recurring",
    "Rule",
    "Spread",
    "comes_at",
    "is_quiet",
    "less_often",
    "next_due",
    "quiet_ends_at",
    "quiet_starts_at",
    "read_rule",
    "wall_of",
    "write_rule",
]
