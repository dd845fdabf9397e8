"""Rows as one Markdown table with ratios: printed, and put between two marks in docs/benchmarks.md."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from benchmarks.cases import Case, Loads, Part
from benchmarks.contenders import Store
from benchmarks.process import ROOT
from benchmarks.rows import Row
from benchmarks.rush import MOST_DISTURBED

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
YARDSTICKS = ("aiogram", "bare")
BUSY_SHARE = 0.8
HEADINGS = ("who", "figure", "÷ aiogram", "÷ bare", "CPU", "÷ aiogram", "÷ bare", "MB", "lost", "disturbed")
UNITS = {  # of the figure, and of processor time
    Part.RUSH: ("messages/s", "s for 1,000"),
    Part.TLS: ("messages/s", "s for 1,000"),
    Part.LATENCY: ("messages/s", "s for 1,000"),
    Part.LIMIT: ("s; ÷ the least; refusals", "s for 1,000"),
    Part.TAPS: ("ms: p99; p50", "ms a tap"),
    Part.IDLE: ("s to ready", "s a minute"),
}


def write_table(rows: Sequence[Row]) -> str:
    """A heading line for each group of cases, with the options that measure it again, then a line for each."""
    lines = [f"| {' | '.join(HEADINGS)} |", f"| :-- |{' --: |' * (len(HEADINGS) - 1)}"]
    for _, found in groupby(sorted(rows, key=_order), key=lambda row: row.case.group):
        group = list(found)
        case = group[0].case
        figure, cpu = UNITS[case.part]
        lines.append(f"| **{describe(case)}**<br>`{command(case)}` | *{figure}* | | | *{cpu}* | | | | | |")
        lines += [f"| {' | '.join(_cells(row, group))} |" for row in group]
    return "\n".join(lines)


def describe(case: Case) -> str:
    """What is measured, in words."""
    count = f"{case.count:,}"
    return {
        Part.RUSH: f"{count} due at once",
        Part.TLS: f"{count} due at once, over TLS",
        Part.LATENCY: f"{count} due at once, answers after 50 ms",
        Part.LIMIT: f"{count} due at once, Telegram takes {case.per_second or 0:,.0f} a second",
        Part.TAPS: f"{count} people tap once a second",
        Part.IDLE: f"start and idle, {count} subscribers",
    }[case.part]


def command(case: Case) -> str:
    """What measures this group again, after `python -m benchmarks`."""
    number = {
        Part.LIMIT: f"--limits {case.per_second or 0:g}x{case.count}",
        Part.TAPS: f"--people {case.count}",
        Part.IDLE: f"--subscribers {case.count}",
    }.get(case.part, f"--counts {case.count}")
    usual = Loads()
    is_usual = case.lasts in (0.0, {Part.TAPS: usual.tap_seconds, Part.IDLE: usual.idle_seconds}.get(case.part))
    seconds = "" if is_usual else f" --seconds {case.lasts:g}"
    return f"--parts {case.part} {number}{seconds}"


def middle(runs: Sequence[Row]) -> Row:
    """Returns the run with the median figure, with the most that was lost, repeated and refused in any of them."""
    ordered = sorted(runs, key=lambda row: row.figure or 0.0)
    return replace(
        ordered[len(ordered) // 2],
        lost=max(row.lost for row in runs),
        repeated=max(row.repeated for row in runs),
        refused=max(row.refused for row in runs),
        notes=tuple(dict.fromkeys(note for row in runs for note in row.notes)),
    )


def yardstick(row: Row, group: Sequence[Row], name: str) -> Row | None:
    """Returns the row to compare with: on the same database, or else on SQLite or on none."""
    found = [other for other in group if other.case.contender.name == name]
    same = [other for other in found if other.case.store is row.case.store]
    usual = [other for other in found if other.case.store in (Store.SQLITE, Store.NONE)]
    return next(iter(same or usual), None)


def ratio(value: float | None, of: float | None) -> float | None:
    return value / of if value is not None and of else None


def write_notes(rows: Sequence[Row]) -> str:
    """Returns a list: which figures to doubt, and why."""
    notes = [f"{row.case.title}, {describe(row.case)}: {note}" for row in rows for note in row.notes]
    notes += [
        f"{row.case.title}, {describe(row.case)}: {row.repeated:,} messages came twice" for row in rows if row.repeated
    ]
    notes += [
        f"{row.case.title}, {describe(row.case)}: the Bot API was busy for {row.server_share:.0%} of the time, so that "
        "this may be its limit"
        for row in rows
        if row.server_share > BUSY_SHARE
    ]
    if any(row.disturbed > MOST_DISTURBED for row in rows):
        notes.append(f"lines disturbed by more than {MOST_DISTURBED:.0%} are worth measuring again on a quiet machine")
    most = max((row.server_share for row in rows), default=0.0)
    if most:
        notes.append(f"the Bot API of the benchmark was busy for {most:.0%} of its core's time at most")
    return "\n".join(f"- {note}" for note in dict.fromkeys(notes))


def put_into_page(figures: str) -> None:
    """Replace the text between the marks in the page. Raises ValueError if a mark is missing."""
    page = PAGE.read_text(encoding="utf-8")
    before, found_begin, rest = page.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not found_begin or not found_end:
        raise ValueError(f"{PAGE.name} needs the lines {BEGIN} and {END}; the figures go between them")
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")


def _order(row: Row) -> tuple[int, float, int]:
    part, per_second, count = row.case.group
    return list(Part).index(part), per_second or 0.0, count


def _cells(row: Row, group: Sequence[Row]) -> list[str]:
    beside = [yardstick(row, group, name) for name in YARDSTICKS]
    name = f"**{row.case.title}**" if row.case.contender.is_this_bot else row.case.title
    return [
        name,
        _figure(row),
        *(_show(ratio(row.figure, other.figure if other else None), ".2f") for other in beside),
        _show(row.cpu, ".2f"),
        *(_show(ratio(row.cpu, other.cpu if other else None), ".2f") for other in beside),
        f"{row.megabytes:.0f}",
        f"{row.lost:,}",
        f"{row.disturbed:.0%}",
    ]


def _figure(row: Row) -> str:
    if row.figure is None:
        return "-"
    if row.case.part is Part.TAPS:
        return f"{row.figure:.0f}; {row.p50 or 0:.0f}"
    if row.case.part is Part.IDLE:
        return f"{row.figure:.1f}"
    if row.case.part is Part.LIMIT:
        multiple = row.figure * (row.case.per_second or 0.0) / row.case.count
        return f"{row.figure:.1f}; {multiple:.2f}; {row.refused:,}"
    return f"{row.figure:,.0f}"


def _show(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
