"""The programs that are compared. Each runs in a process of its own; docs/benchmarks.md says how each is set."""

from dataclasses import dataclass
from enum import StrEnum


class Store(StrEnum):
    """Where a contender keeps what is due."""

    NONE = "memory"
    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"
    REDIS = "Redis"


@dataclass(frozen=True)
class Contender:
    name: str
    title: str
    module: str
    stores: tuple[Store, ...] = (Store.SQLITE,)
    needs_own_environment: bool = True
    is_this_bot: bool = False
    answers_taps: bool = False
    scales: bool = False
    """Whether it is measured with the largest numbers, too."""
    stores_per_second: int = 60_000
    """At least so many reminders it stores, or sets up at its start, in a second; when they are due goes by it."""
    sends_per_second: int = 2_000
    """About so many messages; only how long all takes is reckoned with it."""


BOTH = (Store.SQLITE, Store.POSTGRESQL)
CONTENDERS = (
    Contender(
        "bot",
        "this bot",
        "bot",
        BOTH,
        needs_own_environment=False,
        is_this_bot=True,
        answers_taps=True,
        scales=True,
        sends_per_second=5_000,
    ),
    Contender(
        "ptb",
        "python-telegram-bot",
        "benchmarks.contenders.ptb",
        (Store.NONE,),
        answers_taps=True,
        stores_per_second=1_000,
        sends_per_second=60,
    ),
    Contender(
        "apscheduler",
        "APScheduler",
        "benchmarks.contenders.apscheduler_jobs",
        stores_per_second=800,
        sends_per_second=1_000,
    ),
    Contender(
        "arq",
        "arq",
        "benchmarks.contenders.arq_worker",
        (Store.REDIS,),
        stores_per_second=600,
        sends_per_second=700,
    ),
    Contender(
        "procrastinate",
        "procrastinate",
        "benchmarks.contenders.procrastinate_worker",
        (Store.POSTGRESQL,),
        stores_per_second=1_500,
        sends_per_second=300,
    ),
    Contender(
        "aiogram",
        "aiogram",
        "benchmarks.contenders.aiogram_loop",
        BOTH,
        answers_taps=True,
        scales=True,
    ),
    Contender(
        "bare",
        "bare HTTP",
        "benchmarks.contenders.bare_loop",
        BOTH,
        needs_own_environment=False,
        answers_taps=True,
        scales=True,
        sends_per_second=5_000,
    ),
)
