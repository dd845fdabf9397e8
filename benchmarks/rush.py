"""A rush: everything is due at one moment, and one contender drains it. With or without a limit, TLS and latency."""

import json
import math
import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from benchmarks.cases import Case
from benchmarks.launch import Stage, staged
from benchmarks.machine import Cores, read_busy_seconds
from benchmarks.process import Process
from benchmarks.rows import Row
from benchmarks.telegram import Figures

LOOK_SECONDS = 0.25
QUIET_SECONDS = 1.5  # after the last message: marks are still being written
GIVEN_UP_SECONDS = 10.0  # longer than the contenders' own pauses: nothing more will come
QUIET_CPU_SHARE = 0.06
MOST_ATTEMPTS = 3
MOST_DISTURBED = 0.10


@dataclass(frozen=True)
class Usage:
    """Processor seconds so far."""

    contender: float
    """With its database server, if it has one."""
    telegram: float
    ours: float
    """All of these, and the benchmark itself."""
    machine: float


@dataclass(frozen=True)
class Contest:
    stage: Stage
    process: Process
    telegram: Process

    def measure(self) -> Row:
        """Processor time is counted from just before the messages are due until the process has fallen quiet.

        Raises RuntimeError if the process ends.
        """
        case, due_at = self.stage.case, self.stage.drain.due_at
        time.sleep(max(0.0, due_at - 1.2 - time.time()))
        was_ready = time.time() < due_at - 1.0 and self._is_quiet_for(1.0)
        before = self._read_usage()
        was_finished, figures = self._wait_until_drained()
        after = self._read_usage()
        seconds = (figures.last_at or due_at) - due_at
        return Row(
            case=case,
            figure=_figure(case, figures, seconds),
            cpu=(after.contender - before.contender) / figures.delivered * 1000 if figures.delivered else None,
            megabytes=self.process.read_peak_megabytes(),
            lost=case.count - figures.delivered,
            repeated=figures.repeated,
            refused=figures.refused,
            disturbed=max(0.0, 1 - (after.ours - before.ours) / (after.machine - before.machine)),
            server_share=(after.telegram - before.telegram) / seconds if seconds > 0 else 0.0,
            notes=tuple(_notes(case, figures, was_ready=was_ready, was_finished=was_finished)),
        )

    def _wait_until_drained(self) -> tuple[bool, Figures]:
        """Wait for every message and for the work after the last one; False if the deadline came before."""
        drain = self.stage.drain
        time.sleep(max(0.0, drain.due_at - time.time()))
        deadline = drain.due_at + self.stage.case.longest_drain
        quiet_seconds = 0.0
        figures = self._read_figures()
        while time.time() < deadline:
            arrived = figures.arrived + figures.refused
            is_quiet = self._is_quiet_for(LOOK_SECONDS)
            figures = self._read_figures()
            is_quiet = is_quiet and figures.arrived + figures.refused == arrived
            quiet_seconds = quiet_seconds + LOOK_SECONDS if is_quiet else 0.0
            if quiet_seconds >= (QUIET_SECONDS if figures.delivered == drain.count else GIVEN_UP_SECONDS):
                return True, figures
        return False, figures

    def _is_quiet_for(self, seconds: float) -> bool:
        """Whether it neither computes nor would, if it had a processor, nor waits for the disk."""
        before = self._read_wanted_seconds()
        time.sleep(seconds)
        wanted = self._read_wanted_seconds() - before
        return wanted < QUIET_CPU_SHARE * seconds and not self.process.waits_for_disk()

    def _read_wanted_seconds(self) -> float:
        return self.process.read_cpu_seconds() + self.process.read_waiting_seconds()

    def _read_usage(self) -> Usage:
        contender = self.process.read_cpu_seconds() + self.stage.server.read_cpu_seconds()
        telegram = self.telegram.read_cpu_seconds()
        return Usage(contender, telegram, contender + telegram + time.process_time(), read_busy_seconds())

    def _read_figures(self) -> Figures:
        return read_figures(self.stage.drain.api_url)


def read_figures(api_url: str) -> Figures:
    """Asks the Bot API what has arrived."""
    url = urlsplit(api_url)
    assert url.hostname is not None
    if url.scheme == "https":
        context = ssl._create_unverified_context()  # it is this benchmark's own server, and nothing secret is told
        connection: HTTPConnection = HTTPSConnection(url.hostname, url.port, timeout=10, context=context)
    else:
        connection = HTTPConnection(url.hostname, url.port, timeout=10)
    with closing(connection):
        connection.request("GET", "/figures")
        return Figures(**json.loads(connection.getresponse().read()))


def measure(case: Case, cores: Cores, *, may_repeat: bool = True) -> Row:
    """Returns the least disturbed of a few attempts; one is enough if nothing else was going on.

    If a contender that was ready loses or repeats messages, that attempt is the result: it is not tried again.
    Raises RuntimeError if something does not start, or ends early.
    """
    start_seconds = case.start_seconds
    attempts: list[Row] = []
    while len(attempts) < (MOST_ATTEMPTS if may_repeat else 1):
        row = _measure_once(case, cores, start_seconds)
        attempts.append(row)
        if _was_starting(row):
            start_seconds *= 2
        elif row.repeated or row.lost:
            return row
        elif row.disturbed <= MOST_DISTURBED:
            break
    return min(attempts, key=lambda row: (_was_starting(row), row.disturbed))


def _measure_once(case: Case, cores: Cores, start_seconds: float) -> Row:
    due_at = math.ceil(time.time() + start_seconds)
    with staged(case, cores, due_at) as (stage, telegram):
        assert telegram is not None
        stage.fill()
        with stage.playing() as process:
            return Contest(stage, process, telegram).measure()


def _figure(case: Case, figures: Figures, seconds: float) -> float | None:
    if not figures.arrived or seconds <= 0:
        return None
    return seconds if case.per_second else figures.arrived / seconds


STARTING = "was still starting when its messages came due"


def _was_starting(row: Row) -> bool:
    return STARTING in row.notes


def _notes(case: Case, figures: Figures, *, was_ready: bool, was_finished: bool) -> list[str]:
    notes = []
    if not was_ready:
        notes.append(STARTING)
    if not was_finished:
        notes.append(f"was still at work {case.longest_drain:.0f} s after its messages were due, and was stopped")
    if figures.blank:
        notes.append(f"sent {figures.blank:,} messages without text")
    return notes
