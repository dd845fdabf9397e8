"""The command line of the benchmark: `python -m benchmarks --help`; `make bench` calls it."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.contest import Result, run_contender
from benchmarks.machine import Cores, choose_cores, describe_machine
from benchmarks.report import put_into_page, write_notes, write_table

NAMES = ", ".join(contender.name for contender in CONTENDERS)


def main(
    counts: Annotated[str, typer.Option(help="How many messages are due at once, with commas between.")] = "1000,10000",
    runs: Annotated[int, typer.Option(min=1, help="How often to measure each; the table shows medians.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help=f"Measure only this one (may be repeated): {NAMES}.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the table into docs/benchmarks.md.")] = False,
) -> None:
    """Drain reminders due in the same minute into a Bot API on the loopback, this bot beside others."""
    chosen = [contender for contender in CONTENDERS if not only or contender.name in only]
    unknown = set(only or ()) - {contender.name for contender in chosen}
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))} is not one of {NAMES}", param_hint="--only")
    signal.signal(signal.SIGTERM, _exit)
    cores = choose_cores()
    numbers = _read_counts(counts)
    results = list(_measure(chosen, numbers, runs, cores))
    figures = "\n\n".join((_describe(cores, runs), write_table(results), write_notes(results))).strip()
    print(figures)
    if len(results) < len(chosen) * len(numbers) * runs:
        print("not all could be measured (see above); nothing was written", file=sys.stderr)
        raise typer.Exit(1)
    if write:
        put_into_page(figures)


def _measure(chosen: Sequence[Contender], counts: Sequence[int], runs: int, cores: Cores) -> Iterator[Result]:
    """Yields results. The contenders take turns, so that a slow minute of the machine does not hit only one of them."""
    for run in range(1, runs + 1):
        for count in counts:
            for contender in chosen:
                print(f"run {run}/{runs}: {count:,}, {contender.name} ...", file=sys.stderr, flush=True)
                try:
                    result = run_contender(contender, count, cores)
                except (RuntimeError, subprocess.CalledProcessError) as error:
                    # A contender that cannot run, for example without a network, does not stop the others.
                    print(f"  not measured: {error}", file=sys.stderr, flush=True)
                    continue
                print(f"  {result}", file=sys.stderr, flush=True)
                yield result


def _read_counts(counts: str) -> list[int]:
    try:
        numbers = [int(count) for count in counts.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise typer.BadParameter(f"{counts!r}: give whole numbers, such as 1000,10000", param_hint="--counts")
    return numbers


def _describe(cores: Cores, runs: int) -> str:
    pinned = "no core of their own"
    if cores.contender is not None:
        pinned = f"the contender on core {cores.contender}, the Bot API on core {cores.telegram}"
    command = shlex.join(("python", "-m", "benchmarks", *sys.argv[1:]))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {describe_machine()}; {pinned}; "
        f"{'one run' if runs == 1 else f'medians of {runs} runs'}: `{command}`"
    )


def _exit(number: int, frame: object) -> NoReturn:
    """SIGTERM ends like Ctrl-C: through every `finally`, which stop the processes and remove their files."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
