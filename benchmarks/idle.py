"""Starting and idling: how long until a program is ready among so many subscribers, and what it takes while nobody
taps and nothing is due.

Each is started by itself; then all idle through the same minute, each with a Bot API and a database of its own.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.cases import Case
from benchmarks.contenders.verbs import READY
from benchmarks.launch import Stage, staged
from benchmarks.machine import Cores, read_busy_seconds
from benchmarks.process import Process
from benchmarks.rows import Row
from benchmarks.rush import read_figures

DUE_IN_SECONDS = 9 * 3600.0
SETTLE_SECONDS = 5.0
READY_SECONDS = 120.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Idler:
    stage: Stage
    process: Process
    telegram: Process
    ready_seconds: float

    def read_cpu_seconds(self) -> float:
        """Of the program and its database server."""
        return self.process.read_cpu_seconds() + self.stage.server.read_cpu_seconds()


def measure_all(cases: Sequence[Case], cores: Cores, report: Callable[[Case, str], None]) -> Iterator[Row]:
    """Yields a row for each case; one that does not start is reported and left out."""
    with ExitStack() as stack:
        idlers: list[Idler] = []
        for case in cases:
            report(case, "...")
            try:
                idlers.append(stack.enter_context(_starting(case, cores)))
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                report(case, f"not measured: {error}")
        if not idlers:
            return
        time.sleep(SETTLE_SECONDS)
        seconds = max(case.lasts for case in cases)
        ours = [idler.read_cpu_seconds() for idler in idlers]
        all_ours, busy = _all_seconds(idlers), read_busy_seconds()
        time.sleep(seconds)
        used = [idler.read_cpu_seconds() - before for idler, before in zip(idlers, ours, strict=True)]
        disturbed = max(0.0, 1 - (_all_seconds(idlers) - all_ours) / max(read_busy_seconds() - busy, 0.01))
        for idler, cpu in zip(idlers, used, strict=True):
            yield Row(
                case=idler.stage.case,
                figure=idler.ready_seconds,
                cpu=cpu / seconds * 60,
                megabytes=idler.process.read_megabytes(),
                lost=0,
                disturbed=disturbed,
            )


def _all_seconds(idlers: Sequence[Idler]) -> float:
    return time.process_time() + sum(idler.read_cpu_seconds() + idler.telegram.read_cpu_seconds() for idler in idlers)


@contextmanager
def _starting(case: Case, cores: Cores) -> Iterator[Idler]:
    """Fills the store, starts the program, and yields when it is ready."""
    with staged(case, cores, float(int(time.time() + DUE_IN_SECONDS))) as (stage, telegram):
        assert telegram is not None
        stage.fill()
        began_at = time.monotonic()
        with stage.playing() as process:
            _wait_until_ready(stage, process)
            yield Idler(stage, process, telegram, time.monotonic() - began_at)


def _wait_until_ready(stage: Stage, process: Process) -> None:
    """Ready is who asks Telegram for updates, or, of those that do not poll, who has said so."""
    deadline = time.monotonic() + READY_SECONDS
    while not (process.has_said(READY) or read_figures(stage.drain.api_url).calls.get("getupdates")):
        process.check_alive()
        if time.monotonic() > deadline:
            raise RuntimeError(f"was not ready within {READY_SECONDS:.0f} s")
        time.sleep(LOOK_SECONDS)
