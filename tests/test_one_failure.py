"""One message, flow, circle, count, pause or call fails: the failure is logged, and everything else goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.commands.run import say_why
from bot.content.library import Library
from bot.database.models import Chat, Circle, Conversation, Failure
from bot.database.troubles import REFUSED, TRY_AGAIN
from bot.database.values import CircleStage
from bot.delivery.outcomes import TokenRefusedError
from bot.handlers.bot_profile import register
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import circles
from bot.usecases.conversations.resuming import FlowTurns
from bot.usecases.failures import MOST_TRIES
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

A_MINUTE = "I need a minute"


@pytest.fixture(autouse=True)
def quick_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raises the rate limit, so that two messages go without moving the clock."""
    monkeypatch.setenv("MESSAGES_PER_SECOND", "1000")


def breaks_for(is_meant: Callable[..., bool], whole: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """Returns the function, changed to raise the error for the arguments that are meant."""

    def function(*args: Any, **kwargs: Any) -> Any:
        if is_meant(*args):
            raise error
        return whole(*args, **kwargs)

    return function


async def later(app: App, clock: MovableClock, seconds: float = 61) -> None:
    clock.move(timedelta(seconds=seconds))
    await app.scheduler.catch_up()


async def failures(app: App) -> list[Failure]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Failure)))


@pytest.fixture
def robin(telegram: LocalTelegram, app: App) -> Person:
    return add_person(telegram, "Robin", language_code="en")


async def subscribe(person: Person) -> None:
    await person.starts()
    for label in ("Once a day", "08:30", "London, 12:00"):
        await person.taps(label)


