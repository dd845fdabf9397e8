# ruff: noqa: DTZ001 - a person's own time, without a zone
"""Readings in one line, as the lists wishes.yaml and durations.yaml give them."""

from datetime import datetime
from pathlib import Path

import yaml

from bot.domain.typed_times import Span, Wish

NOW = datetime(2025, 11, 26, 10)  # a Wednesday
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def listed(name: str) -> list[tuple[str, str, str]]:
    """Returns language, text and reading of each line of a list."""
    languages = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [(language, text, reading) for language, rows in languages.items() for text, reading in rows.items()]


def wish_in_words(wish: Wish | None) -> str:
    return " ".join((*_said(wish), *_doubts(wish))) if wish else "none"


def span_in_words(span: Span | None) -> str:
    return " ".join((f"{span.until:%Y-%m-%d %H:%M}", *_doubts(span))) if span else "none"


def _doubts(reading: Wish | Span) -> list[str]:
    return [f"?{','.join(sorted(reading.doubts))}"] if reading.doubts else []


def _said(wish: Wish) -> list[str]:
    nth, weekday = wish.nth_weekday or (0, 0)
    parts = [
        "daily" if wish.is_daily else "",
        ",".join(DAYS[day] for day in wish.weekdays),
        f"every{wish.every_days}d" if wish.every_days else "",
        f"every{wish.every_weeks}w" if wish.every_weeks else "",
        f"day:{','.join(map(str, wish.days_of_month))}" if wish.days_of_month else "",
        f"nth:{nth}{DAYS[weekday]}" if nth else "",
        str(wish.date or ""),
        f"from:{wish.first_day}" if wish.first_day else "",
        f"until:{wish.last_day}" if wish.last_day else "",
        "once" if wish.is_once else "",
        f"{wish.times_a_day}/day" if wish.times_a_day else "",
        "-".join(f"{at:%H:%M}" for at in wish.window or ()),
        "+".join(f"{at:%H:%M}" for at in wish.times),
        f"part:{wish.part}" if wish.part else "",
    ]
    return [part for part in parts if part]
