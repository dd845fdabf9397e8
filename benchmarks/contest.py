"""One contender drains one rush: what the server saw and what the process used becomes a Result."""

import json
import math
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contenders import Contender
from benchmarks.drain import TOKEN, Drain
from benchmarks.environment import make_environment
from benchmarks.machine import Cores, read_busy_seconds
from benchmarks.process import Process, started
from benchmarks.seed import database_url, seed_reminders
from benchmarks.telegram import Figures

START_SECONDS = 6.0
STARTED_PER_SECOND = 1_500  # PTB's JobQueue takes this long to set up its jobs
LOOK_SECONDS = 0.25
QUIET_SECONDS = 1.5  # after the last message: marks are still being written
GIVEN_UP_SECONDS = 7.0  # longer than PTB's timeouts: nothing more will come
QUIET_CPU_SHARE = 0.03
DEADLINE_SECONDS = 60.0
SLOWEST_PER_SECOND = 100
MOST_ATTEMPTS = 3
MOST_DISTURBED = 0.10


@dataclass(frozen=True)
class Usage:
    """Processor seconds so far."""

    process: float
    server: float
    ours: float
    """Both of them, and the benchmark itself."""
    machine: float


@dataclass(frozen=True)
class Result:
    contender: str
    count: int
    delivered: int
    repeated: int
    blank: int
    rate: float | None
    """Messages a second, from the first arrival to the last."""
    rate_from_due: float | None
    cpu_per_1000: float | None
    peak_megabytes: float
    server_rate: float | None
    """What the loopback Bot API could have answered on its core, by its own processor time."""
    was_ready: bool
    was_finished: bool
    """Whether it had fallen quiet before the deadline."""
    disturbed: float
    """The share of the machine's busy time that was not this benchmark's: other programs, or the host."""


@dataclass(frozen=True)
class Contest:
    contender: Contender
    drain: Drain
    process: Process
    server: Process

    def measure(self) -> Result:
        """Processor time is counted from just before the messages are due until the process has fallen quiet.

        Raises RuntimeError if the process ends.
        """
        time.sleep(max(0.0, self.drain.due_at - 1.2 - time.time()))
        was_ready = self._is_quiet_for(1.0)
        before = self._read_usage()
        was_finished, figures = self._wait_until_drained()
        after = self._read_usage()
        return Result(
            contender=self.contender.name,
            count=self.drain.count,
            delivered=figures.delivered,
            repeated=figures.repeated,
            blank=figures.blank,
            rate=per_second(figures.arrived - 1, since=figures.first_at, until=figures.last_at),
            rate_from_due=per_second(figures.arrived, since=self.drain.due_at, until=figures.last_at),
            cpu_per_1000=(after.process - before.process) / figures.delivered * 1000 if figures.delivered else None,
            peak_megabytes=self.process.read_peak_megabytes(),
            server_rate=figures.arrived / (after.server - before.server) if figures.arrived else None,
            was_ready=was_ready,
            was_finished=was_finished,
            disturbed=max(0.0, 1 - (after.ours - before.ours) / (after.machine - before.machine)),
        )

    def _wait_until_drained(self) -> tuple[bool, Figures]:
        """Wait for every message and for the work after the last one; False if the deadline came before."""
        time.sleep(max(0.0, self.drain.due_at - time.time()))
        deadline = self.drain.due_at + DEADLINE_SECONDS + self.drain.count / SLOWEST_PER_SECOND
        quiet_seconds = 0.0
        figures = self._read_figures()
        while time.time() < deadline:
            arrived = figures.arrived
            is_quiet = self._is_quiet_for(LOOK_SECONDS)
            figures = self._read_figures()
            quiet_seconds = quiet_seconds + LOOK_SECONDS if is_quiet and figures.arrived == arrived else 0.0
            if quiet_seconds >= (QUIET_SECONDS if figures.delivered == self.drain.count else GIVEN_UP_SECONDS):
                return True, figures
        return False, figures

    def _is_quiet_for(self, seconds: float) -> bool:
        before = self.process.read_cpu_seconds()
        time.sleep(seconds)
        return self.process.read_cpu_seconds() - before < QUIET_CPU_SHARE * seconds

    def _read_usage(self) -> Usage:
        process, server = self.process.read_cpu_seconds(), self.server.read_cpu_seconds()
        return Usage(process, server, process + server + time.process_time(), read_busy_seconds())

    def _read_figures(self) -> Figures:
        connection = HTTPConnection(self.drain.api_url.removeprefix("http://"), timeout=10)
        try:
            connection.request("GET", "/figures")
            return Figures(**json.loads(connection.getresponse().read()))
        finally:
            connection.close()


def run_contender(contender: Contender, count: int, cores: Cores) -> Result:
    """Returns the least disturbed of a few attempts; one attempt is enough if nothing else was going on.

    If a contender that was ready loses or repeats messages, that attempt is the result: it is not tried again.
    Raises RuntimeError if the contender ends early, CalledProcessError if its environment cannot be made.
    """
    start_seconds = START_SECONDS + count / STARTED_PER_SECOND
    attempts: list[Result] = []
    while len(attempts) < MOST_ATTEMPTS:
        result = run_once(contender, count, cores, start_seconds)
        attempts.append(result)
        if not result.was_ready:
            start_seconds *= 2
        elif result.repeated or result.delivered < count:
            return result
        elif result.disturbed <= MOST_DISTURBED:
            break
    return min(attempts, key=lambda attempt: (not attempt.was_ready, attempt.disturbed))


def run_once(contender: Contender, count: int, cores: Cores, start_seconds: float) -> Result:
    python = make_environment() if contender.needs_own_environment else sys.executable
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        telegram = (sys.executable, "-m", "benchmarks.telegram")
        server = stack.enter_context(started(telegram, folder=folder / "telegram", core=cores.telegram))
        due_at = math.ceil(time.time() + start_seconds)
        drain = Drain(f"http://127.0.0.1:{server.wait_for_line()}", count, due_at, folder / "contender")
        drain.folder.mkdir()
        if contender.is_this_bot:
            seed_reminders(drain)
        process = stack.enter_context(
            started(
                (python, "-m", contender.module, *contender.arguments),
                folder=drain.folder,
                core=cores.contender,
                environment=bot_environment(drain) if contender.is_this_bot else drain.to_environment(),
            )
        )
        return Contest(contender, drain, process, server).measure()


def bot_environment(drain: Drain) -> Mapping[str, str]:
    return {
        "BOT_API_URL": drain.api_url,
        "BOT_TOKEN": TOKEN,
        "DATABASE_URL": database_url(drain),
        "MESSAGES_PER_SECOND": "100000",
        "LISTEN": "127.0.0.1:0",
    }


def per_second(messages: int, *, since: float | None, until: float | None) -> float | None:
    if since is None or until is None or until <= since:
        return None
    return messages / (until - since)