async def test_a_card_that_cannot_be_drawn_comes_as_words(
    app: App, ana: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(ana)
    async with app.database.write() as session:
        await session.execute(update(Chat).values(shows_pictures=True))

    def full(card: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.domain.cards.drawing.draw", full)
    heard = len(ana.hears())
    await later(app, clock, 24 * 3600)
    assert len(ana.hears()) == heard + 1
    assert not app.stopping.is_set()
    assert app.fatal is None


async def test_a_text_that_cannot_be_made_stops_no_other(
    app: App, ana: Person, robin: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(ana)
    await subscribe(robin)
    delivery = app.outbox._delivery
    broken = breaks_for(
        lambda message: message.telegram_id == ana.id, delivery.deliver, RuntimeError("a text cannot be made")
    )
    monkeypatch.setattr(delivery, "deliver", broken)
    heard = len(robin.hears())
    await later(app, clock, 24 * 3600)
    assert len(robin.hears()) == heard + 1
    assert not app.stopping.is_set()
    assert [(failure.work, failure.tries) for failure in await failures(app)] == [("message", 1)]


async def test_a_flow_that_cannot_go_on_stops_no_other(
    app: App, ana: Person, robin: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (ana, robin):
        await person.says("/ground")
        await person.taps(A_MINUTE)
    async with app.database.write() as session:
        (first, _) = await session.scalars(select(Conversation).order_by(Conversation.id))
        token = first.token
    whole = FlowTurns.messages_of

    def messages_of(self: FlowTurns, line: Any) -> tuple[OutgoingMessage, ...]:
        if line.token == token:
            raise RuntimeError("a turn cannot be said")
        return whole(self, line)

    monkeypatch.setattr(FlowTurns, "messages_of", messages_of)
    heard = len(robin.hears())
    for _ in range(MOST_TRIES + 1):
        await later(app, clock)
    assert len(robin.hears()) == heard + 1
    assert [(failure.work, failure.is_set_aside) for failure in await failures(app)] == [("flow", True)]


async def test_a_flow_whose_next_step_cannot_be_told_waits_for_its_person(
    app: App, ana: Person, robin: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (ana, robin):
        await person.says("/ground")
        await person.taps(A_MINUTE)
    seen: list[object] = []
    whole = FlowTurns._flows_of

    def flows_of(self: FlowTurns, practice: str | None, language: str | None) -> Any:
        seen.append(None)
        if len(seen) % 2:  # always the first of the two flows
            raise LookupError("no such flow")
        return whole(self, practice, language)

    monkeypatch.setattr(FlowTurns, "_flows_of", flows_of)
    heard = len(robin.hears())
    await later(app, clock)
    assert len(robin.hears()) == heard + 1
    assert [(failure.work, failure.tries) for failure in await failures(app)] == [("flow", 1)]
    monkeypatch.setattr(FlowTurns, "_flows_of", whole)
    heard = len(ana.hears())
    await later(app, clock)
    assert len(ana.hears()) == heard + 1


async def test_a_circle_that_cannot_go_on_stops_no_other(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = [make_group(telegram, title, owner=ana) for title in ("Tuesday", "Friday")]
    for group in groups:
        await group.add(ana.bot, by=ana)
        await ana.says("/circle@gentle_tears_bot", group)
    heard = [len(ana.hears(group)) for group in groups]
    wake = circles._wake

    async def wake_all_but_one(session: Any, flows: Any, chat: Chat, circle: Circle, now: Any) -> Any:
        if chat.telegram_id == groups[0].id:
            raise RuntimeError("this circle is broken")
        return await wake(session, flows, chat, circle, now)

    monkeypatch.setattr(circles, "_wake", wake_all_but_one)
    for _ in range(MOST_TRIES + 1):
        await later(app, clock)
    assert len(ana.hears(groups[0])) == heard[0]
    assert len(ana.hears(groups[1])) > heard[1]
    assert [(failure.work, failure.is_set_aside) for failure in await failures(app)] == [("circle", True)]
    async with app.database.read() as session:
        assert len(list(await session.scalars(select(Circle).where(Circle.stage != CircleStage.OVER)))) == 1


async def test_a_count_that_cannot_be_shown_is_given_up_after_some_tries(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group(telegram, "Tuesday", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)

    def broken(*args: object) -> None:
        raise RuntimeError("no rows")

    monkeypatch.setattr("bot.usecases.tap_counts.rows_under", broken)
    await ana.taps("Me too", chat=group)
    for _ in range(MOST_TRIES + 1):
        await later(app, clock)
    assert [(failure.work, failure.is_set_aside) for failure in await failures(app)] == [("count", True)]


async def test_a_pause_whose_end_cannot_be_told_stops_no_other(
    app: App, ana: Person, robin: Person, clock: MovableClock
) -> None:
    for person in (ana, robin):
        await subscribe(person)
        await person.says("/pause")
        await person.taps("A week")
    async with app.database.write() as session:
        await session.execute(update(Chat).where(Chat.telegram_id == ana.id).values(zone="No/Where"))
    heard = len(robin.hears())
    await later(app, clock, 7 * 24 * 3600 + 3600)
    assert len(robin.hears()) > heard
    assert ("return", 1) in [(failure.work, failure.tries) for failure in await failures(app)]


async def test_a_step_of_the_clock_that_fails_keeps_no_other_from_being_done(
    app: App, ana: Person, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(ana)

    async def broken(*args: object) -> None:
        raise RuntimeError("whatever")

    monkeypatch.setattr("bot.entrypoints.scheduler.queue_returns", broken)
    monkeypatch.setattr("bot.usecases.clearing.clear_abandoned", broken)
    heard = len(ana.hears())
    clock.move(timedelta(days=1))
    await app.scheduler.catch_up()
    assert len(ana.hears()) == heard + 1
    assert app.vitals.is_looking()


async def test_a_menu_that_cannot_be_registered_keeps_no_other_from_being_registered(
    app: App, telegram: LocalTelegram, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    async def broken(*args: object, **kwargs: object) -> bool:
        asked.append(kwargs.get("language_code"))
        raise ValueError("whatever")

    described: list[object] = []

    async def describe(*args: object, **kwargs: object) -> bool:
        described.append(kwargs.get("language_code"))
        return True

    bot = app.application.bot
    monkeypatch.setattr(type(bot), "set_my_commands", broken)
    monkeypatch.setattr(type(bot), "set_my_description", describe)
    await register(bot, library)
    assert set(described) == set(asked) == {None, "es"}


def test_the_last_line_and_the_exit_code_say_what_happened(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    codes = [say_why(error) for error in (None, TokenRefusedError("Unauthorized"), OSError(28, "No space left"))]
    assert codes == [0, REFUSED, TRY_AGAIN]
    stopped, refused, unexpected = (record.getMessage() for record in caplog.records)
    assert stopped == "stopped"
    assert "BOT_TOKEN" in refused
    assert "BOT_TOKEN" not in unexpected
    assert "OSError" in unexpected
