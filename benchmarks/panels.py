"""What docs/benchmarks.svg shows of the rows: four questions, a bar for each contender. `picture` draws it.

The picture is drawn by another Python, which has matplotlib: benchmarks/requirements-pictures.lock.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.cases import LARGEST_FOR_ALL, Part
from benchmarks.environment import environment_of_pictures
from benchmarks.process import ROOT, run_to_end
from benchmarks.rows import Row

FILE = ROOT / "docs" / "benchmarks.svg"


@dataclass(frozen=True)
class Bar:
    name: str
    value: float
    label: str
    kind: str
    """`bot`, `floor` or `other`."""


@dataclass(frozen=True)
class Panel:
    title: str
    hint: str
    bars: tuple[Bar, ...]


def draw(rows: Sequence[Row], machine: str, file: Path = FILE) -> None:
    """Draws the picture anew. Raises RuntimeError if matplotlib cannot be had, or does not draw."""
    given = json.dumps({"panels": [asdict(panel) for panel in panels_of(rows)], "footer": machine})
    command = (environment_of_pictures(), "-m", "benchmarks.picture", str(file))
    run_to_end(command, f"{file.name} could not be drawn", folder=ROOT, given=given)


def panels_of(rows: Sequence[Row]) -> list[Panel]:
    """Returns those for which something was measured."""
    return [panel for panel in (_rush(rows), _cpu(rows), _limit(rows), _taps(rows)) if panel.bars]


def _rush(rows: Sequence[Row]) -> Panel:
    found = _of_largest(rows, Part.RUSH)
    title = f"{_count(found)} reminders due at once: messages a second"
    return Panel(
        title, "more is better", _bars(found, lambda row: row.figure, lambda value: f"{value:,.0f}", is_more=True)
    )


def _cpu(rows: Sequence[Row]) -> Panel:
    found = _of_largest(rows, Part.RUSH)
    bars = _bars(found, lambda row: row.cpu, lambda value: f"{value:.2f} s", is_more=False)
    return Panel("The same: processor time for 1,000 messages", "less is better", bars)


def _limit(rows: Sequence[Row]) -> Panel:
    found = _of_largest(rows, Part.LIMIT)
    per_second = found[0].case.per_second if found else 0.0
    title = f"{_count(found)} due, Telegram takes {per_second:,.0f} a second: refusals"
    return Panel(
        title, "less is better", _bars(found, lambda row: row.refused, lambda value: f"{value:,.0f}", is_more=False)
    )


def _taps(rows: Sequence[Row]) -> Panel:
    hint = "less is better; this bot alone writes each step down"
    found = _of_largest(rows, Part.TAPS)
    title = f"{_count(found)} people tap: 99 of 100 are answered within"
    return Panel(title, hint, _bars(found, lambda row: row.figure, lambda value: f"{value:.0f} ms", is_more=False))


def _of_largest(rows: Sequence[Row], part: Part) -> list[Row]:
    """Returns the rows of the largest load that was measured for all, each contender on its usual database."""
    found = [row for row in rows if row.case.part is part and row.case.count <= LARGEST_FOR_ALL]
    # Of limits the one that every bot has; of all else the most.
    group = max((row.case.group for row in found), key=lambda each: (-(each[1] or 0.0), each[2]), default=None)
    first: dict[str, Row] = {}
    for row in found:
        if row.case.group == group:
            first.setdefault(row.case.contender.name, row)
    return list(first.values())


def _bars(
    rows: Sequence[Row], read: Callable[[Row], float | None], label: Callable[[float], str], *, is_more: bool
) -> tuple[Bar, ...]:
    """The best one first; whoever lost messages comes last, because a figure of a part says nothing."""
    bars = []
    for row in rows:
        value = read(row)
        if row.lost and row.case.part is not Part.TAPS:
            bars.append((True, 0.0, _bar(row, 0.0, f"{row.lost:,} of {row.case.count:,} did not come")))
        elif value is not None:
            bars.append((False, -value if is_more else value, _bar(row, value, label(value))))
    return tuple(bar for _, _, bar in sorted(bars, key=lambda each: each[:2]))


def _bar(row: Row, value: float, label: str) -> Bar:
    contender = row.case.contender
    kind = "bot" if contender.is_this_bot else "floor" if contender.name == "bare" else "other"
    return Bar(contender.title, value, label, kind)


def _count(rows: Sequence[Row]) -> str:
    return f"{rows[0].case.count:,}" if rows else ""
