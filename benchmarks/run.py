"""One run: case after case, and what could not be measured. Called by the command line."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from benchmarks import idle, rush, taps
from benchmarks.cases import Case, Part
from benchmarks.environment import environment_of_contenders
from benchmarks.machine import Cores
from benchmarks.report import describe
from benchmarks.rows import Row
from benchmarks.stores import missing

# What a contender, a server or an environment that does not start, or ends early, raises.
FAILURES = (RuntimeError, OSError, subprocess.SubprocessError)
MORE_ATTEMPTS = rush.MOST_ATTEMPTS - 1


@dataclass
class Run:
    """Measures case after case, in turns, so that a slow minute of the machine does not hit only one contender."""

    cores: Cores
    ends_at: float
    """On the monotonic clock; nothing is begun after it."""
    may_repeat: bool = True
    """Whether what was disturbed is measured again, if there is time."""
    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def leave_out_what_cannot_start(self, cases: Sequence[Case]) -> list[Case]:
        """Returns the cases whose database and environment are there; a line says what the others lack."""
        lacking = {store: missing(store) for store in {case.store for case in cases}}
        no_environment = None
        if any(case.contender.needs_own_environment for case in cases):
            try:
                environment_of_contenders()
            except RuntimeError as error:
                no_environment = str(error)
        found = []
        for case in cases:
            reason = lacking[case.store] or (case.contender.needs_own_environment and no_environment)
            if reason:
                self._leave_out(case.title, str(reason))
            else:
                found.append(case)
        return found

    def measure(self, cases: Sequence[Case], prefix: str) -> None:
        steps = _steps(cases)
        for place, step in enumerate(steps):
            if time.monotonic() > self.ends_at:
                for case in step:
                    self._leave_out(f"{case.title}, {describe(case)}", "the time was over (--minutes)")
            elif step[0].part is Part.IDLE:
                self._measure_idle(step, prefix)
            else:
                remaining = sum(case.seconds for later in steps[place:] for case in later)
                is_time = time.monotonic() + remaining + MORE_ATTEMPTS * step[0].seconds < self.ends_at
                self._measure_one(step[0], prefix, may_repeat=self.may_repeat and is_time)

    def _measure_one(self, case: Case, prefix: str, *, may_repeat: bool) -> None:
        say(f"{prefix}{describe(case)}: {case.title} ...")
        try:
            if case.part is Part.TAPS:
                row = taps.measure(case, self.cores)
            else:
                row = rush.measure(case, self.cores, may_repeat=may_repeat)
        except FAILURES as error:
            # A contender that cannot run does not stop the others.
            self._leave_out(f"{case.title}, {describe(case)}", str(error))
            return
        self._add(row)

    def _measure_idle(self, cases: Sequence[Case], prefix: str) -> None:
        def report(case: Case, words: str) -> None:
            if words.startswith("not measured"):
                self.left_out.append(f"{case.title}, {describe(case)}")
            say(f"{prefix}{describe(case)}: {case.title} {words}")

        for row in idle.measure_all(cases, self.cores, report):
            self._add(row)

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        shown = "nothing" if row.figure is None else f"{row.figure:,.2f}"
        cpu = "" if row.cpu is None else f", CPU {row.cpu:.2f}"
        say(f"  {shown}{cpu}, {row.megabytes:.0f} MB, lost {row.lost:,}, refused {row.refused:,}, {row.disturbed:.0%}")

    def _leave_out(self, what: str, reason: str) -> None:
        line = f"{what}: {reason.strip()}"
        say(f"  not measured: {line}")
        self.left_out.append(line.partition("\n")[0])


def say(line: str) -> None:
    """Progress goes to standard error; standard output has the table alone."""
    print(line, file=sys.stderr, flush=True)


def _steps(cases: Sequence[Case]) -> list[list[Case]]:
    """Each case by itself, but those that idle at the same time together."""
    steps: list[list[Case]] = []
    for is_idle, found in groupby(cases, key=lambda case: case.part is Part.IDLE):
        group = list(found)
        steps += [group] if is_idle else [[case] for case in group]
    return steps
