"""Delivery by webhook: the secret, the order within a chat, repetition, calls in the bot's answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from localtelegram.answers import Json
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE

from .asking import Ask


@dataclass
class Receiver:
    """Answers with the statuses and bodies in `answers`, then with 200."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    got: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.changed.set()
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await self.changed.wait()
                self.changed.clear()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app) as server:
        receiver.url = f"http://127.0.0.1:{server.port}/hook"
        yield receiver


@pytest.fixture
async def receiver(telegram: LocalTelegram) -> AsyncIterator[Receiver]:
    telegram.has_local_webhooks = True
    async with receiving() as receiver:
        yield receiver
        await telegram.stop()


@pytest.fixture
def pauses(telegram: LocalTelegram) -> list[float]:
    """Collects the seconds that the local Telegram would have waited between its attempts."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    telegram.update_delivery.sleep = pause
    return waited


async def test_updates_come_with_the_secret(ask: Ask, ada: Person, receiver: Receiver) -> None:
    await ada.starts()
    await ask("setWebhook", url=receiver.url, secret_token="s-1")
    await ada.says("hello")
    await receiver.until(lambda: len(receiver.got) == 2)

    assert (receiver.texts(), receiver.secrets) == (["/start", "hello"], ["s-1", "s-1"])


async def test_refused_update_comes_again_before_the_next_of_its_chat(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, receiver: Receiver, pauses: list[float]
) -> None:
    robin = add_person(telegram, "Robin")
    receiver.answers = [
        web.Response(status=500),
        web.Response(status=503, headers={"Retry-After": "7"}),
        web.Response(status=500),
    ]
    await ask("setWebhook", url=receiver.url)
    await ada.says("one")
    await receiver.until(lambda: len(receiver.got) == 4)
    await ada.says("two")
    await robin.says("three")
    await receiver.until(lambda: len(receiver.got) == 6)
    info = (await ask("getWebhookInfo"))["result"]

    assert receiver.texts()[:4] == ["one"] * 4
    assert sorted(receiver.texts()[4:]) == ["three", "two"]
    assert pauses == [0.0, 7.0, 4.0]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_answer_that_names_a_method_is_executed(
    ask: Ask, telegram: LocalTelegram, ada: Person, receiver: Receiver
) -> None:
    heard = asyncio.Event()
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": ada.id, "text": "From the answer"})]
    await ask("setWebhook", url=receiver.url)
    telegram.subscribe(lambda _: heard.set() if ada.hears() else None)

    await ada.starts()
    async with asyncio.timeout(PATIENCE):
        await heard.wait()

    assert ada.hears() == ["From the answer"]


async def test_updates_stay_while_nobody_listens(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    telegram.has_local_webhooks = True
    tried = asyncio.Event()
    forever = asyncio.Event()

    async def pause(_: float) -> None:
        tried.set()
        await forever.wait()

    telegram.update_delivery.sleep = pause
    await ask("setWebhook", url="http://127.0.0.1:9/hook")
    await ada.starts()
    async with asyncio.timeout(PATIENCE):
        await tried.wait()
    info = (await ask("getWebhookInfo"))["result"]
    await ask("deleteWebhook")
    updates = (await ask("getUpdates"))["result"]

    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Connection failed")
    assert [update["message"]["text"] for update in updates] == ["/start"]
