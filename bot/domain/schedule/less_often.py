"""Makes a rule rarer: once a week at most. For whoever says "less often"."""

from bot.domain.schedule.rules import Daily, Once, Spread

A_WEEK = 7  # days


def less_often(rule: Daily | Spread | Once, weekday: int) -> Daily | Spread | Once:
    """Returns the rule on this one weekday (Monday is 0), once; one that comes once a week or less stays as it is."""
    if isinstance(rule, Once) or rule.month_days or rule.nth is not None or rule.every_days >= A_WEEK:
        return rule
    days = rule.weekdays if len(rule.weekdays) == 1 else (weekday,)
    first = rule.first if rule.every_weeks > 1 else None
    rarer = {"weekdays": days, "every_weeks": rule.every_weeks, "first": first, "last": rule.last}
    if isinstance(rule, Daily):
        return Daily.model_validate(rarer | {"at": rule.at})
    return Spread.model_validate(rarer | {"times": 1, "start": rule.start, "end": rule.end, "apart": rule.apart})
