"""Starts what a measurement needs, each a process of its own: the Bot API, a database, and the contender at last."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cases import Case, Part
from benchmarks.certificate import write_certificate
from benchmarks.contenders import Store
from benchmarks.drain import TOKEN, Drain
from benchmarks.environment import environment_of_contenders
from benchmarks.machine import Cores
from benchmarks.process import ROOT, Process, pinned_to, run_to_end, started
from benchmarks.seed import seed_reminders
from benchmarks.stores import Server, served

LATENCY_SECONDS = 0.05
NO_LIMIT = "100000"  # the most that the bot's setting takes
FREE_PER_SECOND = 30.0
FILL_SECONDS = 600.0


@dataclass(frozen=True)
class Stage:
    """Everything but the contender's process, which `playing` starts on it."""

    case: Case
    drain: Drain
    server: Server
    cores: Cores
    trusted: Path | None
    """The certificate to be trusted."""

    @contextmanager
    def playing(self, verb: str = "run") -> Iterator[Process]:
        contender = self.case.contender
        arguments = ("run",) if contender.is_this_bot else (verb,)
        command = (_python(self.case), "-m", contender.module, *arguments)
        with started(
            command, folder=self.drain.folder, core=self.cores.contender, environment=self._environment()
        ) as process:
            yield process

    def fill(self) -> None:
        """Stores what will be due. Raises RuntimeError if it cannot."""
        if self.case.contender.is_this_bot:
            seed_reminders(self.drain, bot_database_url(self.drain))
            return
        if self.case.store is Store.NONE:
            return
        command = (_python(self.case), "-m", self.case.contender.module, "fill")
        environment = {"PYTHONPATH": str(ROOT), **self._environment()}
        with pinned_to(self.cores.contender):
            what = f"{self.case.contender.name} could not store its jobs"
            run_to_end(command, what, folder=self.drain.folder, environment=environment, seconds=FILL_SECONDS)

    def _environment(self) -> Mapping[str, str]:
        trusted = {"SSL_CERT_FILE": str(self.trusted)} if self.trusted else {}
        if not self.case.contender.is_this_bot:
            return self.drain.to_environment() | trusted
        per_second = self.drain.per_second
        return {
            "BOT_API_URL": self.drain.api_url,
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": bot_database_url(self.drain),
            "MESSAGES_PER_SECOND": NO_LIMIT if per_second is None else f"{per_second:g}",
            "PAID_BROADCAST": str(per_second is not None and per_second > FREE_PER_SECOND).lower(),
            "LISTEN": "127.0.0.1:0",
        } | trusted


@contextmanager
def staged(case: Case, cores: Cores, due_at: float, api_url: str = "") -> Iterator[tuple[Stage, Process | None]]:
    """Yields a stage and the Bot API's process, which is None where `api_url` names another one's.

    Raises RuntimeError if a part of it does not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        contenders = folder / "contender"
        contenders.mkdir()
        certificate, trusted = write_certificate(folder) if case.part is Part.TLS else (None, None)
        telegram = None
        if not api_url:
            command = telegram_command(case, certificate)
            telegram = stack.enter_context(started(command, folder=folder / "telegram", core=cores.telegram))
            api_url = f"{'https' if certificate else 'http'}://127.0.0.1:{telegram.wait_for_line()}"
        server = stack.enter_context(served(case.store, folder / "store", cores.telegram))
        drain = Drain(api_url, case.count, due_at, contenders, server.url, case.per_second)
        yield Stage(case, drain, server, cores, trusted), telegram


def telegram_command(case: Case, certificate: Path | None) -> tuple[str, ...]:
    command = [sys.executable, "-m", "benchmarks.telegram", "--per-second", str(case.per_second or 0)]
    if case.part is Part.LATENCY:
        command += ["--latency", str(LATENCY_SECONDS)]
    if certificate:
        command += ["--certificate", str(certificate)]
    return tuple(command)


def bot_database_url(drain: Drain) -> str:
    """Returns the address of the bot's own database."""
    return drain.store_url or f"sqlite:///{drain.folder / 'bot.db'}"


def _python(case: Case) -> str:
    return environment_of_contenders() if case.contender.needs_own_environment else sys.executable
