"""The command line of the benchmark: `python -m benchmarks --help`; `make bench` calls it."""

import shlex
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, NoReturn

import typer

from benchmarks.cases import QUICK, Case, Loads, Part, make_cases
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.machine import choose_cores, describe_machine
from benchmarks.panels import draw
from benchmarks.report import middle, put_into_page, write_notes, write_table
from benchmarks.rows import Row
from benchmarks.run import Run, say
from benchmarks.summary import write_summary

NAMES = ", ".join(contender.name for contender in CONTENDERS)
PARTS = ",".join(Part)


def main(
    parts: Annotated[str, typer.Option(help="Which parts of the story, with commas between.")] = PARTS,
    only: Annotated[list[str] | None, typer.Option(help=f"Only this one (may be repeated): {NAMES}.")] = None,
    counts: Annotated[str | None, typer.Option(help="How many are due at once, such as 1000,10000.")] = None,
    limits: Annotated[str | None, typer.Option(help="Limits a second and messages, such as 30x300.")] = None,
    subscribers: Annotated[str | None, typer.Option(help="How many there are while it idles.")] = None,
    people: Annotated[str | None, typer.Option(help="How many tap once a second.")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long they tap, and how long it idles.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small numbers: whether all works, in some minutes.")] = False,
    runs: Annotated[int, typer.Option(min=1, help="How often to measure each; the table has the median.")] = 1,
    minutes: Annotated[float, typer.Option(min=1, help="After so long nothing more is begun.")] = 30.0,
    write: Annotated[bool, typer.Option("--write", help="Put table and picture into docs/.")] = False,
) -> None:
    """Measure this bot beside others, each in its own process, against a Bot API on this machine."""
    signal.signal(signal.SIGTERM, _exit)
    usual = QUICK if quick else Loads()
    loads = Loads(
        counts=_read_numbers(counts, "--counts", least=1) if counts else usual.counts,
        limits=_read_limits(limits) if limits else usual.limits,
        subscribers=_read_numbers(subscribers, "--subscribers", least=0) if subscribers else usual.subscribers,
        people=_read_numbers(people, "--people", least=1) if people else usual.people,
        tap_seconds=seconds or usual.tap_seconds,
        idle_seconds=seconds or usual.idle_seconds,
    )
    cases = make_cases(_read_parts(parts), _choose(only), loads)
    run = Run(choose_cores(), time.monotonic() + minutes * 60, may_repeat=not quick)
    cases = run.leave_out_what_cannot_start(cases)
    _say_how_long(cases, runs, minutes)
    for number in range(1, runs + 1):
        run.measure(cases, f"{number}/{runs} " if runs > 1 else "")
    _finish(run, runs, write=write)


def _finish(run: Run, runs: int, *, write: bool) -> None:
    by_case: dict[Case, list[Row]] = {}
    for row in run.rows:
        by_case.setdefault(row.case, []).append(row)
    rows = [middle(its_runs) for its_runs in by_case.values()]
    left_out = "\n".join(f"- not measured: {line}" for line in dict.fromkeys(run.left_out))
    parts = (write_summary(rows), _describe(run, runs), write_table(rows), write_notes(rows), left_out)
    figures = "\n\n".join(filter(None, parts))
    print(figures)
    if write and rows:
        put_into_page(figures)
        try:
            draw(rows, describe_machine())
        except RuntimeError as error:
            say(f"the table is in docs/benchmarks.md; the picture is as it was: {error}")
            raise typer.Exit(1) from error
    if not rows:
        raise typer.Exit(1)


def _choose(only: Sequence[str] | None) -> list[Contender]:
    chosen = [contender for contender in CONTENDERS if not only or contender.name in only]
    unknown = set(only or ()) - {contender.name for contender in chosen}
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))} is not one of {NAMES}", param_hint="--only")
    return chosen


def _read_parts(parts: str) -> list[Part]:
    names = [name.strip() for name in parts.split(",")]
    unknown = [name for name in names if name not in list(Part)]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)} is not one of {PARTS}", param_hint="--parts")
    return [part for part in Part if part in names]


def _read_numbers(given: str, option: str, *, least: int) -> tuple[int, ...]:
    try:
        numbers = tuple(int(number) for number in given.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < least:
        raise typer.BadParameter(f"{given!r}: give whole numbers, such as 1000,10000", param_hint=option)
    return numbers


def _read_limits(given: str) -> tuple[tuple[float, int], ...]:
    try:
        limits = tuple(
            (float(limit), int(count)) for limit, _, count in (each.partition("x") for each in given.split(","))
        )
    except ValueError:
        limits = ()
    if not limits or min(min(limit) for limit in limits) < 1:
        raise typer.BadParameter(
            f"{given!r}: give limits and messages, such as 30x300,1000x10000", param_hint="--limits"
        )
    return limits


def _say_how_long(cases: Sequence[Case], runs: int, minutes: float) -> None:
    idle_seconds = max((case.lasts for case in cases if case.part is Part.IDLE), default=0.0)
    seconds = (sum(case.seconds for case in cases) + idle_seconds) * runs
    latest = datetime.now(UTC) + timedelta(minutes=minutes)
    say(
        f"{len(cases) * runs} measurements, about {seconds / 60:.0f} minutes; "
        f"nothing is begun after {latest:%H:%M} UTC (--minutes {minutes:g})"
    )


def _describe(run: Run, runs: int) -> str:
    pinned = "no core of their own"
    if (core := run.cores.contender) is not None:
        pinned = f"the contender on core {core}, the Bot API and database servers on core {run.cores.telegram}"
    command = shlex.join(("python", "-m", "benchmarks", *sys.argv[1:]))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {describe_machine()}; {pinned}; "
        f"{'one run' if runs == 1 else f'medians of {runs} runs'}{_rounds(run.rows, runs)}: `{command}`"
    )


def _rounds(rows: Sequence[Row], runs: int) -> str:
    """Says so where some are measured several times in a run (`cases.ROUNDS`)."""
    most = max(Counter(row.case for row in rows).values(), default=0) // runs
    return f", with medians of {most} rounds of what is due at once for those that scale" if most > 1 else ""


def _exit(number: int, frame: object) -> NoReturn:
    """SIGTERM ends like Ctrl-C: through every `finally`, which stop the processes and remove their files."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
