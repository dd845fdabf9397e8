"""HTTP in: Telegram's webhook, /health for whoever watches the program, /metrics for Prometheus."""

import hmac
import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from telegram import Bot, Update

from bot.inbox import Inbox
from bot.outbox import Counts

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_UPDATE = 4 * 1024 * 1024  # bytes


class Counted(Collector):
    """What /metrics tells: numbers only, nothing of anyone."""

    def __init__(self, counts: Counts, waiting: Callable[[], float]) -> None:
        self._counts = counts
        self._seconds_since_look = waiting

    def collect(self) -> list[Metric]:
        messages = CounterMetricFamily("bot_messages", "Queued messages by what became of them", labels=["outcome"])
        for outcome in ("sent", "postponed", "skipped", "failed"):
            messages.add_metric([outcome], getattr(self._counts, outcome))
        look = GaugeMetricFamily(
            "bot_seconds_since_look", "Seconds since the program last asked what is due", self._seconds_since_look()
        )
        return [messages, look]


def routes(is_healthy: Callable[[], bool], counted: Collector, webhook: web.RouteDef | None) -> list[web.RouteDef]:
    registry = CollectorRegistry()
    registry.register(counted)

    async def health(request: web.Request) -> web.Response:
        healthy = is_healthy()
        return web.json_response({"ok": healthy}, status=200 if healthy else 503)

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": "text/plain; version=0.0.4"})

    own = [web.get("/health", health), web.get("/metrics", metrics)]
    return [*own, webhook] if webhook else own


def webhook_route(webhook_url: str, secret: str, bot: Bot, inbox: Inbox) -> web.RouteDef:
    """Where Telegram delivers: the path of WEBHOOK_URL. Answered when the update has been handled."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            log.warning("webhook refused: the secret is missing or wrong")
            return web.Response(status=403)
        try:
            content = await request.json()
            update = Update.de_json(content, bot)
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
            log.warning("webhook refused: that is no update")
            return web.Response(status=400)
        await inbox.take(update)
        return web.Response()

    return web.post(urlsplit(webhook_url).path or "/", receive)


async def serve(routes: list[web.RouteDef], host: str, port: int) -> web.AppRunner:
    """Listen; ends with `cleanup()`. Raises OSError when the address is taken."""
    application = web.Application(client_max_size=LARGEST_UPDATE)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
