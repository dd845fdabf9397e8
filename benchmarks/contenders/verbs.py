"""How a contender's program is called: with the verb as its argument. Standard library only."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from benchmarks.drain import Drain

READY = "ready"  # the first line of a contender that does not poll


def call(**verbs: Callable[[Drain], Awaitable[None]]) -> None:
    """Runs `fill` (store what will be due), `run` (send it, and stay) or `answer` (answer taps, and stay)."""
    asyncio.run(_run(verbs[sys.argv[1]]))


def say_ready() -> None:
    """Says that all is set up."""
    print(READY, flush=True)


async def _run(verb: Callable[[Drain], Awaitable[None]]) -> None:
    await verb(Drain.from_environment())
