"""The HTTP server: Telegram's webhook; /health, /ready and /metrics for whoever runs it. Called by `commands.run`."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.log import server_logger
from telegram import Bot

from bot.entrypoints.http_connections import MOST_CONNECTIONS, ONE_LINE, Handler, read_body, while_answering
from bot.entrypoints.update_queue import TooManyUpdatesError, UpdateQueue
from bot.entrypoints.vitals import Vitals

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MAX_UPDATE_BYTES = 4 * 1024 * 1024
SETTLES_SECONDS = 1.0  # at a stop

Receive = Callable[[web.Request], Awaitable[web.Response]]


def routes(vitals: Vitals, webhook: Sequence[web.RouteDef] = ()) -> list[web.RouteDef]:
    """Returns the routes of /health, /ready and /metrics, and the webhook's if there is one."""

    async def health(_: web.Request) -> web.Response:
        return health_answer(vitals.is_alive())

    async def ready(_: web.Request) -> web.Response:
        return ready_answer((await vitals.readiness.get()).body())

    async def metrics(_: web.Request) -> web.Response:
        from bot.entrypoints.metrics import metrics_text  # noqa: PLC0415 - Prometheus' library is for who asks

        return metrics_answer(await metrics_text(vitals))

    own = [web.get("/health", health), web.get("/ready", ready), web.get("/metrics", metrics)]
    return [*own, *webhook]


def health_answer(is_alive: bool) -> web.Response:
    """Returns the answer of /health."""
    return web.json_response({"ok": is_alive}, status=200 if is_alive else 503)


def ready_answer(body: Mapping[str, object]) -> web.Response:
    """Returns the answer of /ready: 503 where something is missing."""
    return web.json_response(body, status=200 if body["ok"] else 503)


def metrics_answer(text: bytes) -> web.Response:
    """Returns the answer of /metrics."""
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def webhook_routes(webhook_url: str, receive: Receive) -> list[web.RouteDef]:
    """Returns the routes of Telegram's webhook: the path of WEBHOOK_URL, with and without a slash at its end.

    And / for a proxy in front that cuts the path off.
    """
    path = urlsplit(webhook_url).path.rstrip("/")
    return [web.post(one, receive) for one in dict.fromkeys((path or "/", f"{path}/", "/"))]


def receiver(secret: str, bot: Bot, update_queue: UpdateQueue, is_running: Callable[[], bool]) -> Receive:
    """Returns what takes updates from Telegram, and answers after each was handled. None while the bot starts."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.getall(SECRET_HEADER, [])
        if len(given) != 1 or not hmac.compare_digest(given[0].encode(errors="replace"), secret.encode()):
            log.warning("webhook refused: the secret is missing or wrong")
            return web.Response(status=403)
        if not is_running():
            return web.Response(status=503)  # Telegram delivers it again
        try:
            content = json.loads(await read_body(request))
        except (ValueError, RecursionError):  # no JSON, numbers of endless digits, nested without end
            content = None
        if not isinstance(content, dict) or type(content.get("update_id")) is not int:
            log.warning("webhook refused: that is no update")
            return web.Response(status=400)
        try:
            await update_queue.take_raw(content, bot)
        except TooManyUpdatesError:
            log.error("webhook refused for now: too many updates wait")
            return web.Response(status=503)  # Telegram delivers it again
        return web.Response()

    return receive


class AiohttpServer:
    """Answers connections by these routes, so many at once: the server of a `Listener`."""

    def __init__(self, routes: list[web.RouteDef], most: int = MOST_CONNECTIONS) -> None:
        self._most = most
        application = web.Application(client_max_size=MAX_UPDATE_BYTES, middlewares=[while_answering])
        application.add_routes(routes)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=SETTLES_SECONDS)

    async def open(self) -> None:
        """Begins to answer. Once."""
        await self._runner.setup()
        server_logger.addFilter(ONE_LINE)

    def protocol(self) -> Handler:
        """Returns what handles one connection."""
        server = self._runner.server
        assert server  # noqa: S101 - it is open
        return Handler(server, self._most, loop=asyncio.get_running_loop(), access_log=None)

    async def close(self) -> None:
        """Ends all connections; what is being answered has SETTLES_SECONDS, and as long again to be cancelled."""
        await self._runner.cleanup()
