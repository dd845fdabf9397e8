"""While more waits than can be handled, who floods is left out, and nobody else, nor any question for help."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update, User

from bot.app import App
from bot.domain.flood_limits import ASKED_SECONDS, MOST_ASKED, MOST_LEFT_OUT, REST_SECONDS, Sharing
from bot.handlers.overload import BUSY, MOST_OPEN
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


@pytest.mark.parametrize(("said", "is_heard"), [("/affirm", False), ("/support", True), ("I want to die", True)])
async def test_help_is_never_left_out(
    app: App, ana: Person, said: str, is_heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: BUSY)
    for _ in range(MOST_ASKED):
        await ana.says("/learn")
    before = len(ana.hears())
    await ana.says(said)
    assert (len(ana.hears()) > before) == is_heard


async def test_who_sends_more_before_two_are_answered_is_left_out_while_much_waits(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._overload, "_waiting", lambda: BUSY)
    said = [written(number, person=number) for number in (1, 2)]
    monkeypatch.setattr(app._overload, "_count_open", lambda update: MOST_OPEN if update is said[1] else MOST_OPEN - 1)
    assert [app._overload.leaves_out(update) for update in said] == [False, True]
    monkeypatch.setattr(app._overload, "_waiting", lambda: BUSY - 1)
    assert not app._overload.leaves_out(said[1])


def written(number: int, person: int) -> Update:
    chat, user = Chat(person, "private"), User(person, "A", is_bot=False)
    return Update(number, Message(number, datetime(2026, 3, 2, tzinfo=UTC), chat, from_user=user, text="/affirm"))
