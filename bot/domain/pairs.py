"""Morning and evening that belong together: an opening and a closing line of one theme, another one each day.

The theme and both lines depend on the chat's seed and the local date only, so nothing of it is stored. Called by `due`.
"""

from collections.abc import Collection
from datetime import date, time
from hashlib import blake2b

from bot.domain.rotation import Choice
from bot.domain.schedule import Daily, Once, Spread

MIDDAY = time(14)  # local; what comes before opens the day, what comes later closes it


def line_of(choice: Choice, *, seed: int, day: date, at: time) -> str | None:
    """Returns the affirmation of this time of a local day; None if no wanted theme has two."""
    by_theme: dict[str, list[str]] = {}
    for identifier in choice.wanted:
        for theme in set(choice.themes.get(identifier, ())):
            by_theme.setdefault(theme, []).append(identifier)
    themes = sorted(theme for theme, lines in by_theme.items() if len(lines) > 1)
    if not themes:
        return None
    theme = min(themes, key=lambda name: _rank(seed, day, name))
    opening, closing = sorted(by_theme[theme], key=lambda name: _rank(seed, day, name))[:2]
    return opening if at < MIDDAY else closing


def makes_pair(rules: Collection[Daily | Spread | Once]) -> bool:
    """Returns whether the rules name two times of a day between them, one in each half of it."""
    if not all(isinstance(rule, Daily) for rule in rules):
        return False
    times = sorted(at for rule in rules if isinstance(rule, Daily) for at in rule.times)
    return len(times) == 2 and times[0] < MIDDAY <= times[1]


def _rank(seed: int, day: date, name: str) -> bytes:
    return blake2b(f"{seed} {day.isoformat()} {name}".encode(), digest_size=8).digest()
