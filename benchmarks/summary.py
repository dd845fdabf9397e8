"""The table in a few sentences: what whoever reads nothing else should know. Stands above it on the page."""

from collections.abc import Callable, Sequence

from benchmarks.cases import LARGEST_FOR_ALL, Part
from benchmarks.contenders import Store
from benchmarks.report import YARDSTICKS, ratio, yardstick
from benchmarks.rows import Row


def write_summary(rows: Sequence[Row]) -> str:
    """Returns a list: the bot's figure of each part at its largest load that was measured for all, in a sentence."""
    lines = []
    for part, say in SENTENCES.items():
        found = [row for row in rows if row.case.part is part and row.case.contender.is_this_bot]
        found = [row for row in found if row.case.count <= LARGEST_FOR_ALL or part is Part.IDLE]
        row = max(found, key=_weight, default=None)
        if row is not None and row.figure is not None and row.cpu is not None:
            lines.append(f"- {say(row, [other for other in rows if other.case.group == row.case.group])}")
    return "\n".join(lines)


def _weight(row: Row) -> tuple[float, int, bool]:
    """Of limits the one that every bot has; of all else the most, on SQLite."""
    return -(row.case.per_second or 0.0), row.case.count, row.case.store is Store.SQLITE


def _times(row: Row, group: Sequence[Row], name: str, read: Callable[[Row], float | None]) -> str:
    other = yardstick(row, group, name)
    return f"{_shown(ratio(read(row), read(other) if other else None))} times"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}" if value >= 0.1 else f"{value:.2f}"


def _say_rush(row: Row, group: Sequence[Row]) -> str:
    rates = [_times(row, group, name, lambda each: each.figure) for name in YARDSTICKS]
    cpu = _times(row, group, "aiogram", lambda each: each.cpu)
    return (
        f"{row.case.count:,} reminders due at once: {row.figure:,.0f} messages a second, {rates[0]} aiogram's loop and "
        f"{rates[1]} bare HTTP; a message takes {cpu} the processor time of aiogram's."
    )


def _say_limit(row: Row, _: Sequence[Row]) -> str:
    least = row.case.count / (row.case.per_second or 1.0)
    return (
        f"{row.case.count:,} due where Telegram takes {row.case.per_second:,.0f} a second: all are sent after "
        f"{row.figure:.1f} s (the least is {least:.1f} s), and Telegram refused {row.refused:,}."
    )


def _say_taps(row: Row, group: Sequence[Row]) -> str:
    cpu = _times(row, group, "aiogram", lambda each: each.cpu)
    return (
        f"{row.case.count:,} people tap once a second: 99 of 100 are answered within {row.figure:.0f} ms, half of them "
        f"within {row.p50 or 0:.0f} ms; a tap takes {cpu} the processor time of aiogram's, which writes nothing down."
    )


def _say_idle(row: Row, _: Sequence[Row]) -> str:
    return (
        f"{row.case.count:,} subscribers: ready after {row.figure:.1f} s, {row.megabytes:.0f} MB, and {row.cpu:.2f} s "
        "of processor time in a minute in which nothing happens."
    )


SENTENCES = {Part.RUSH: _say_rush, Part.LIMIT: _say_limit, Part.TAPS: _say_taps, Part.IDLE: _say_idle}
