"""While more waits than can be handled, who floods is left out, and nobody else, nor any question for help."""

from datetime import UTC, datetime

import pytest
from telegram import CallbackQuery, Chat, Message, Update, User

from bot.app import App
from bot.domain.flood_limits import (
    ASKED_SECONDS,
    FAST_SECONDS,
    MOST_ASKED,
    MOST_FAST,
    MOST_LEFT_OUT,
    REST_SECONDS,
    Sharing,
)
from bot.handlers.overload import BUSY, SWAMPED
from bot.screens.callback_data import FLOW
from localtelegram.people.person import Person


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nobody_steps_back_while_all_goes_well() -> None:
    sharing = Sharing(Seconds())
    assert not any(sharing.steps_back(1, is_busy=False) for _ in range(100))


def test_who_asks_often_steps_back_and_others_do_not() -> None:
    sharing = Sharing(Seconds())
    asked = [sharing.steps_back(1, is_busy=True) for _ in range(MOST_ASKED + 3)]
    assert asked == [False] * MOST_ASKED + [True] * 3
    assert not sharing.steps_back(2, is_busy=True)


def test_who_goes_on_all_the_same_steps_back_until_they_rest() -> None:
    seconds = Seconds()
    sharing = Sharing(seconds)
    for _ in range(MOST_ASKED + MOST_LEFT_OUT):
        sharing.steps_back(1, is_busy=True)
    seconds.now += ASKED_SECONDS
    assert sharing.steps_back(1, is_busy=True)
    seconds.now += REST_SECONDS
    assert not sharing.steps_back(1, is_busy=True)


@pytest.mark.parametrize(
    ("said", "is_heard"), [("/affirm", False), ("/support", True), ("/ground", True), ("I want to die", True)]
)
async def test_help_is_never_left_out(
    app: App, ana: Person, said: str, is_heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: BUSY)
    for _ in range(MOST_ASKED):
        await ana.says("/learn")
    before = len(ana.hears())
    await ana.says(said)
    assert (len(ana.hears()) > before) == is_heard


async def test_who_waits_for_each_answer_goes_on_with_an_exercise(
    app: App, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: SWAMPED)
    await ana.says("/ground")
    shown = []
    for _ in range(MOST_ASKED + 1):  # each of them within a moment
        await ana.taps(ana.labels()[0][0])
        shown.append(ana.sees()[-1])
    assert len(set(shown)) == len(shown)


async def test_a_tap_that_has_not_waited_for_the_last_answer_may_be_left_out(
    app: App, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: SWAMPED)
    for _ in range(MOST_ASKED):
        await ana.says("/learn")
    person = User(ana.id, "Ana", is_bot=False)
    message = Message(1, datetime(2026, 3, 2, tzinfo=UTC), Chat(ana.id, "private"), text="x")
    tap = Update(1, callback_query=CallbackQuery("1", person, "1", message=message, data=FLOW.build("token", 1, "key")))
    assert [app._overload.leaves_out(tap, is_behind) for is_behind in (True, False)] == [True, False]


async def test_an_exercise_that_was_just_asked_for_is_not_begun_again(
    app: App, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: BUSY)
    for _ in range(MOST_ASKED):
        await ana.says("/learn")
    await ana.says("/ground")
    before = len(ana.hears())
    await ana.says("/ground")
    assert len(ana.hears()) == before


def test_while_everything_is_swamped_who_is_fast_steps_back_sooner() -> None:
    seconds = Seconds()
    sharing = Sharing(seconds)
    asked = [sharing.steps_back(1, is_busy=True, is_swamped=True) for _ in range(MOST_FAST + 1)]
    assert asked == [False] * MOST_FAST + [True]
    for _ in range(MOST_FAST + 1):  # at a quiet pace
        assert not sharing.steps_back(2, is_busy=True, is_swamped=True)
        seconds.now += FAST_SECONDS
