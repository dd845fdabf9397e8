"""The whole program over HTTP: by polling and by webhook; when Telegram is away, refuses, or revokes the token."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select
from telegram.error import InvalidToken

from bot.app import App
from bot.commands.preview import start
from bot.commands.run import RunError, _make_server, open_listener, take_updates
from bot.content.library import Library
from bot.database.engine import Database
from bot.database.models import Chat
from bot.settings import Settings
from localtelegram.clock import MovableClock
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import Person, add_person
from localtelegram.request import LocalRequest
from localtelegram.telegram import LocalTelegram
from tests.wire import app_for, free_port, seconds_with, served, settings_for, until


@pytest.fixture
def ana(telegram: LocalTelegram) -> Person:
    return add_person(telegram, "Ana")


@asynccontextmanager
async def running(settings: Settings, library: Library, clock: MovableClock) -> AsyncIterator[App]:
    """Runs the program as the command `run` does, without signal handlers."""
    app = app_for(settings, library, clock)
    await app.start()
    listener = await open_listener(app.settings, partial(_make_server, app))
    taking = asyncio.create_task(take_updates(app))
    yield app
    app.stopping.set()
    await asyncio.wait([taking])
    if listener:
        await listener.close()
    await app.stop()


async def test_a_person_is_answered_by_polling(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        await ana.taps("Once a day")
        await until(lambda: "What time" in ana.hears()[-1])


async def test_a_person_is_answered_by_webhook(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    telegram.has_local_webhooks = True
    port = free_port()
    async with served(telegram) as address:
        hook = f"http://127.0.0.1:{port}/telegram"
        settings = settings_for(address, tmp_path, webhook_url=hook).model_copy(update={"listen": f"127.0.0.1:{port}"})
        async with running(settings, library, clock), aiohttp.ClientSession() as session:
            await until(lambda: any(call.method == "setWebhook" for call in telegram.sent))
            await ana.starts()
            await until(lambda: len(ana.hears()) == 1)
            base = f"http://127.0.0.1:{port}"
            assert (await session.post(hook, json={"update_id": 1})).status == 403
            secret = {"X-Telegram-Bot-Api-Secret-Token": settings.webhook_secret_token}
            assert (await session.post(hook, data=b"no JSON", headers=secret)).status == 400
            assert (await session.post(hook, json=[1], headers=secret)).status == 400
            assert (await session.get(hook)).status == 405
            assert (await session.get(f"{base}/elsewhere")).status == 404
            metrics = await (await session.get(f"{base}/metrics")).text()
            assert 'bot_messages_total{outcome="sent"} 0.0' in metrics


async def test_health_follows_the_clock_tick(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    port = free_port()
    async with served(telegram) as address:
        settings = settings_for(address, tmp_path).model_copy(update={"listen": f"127.0.0.1:{port}"})
        async with running(settings, library, clock) as app, aiohttp.ClientSession() as session:
            health = f"http://127.0.0.1:{port}/health"
            assert (await session.get(health)).status == 200  # it starts
            await app.scheduler.catch_up()
            assert (await session.get(health)).status == 200
            clock.move(timedelta(minutes=10))
            assert (await session.get(health)).status == 503


async def test_what_was_answered_is_not_sent_again_after_a_stop(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address:
        for count in (1, 2):
            async with running(settings_for(address, tmp_path), library, clock):
                await ana.says("/affirm")
                await until(lambda count=count: len(ana.hears()) == count)  # type: ignore[misc]  # bound as it stands


async def test_messages_sent_while_it_was_away_are_answered_when_it_is_back(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    await ana.starts()
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await until(lambda: len(ana.hears()) == 1)


async def test_replies_survive_a_bad_connection(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        telegram.faults.break_server(method="getUpdates", as_html=True)
        telegram.faults.lose_connection(method="getUpdates")
        await ana.says("/affirm")
        await until(lambda: len(ana.hears()) == 1)


async def test_a_flooded_reply_waits_as_it_was_asked_to(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        telegram.faults.flood(1, method="sendMessage")
        began = asyncio.get_running_loop().time()
        await ana.says("/affirm")
        await until(lambda: len(ana.hears()) == 1)
        assert asyncio.get_running_loop().time() - began >= 1


async def test_profile_calls_that_are_refused_stop_nothing(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
        telegram.faults.refuse(400, "Bad Request: BOT_COMMAND_INVALID", method=method)
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        await until(lambda: any(call.method == "setMyShortDescription" for call in telegram.sent))


async def test_it_waits_for_a_telegram_that_is_away_at_the_start(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    telegram.faults.break_server(method="getMe", times=1)
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)


async def test_a_token_that_is_not_known_ends_the_start(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    async with served(telegram) as address:
        settings = settings_for(address, tmp_path).model_copy(update={"bot_api_url": address})
        app = app_for(settings, library, clock)
        telegram.faults.refuse(401, "Unauthorized", method="getMe")
        with pytest.raises(InvalidToken):
            await app.start()
        await app.stop()


async def test_a_token_that_is_refused_for_a_moment_ends_nothing(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock) as app:
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        telegram.faults.refuse(401, "Unauthorized", method="getUpdates", times=2)
        telegram.faults.refuse(401, "Unauthorized", method="getMe", times=1)
        robin = add_person(telegram, "Robin")
        await robin.starts()
        await until(lambda: len(robin.hears()) == 1)
        assert not app.stopping.is_set()


async def test_a_webhook_that_telegram_refuses_is_logged_with_the_reason(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    async with served(telegram) as address:
        settings = settings_for(address, tmp_path, webhook_url="http://example.org/x")
        app = app_for(settings, library, clock)
        await app.start()
        with pytest.raises(RunError, match=r"WEBHOOK_URL: Telegram does not take it .*(?i:https url) must be provided"):
            await take_updates(app)
        await app.stop()


async def test_a_port_that_is_taken_matters_for_a_webhook_only(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = {"listen": f"127.0.0.1:{taken.getsockname()[1]}"}
        async with served(telegram) as address:
            app = app_for(settings_for(address, tmp_path).model_copy(update=listen), library, clock)
            await app.start()
            assert await open_listener(app.settings, partial(_make_server, app)) is None
            assert "choose another port" in caplog.text
            hook = {"webhook_url": "https://example.org/x", **listen}
            app.settings = app.settings.model_copy(update=hook)
            with pytest.raises(RunError, match="LISTEN: cannot listen"):
                await open_listener(app.settings, partial(_make_server, app))
            await app.stop()


BROKEN_POLL = {"message_id": 9, "date": 1, "chat": {"id": 5, "type": "private"}, "poll": {"id": "1", "question": "q"}}


async def test_an_update_that_cannot_be_read_stops_nobody(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    ana: Person,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        telegram.network.push(telegram.network.bots[TOKEN], "message", BROKEN_POLL, chat_key=5)
        await ana.says("/affirm")
        await until(lambda: len(ana.hears()) == 1)
    assert "an update was passed over" in caplog.text
    assert "question" not in caplog.text


async def test_a_chat_that_has_to_wait_holds_up_nobody_else(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    robin = add_person(telegram, "Robin")
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        telegram.faults.flood(3600, method="sendMessage", chat_id=ana.id)
        await ana.says("/affirm")
        await robin.says("/affirm")
        await until(lambda: len(robin.hears()) == 1)
        assert ana.hears() == []


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
@pytest.mark.parametrize("fault", ["500", "502", "lost", "429"])
async def test_a_tap_is_answered_although_telegram_stumbles(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    ana: Person,
    tmp_path: Path,
    method: str,
    fault: str,
) -> None:
    faults = telegram.faults
    actions: dict[str, Callable[..., object]] = {
        "500": faults.break_server,
        "502": lambda method: faults.break_server(method=method, as_html=True),
        "lost": faults.lose_connection,
        "429": lambda method: faults.flood(1, method=method),
    }
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        actions[fault](method=method)
        await ana.taps("Once a day")
        await until(lambda: "What time" in ana.hears()[-1])
        await until(lambda: len(ana.toasts) == 1)


async def test_a_tap_that_cannot_be_acknowledged_still_does_what_it_says(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
        telegram.faults.refuse(400, "Bad Request: query is too old", method="answerCallbackQuery")
        await ana.taps("Once a day")
        await until(lambda: "What time" in ana.hears()[-1])


async def test_every_body_is_json_as_the_bot_api_defines_it(
    telegram: LocalTelegram, clock: MovableClock, library: Library, ana: Person, tmp_path: Path
) -> None:
    bodies: list[object] = []

    async def call(token: str, method: str, params: dict[str, object], files: object = None) -> object:
        bodies.append(params)
        return await original(token, method, params, files)  # type: ignore[arg-type]  # handed on as it came

    original, telegram.call = telegram.call, call  # type: ignore[method-assign, assignment]  # listens in
    async with served(telegram) as address, running(settings_for(address, tmp_path), library, clock):
        await ana.starts()
        await until(lambda: len(ana.hears()) == 1)
    sent = {name: value for body in bodies if isinstance(body, dict) for name, value in body.items()}
    assert isinstance(sent["offset"], int)
    assert isinstance(sent["chat_id"], int)
    assert isinstance(sent["reply_markup"], dict)
    assert isinstance(sent["commands"], list)


async def test_from_the_first_tap_to_an_affirmation_on_either_database(
    database: Database, telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    url = database.url.render_as_string(hide_password=False)
    settings = settings_for("http://127.0.0.1", tmp_path).model_copy(update={"database_url": url})
    app = App(settings, library, clock=clock, request=LocalRequest(telegram), seconds=seconds_with(clock))
    await start(app, telegram)
    ana = add_person(telegram, "Ana")
    await ana.starts()
    for label in ("Once a day", "08:30", "London, 12:00"):
        await ana.taps(label)
    clock.set(datetime(2026, 3, 3, 8, 30, tzinfo=UTC))
    await app.scheduler.catch_up()
    assert len(ana.hears()) == 3  # the reminder is set, two questions, and the message
    await ana.says("/forget")
    await ana.taps("Yes, delete everything")
    await app.stop()
    async with database.read() as session:
        assert await session.scalar(select(func.count(Chat.id))) == 0
