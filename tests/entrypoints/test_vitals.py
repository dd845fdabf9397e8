"""/health, /ready and /metrics: true, bounded in time, cheap to ask, and without anything about anyone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bot.app import App
from bot.entrypoints import vitals as vitals_module
from bot.entrypoints.http_server import AiohttpServer, routes
from bot.entrypoints.listening import Listener
from bot.entrypoints.vitals import Remembered, Vitals
from bot.settings import PROJECT
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram

PAGE = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
FIGURES = (PROJECT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")


@asynccontextmanager
async def asking(vitals: Vitals) -> AsyncIterator[aiohttp.ClientSession]:
    listener = Listener(lambda: AiohttpServer(routes(vitals)))
    await listener.open("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.addresses[0][1]}") as session:
        yield session
    await listener.close()


@pytest.fixture(autouse=True)
def forgets_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals_module, "REMEMBERED_SECONDS", -1.0)


async def test_a_program_that_is_well_is_alive_and_ready(app: App) -> None:
    async with asking(app.vitals) as session:
        assert (await session.get("/health")).status == 200  # it starts: its clock has not turned yet
        assert (await session.get("/ready")).status == 503
        await app.scheduler.catch_up()
        assert (await session.get("/health")).status == 200
        answer = await session.get("/ready")
        assert answer.status == 200
        body = await answer.json()
    assert body == {
        "ok": True,
        "missing": [],
        "database": "reachable",
        "telegram": "reachable",
        "lead": "this process",
        "last_look_seconds": body["last_look_seconds"],
    }
    assert set(body) == set(re.findall(r'"(\w+)":', PAGE.partition("```json")[2].partition("```")[0]))


async def test_a_clock_that_does_not_turn_is_neither(app: App, clock: MovableClock) -> None:
    await app.scheduler.catch_up()
    clock.move(timedelta(minutes=4))
    assert not app.vitals.is_alive()
    assert (await app.vitals.readiness.get()).missing == [
        "reminders: what is due has not been looked at for three minutes; see the log"
    ]


async def test_a_poller_that_has_stopped_is_not_alive(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    await app.scheduler.catch_up()
    assert app.vitals.is_alive()
    monkeypatch.setattr(vitals_module, "SILENT_AFTER", timedelta(0))
    monkeypatch.setattr(app.vitals, "_is_recent", lambda _: True)
    assert not app.vitals.is_alive()
    app.vitals.polls = False  # by webhook nobody may call for days
    assert app.vitals.is_alive()


async def test_telegram_that_cannot_be_reached_is_said(
    app: App, telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.scheduler.catch_up()
    telegram.faults.lose_connection(times=None)
    app.vitals.calls.answered_at = None
    monkeypatch.setattr(vitals_module, "TELEGRAM_SECONDS", 0.05)
    readiness = await app.vitals.readiness.get()
    assert [missing.partition(":")[0] for missing in readiness.missing] == ["telegram"]
    assert app.vitals.is_alive()


async def test_a_token_that_is_not_accepted_is_said(app: App, telegram: LocalTelegram) -> None:
    await app.scheduler.catch_up()
    telegram.faults.refuse(401, "Unauthorized", method="getMe")
    app.vitals.calls.answered_at = None
    assert (await app.vitals.readiness.get()).missing == ["telegram: does not accept BOT_TOKEN"]


@pytest.mark.parametrize("error", [OperationalError("x", None, Exception("x")), ConnectionRefusedError(), None])
async def test_a_database_that_is_away_or_hangs_is_said(
    app: App, error: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_: object) -> None:
        if error:
            raise error
        await asyncio.Event().wait()

    await app.scheduler.catch_up()
    monkeypatch.setattr(vitals_module, "read_figures", read)
    monkeypatch.setattr(vitals_module, "DATABASE_SECONDS", 0.05)
    assert [missing.partition(":")[0] for missing in (await app.vitals.readiness.get()).missing] == ["database"]
    async with asking(app.vitals) as session:
        text = await (await session.get("/metrics")).text()
    assert "bot_database_up 0.0" in text
    assert "bot_queue_messages" not in text
    assert "bot_messages_total" in text


async def test_who_leads_is_not_known_while_the_database_is_away(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def is_away() -> str:
        return "gives no answer"

    monkeypatch.setattr(app.vitals, "_try_database", is_away)
    assert not app.scheduler.leads
    assert (await app.vitals.readiness.get()).lead == "not known"


async def test_a_process_that_does_not_lead_is_ready_too(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def is_taken() -> bool:
        return False

    monkeypatch.setattr(app.scheduler, "take_lead", is_taken)
    await app.scheduler.catch_up()
    readiness = await app.vitals.readiness.get()
    assert (readiness.missing, readiness.lead, readiness.last_look_seconds) == ([], "another process", None)


async def test_many_who_ask_cause_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    async def look() -> int:
        await asyncio.sleep(0)
        looks.append(1)
        return len(looks)

    monkeypatch.setattr(vitals_module, "REMEMBERED_SECONDS", 60.0)
    remembered = Remembered(look)
    first = asyncio.create_task(remembered.get())
    await asyncio.sleep(0)
    first.cancel()  # its connection was closed
    assert set(await asyncio.gather(*(remembered.get() for _ in range(100)))) == {1}
    assert await remembered.get() == 1
    monkeypatch.setattr(vitals_module, "REMEMBERED_SECONDS", -1.0)
    assert await remembered.get() == 2


async def test_a_look_that_failed_is_not_remembered() -> None:
    async def look() -> int:
        raise LookupError

    remembered = Remembered(look)
    for _ in range(2):
        with pytest.raises(LookupError):
            await remembered.get()


async def figures_of(app: App) -> dict[str, Any]:
    async with asking(app.vitals) as session:
        text = await (await session.get("/metrics")).text()
    return {family.name: family for family in text_string_to_metric_families(text)}


async def test_the_figures_tell_what_happened(
    app: App, ana: Person, telegram: LocalTelegram, clock: MovableClock
) -> None:
    await ana.starts()
    await ana.taps("Once a day")
    await ana.says("8:30")
    await ana.says("Berlin")
    clock.move(timedelta(days=1, minutes=3))
    figures = await figures_of(app)
    assert value(figures, "bot_overdue_reminders") == 1
    assert value(figures, "bot_oldest_due_seconds") > 60
    await app.scheduler.catch_up()
    figures = await figures_of(app)
    assert value(figures, "bot_overdue_reminders") == 0
    assert value(figures, "bot_messages", outcome="sent") == 1
    assert {sample.value for sample in figures["bot_lateness_seconds"].samples if sample.name.endswith("_count")} == {1}
    assert value(figures, "bot_telegram_calls", result="ok") == len(telegram.sent)
    assert value(figures, "bot_leads") == 1
    assert value(figures, "bot_last_look_timestamp_seconds") == clock().timestamp()
    assert any(sample.value >= 4 for sample in figures["bot_reply_seconds"].samples if sample.name.endswith("_count"))


def value(figures: dict[str, Any], name: str, **labels: str) -> float:
    return next(float(sample.value) for sample in figures[name].samples if sample.labels == labels)


async def test_the_page_names_every_figure_with_its_labels(app: App) -> None:
    await app.scheduler.catch_up()
    figures = await figures_of(app)
    # Each with a word on what it tells, and one on what to do.
    rows = dict(re.findall(r"^\| `(bot_\w+)` \| (\w+) \| [^|]{9,} \| [^|]{9,} \|$", FIGURES, re.MULTILINE))
    names = {f"{name}_total" if family.type == "counter" else name for name, family in figures.items()}
    assert set(rows) == names
    assert {name for name, of in rows.items() if of == "database"} == {
        "bot_queue_messages",
        "bot_overdue_reminders",
        "bot_oldest_due_seconds",
        "bot_drain_seconds",
        "bot_set_aside_rows",
        "bot_resting_chats",
    }
    for name, family in figures.items():
        line = next(line for line in FIGURES.splitlines() if line.startswith(f"| `{name}"))
        for sample in family.samples:
            for label in set(sample.labels) - {"le", "version", "python", "revision"}:
                assert f"`{label}`" in line
            if name in ("bot_messages", "bot_telegram_calls", "bot_queue_messages"):
                assert all(f"`{text}`" in line for text in sample.labels.values())
        assert family.documentation


async def test_the_figures_hold_nothing_about_anyone(
    app: App, ana: Person, clock: MovableClock, tmp_path: Path
) -> None:
    await ana.starts()
    await ana.says("I am Wilhelmina and it hurts")
    await app.scheduler.catch_up()
    async with asking(app.vitals) as session:
        answers = [await (await session.get(path)).text() for path in ("/health", "/ready", "/metrics")]
    shown = "\n".join(answers)
    for hidden in (str(ana.id), "Ana", "Wilhelmina", app.settings.token, str(tmp_path)):
        assert hidden not in shown


def test_the_page_names_every_address() -> None:
    named = re.findall(r"^\| `GET (/\w+)`", PAGE, re.MULTILINE)
    served = [route.path for route in routes(None)]  # type: ignore[arg-type]  # nobody asks
    assert named == served
