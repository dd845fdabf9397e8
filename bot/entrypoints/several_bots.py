"""HTTP for several bots in one program: each one's webhook by its name, and how all of them are. For `run_several`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

from bot.entrypoints.http_server import Receive, health_answer, metrics_answer, ready_answer
from bot.entrypoints.vitals import Vitals

AT_ONCE = 8  # databases that are asked how they are


@dataclass
class Served:
    """One bot that runs; `receive` takes its updates by webhook."""

    vitals: Vitals
    receive: Receive


@dataclass
class ServedBots:
    """The bots by their names; the one that stands in `.env` itself has none. `missing`: why others do not run."""

    running: dict[str, Served] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def is_alive(self) -> bool:
        """Whether the loops of all that run turn. One that was started just now may wait for its first turn."""
        of_all = [served.vitals for served in self.running.values()]
        return all(vitals.is_alive() for vitals in of_all if vitals.scheduler.ticked_at)

    async def body(self) -> dict[str, object]:
        """Returns the JSON of /ready: what is missing in any, and each bot's own."""
        room = asyncio.Semaphore(AT_ONCE)

        async def look(served: Served) -> dict[str, object]:
            async with room:
                return (await served.vitals.readiness.get()).body()

        running = dict(self.running)
        bodies = dict(zip(running, await asyncio.gather(*map(look, running.values())), strict=True))
        missing = [f"{name or 'the bot of .env'}: {reason}" for name, reason in self.missing.items()]
        for name, body in bodies.items():
            missing += [f"{name or 'the bot of .env'}: {line}" for line in _lines(body["missing"])]
        return {"ok": not missing, "missing": missing, "bots": bodies}


def _lines(given: object) -> list[str]:
    return [str(line) for line in given] if isinstance(given, list) else []


def routes(bots: ServedBots, webhook_url: str | None) -> list[web.RouteDef]:
    """Returns the routes of /health, /ready and /metrics, of one bot by ?bot=, and the webhook's for each bot.

    Its path is that of WEBHOOK_URL and a name; and the name alone, for a proxy in front that cuts the path off.
    """

    async def health(_: web.Request) -> web.Response:
        return health_answer(bots.is_alive())

    async def ready(_: web.Request) -> web.Response:
        return ready_answer(await bots.body())

    async def metrics(_: web.Request) -> web.Response:
        from bot.entrypoints.metrics import metrics_text_of_several  # noqa: PLC0415 - for who asks

        return metrics_answer(await metrics_text_of_several({n: one.vitals for n, one in bots.running.items()}))

    async def ready_of(served: Served) -> web.Response:
        return ready_answer((await served.vitals.readiness.get()).body())

    async def metrics_of(served: Served) -> web.Response:
        from bot.entrypoints.metrics import metrics_text  # noqa: PLC0415 - for who asks

        return metrics_answer(await metrics_text(served.vitals))

    async def receive(request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("bot", "")
        if served := bots.running.get(name):
            return await served.receive(request)
        return web.Response(status=503 if name in bots.missing else 404)  # after 503 it is delivered again

    own = [
        web.get("/health", health),
        web.get("/ready", _of_one(bots, ready, ready_of)),
        web.get("/metrics", _of_one(bots, metrics, metrics_of)),
    ]
    if webhook_url is None:
        return own
    path = urlsplit(webhook_url).path.rstrip("/")
    paths = (path or "/", f"{path}/", f"{path}/{{bot}}", f"{path}/{{bot}}/", "/", "/{bot}", "/{bot}/")
    return [*own, *(web.post(one, receive) for one in dict.fromkeys(paths))]


def _of_one(bots: ServedBots, of_all: Receive, of_one: Callable[[Served], Awaitable[web.Response]]) -> Receive:
    async def answer(request: web.Request) -> web.Response:
        name = request.query.get("bot")
        if name is None:
            return await of_all(request)
        if name not in bots.running:
            missing = [bots.missing.get(name, "there is no such bot")]
            return web.json_response({"ok": False, "missing": missing}, status=503 if name in bots.missing else 404)
        return await of_one(bots.running[name])

    return answer
