"""The programs that are compared. Each runs in its own process."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    name: str
    title: str
    module: str
    arguments: tuple[str, ...] = ()
    needs_own_environment: bool = False
    is_this_bot: bool = False


CONTENDERS = (
    Contender("bot", "this bot, `python -m bot run`", "bot", ("run",), is_this_bot=True),
    Contender("ptb-httpx", "PTB JobQueue, a `run_daily` each", "benchmarks.contenders.ptb_httpx"),
    Contender("ptb-aiohttp", "the same, over aiohttp", "benchmarks.contenders.ptb_aiohttp"),
    Contender(
        "aiogram",
        "aiogram loop, a write each",
        "benchmarks.contenders.aiogram_loop",
        needs_own_environment=True,
    ),
    Contender("bare", "bare aiohttp loop, batched marks", "benchmarks.contenders.bare_loop"),
)
