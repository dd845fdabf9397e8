"""Under a message that came by itself: later, skip the next; each done once, taken back by a tap, and no shift."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.database.models import Reminder
from bot.database.values import MessageKind, MessageState
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.scenes import queued, subscribe

ROW = ["Hard moment", "More"]


async def moves(app: App, clock: MovableClock, **time: float) -> None:
    clock.move(timedelta(**time))
    await app.scheduler.catch_up()


@pytest.fixture
async def text(app: App, ana: Person, clock: MovableClock) -> str:
    """The first message of a reminder at 08:30 in London, on a Tuesday; it is shown with its row."""
    await subscribe(ana)
    await ana.taps("Skip")
    await ana.taps("Skip")
    await moves(app, clock, hours=20, minutes=30)
    return ana.hears()[-1]


async def reminder(app: App) -> Reminder:
    async with app.database.read() as session:
        return await session.get_one(Reminder, 1)


async def test_one_quiet_row_unfolds_and_folds(text: str, ana: Person) -> None:
    assert ana.labels() == [ROW]
    await ana.taps("More")
    assert ana.labels() == [
        ["Again in 20 minutes"],
        ["Again this evening, 19:00"],
        ["Again tomorrow, 08:00"],
        ["Skip the next: tomorrow at 08:30"],
        ["Keep", "Another", "Not for me"],
        ["Hard moment", "Less"],
    ]
    await ana.taps("Keep")
    await ana.taps("Less")
    assert ana.labels() == [ROW]
    await ana.taps("More")
    assert ana.labels()[4][0] == "✓ Kept"


async def test_later_comes_once_with_the_same_words_and_shifts_nothing(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    shown = ana.last_stored().id
    data = ana.last()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _ in range(3):
        await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == "It comes again today at 08:50. Everything else stays as it is."
    assert ana.labels() == [["✓ Again today at 08:50. Undo"], ROW]
    heard = len(ana.hears())
    await moves(app, clock, minutes=19)
    assert len(ana.hears()) == heard
    await moves(app, clock, minutes=1)
    assert ana.hears()[heard:] == [text]
    assert ana.labels() == [ROW]
    await moves(app, clock, hours=23, minutes=40)
    assert len(ana.hears()) == heard + 2
    assert ana.hears()[-1] != text


async def test_what_came_again_can_be_put_off_again(text: str, app: App, ana: Person, clock: MovableClock) -> None:
    for _ in range(3):
        heard = len(ana.hears())
        await ana.taps("More")
        await ana.taps("Again in 20 minutes")
        await moves(app, clock, minutes=20)
        assert ana.hears()[heard:] == [text]


async def test_another_choice_takes_the_place_of_the_first(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    await ana.taps("Again in 20 minutes")
    await ana.taps("More")
    await ana.taps("Again this evening, 19:00")
    heard = len(ana.hears())
    await moves(app, clock, hours=10)
    assert len(ana.hears()) == heard
    await moves(app, clock, minutes=30)
    assert ana.hears()[heard:] == [text]


async def test_later_is_taken_back(text: str, app: App, ana: Person, clock: MovableClock) -> None:
    await ana.taps("More")
    await ana.taps("Again in 20 minutes")
    await ana.taps("✓ Again today at 08:50. Undo")
    assert ana.labels() == [ROW]
    heard = len(ana.hears())
    await moves(app, clock, hours=2)
    assert len(ana.hears()) == heard


async def test_this_evening_is_offered_only_while_it_is_ahead(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    shown = ana.last_stored().id
    evening = ana.last()["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await moves(app, clock, hours=10, minutes=30)
    await ana.taps_data(shown, evening)
    assert ana.labels()[:2] == [["Again in 20 minutes"], ["Again tomorrow, 08:00"]]
    assert await queued(app.database, MessageState.QUEUED) == []


async def test_it_waits_for_the_end_of_quiet_hours(text: str, app: App, ana: Person, clock: MovableClock) -> None:
    await moves(app, clock, hours=13, minutes=15)  # 21:45, and quiet from 22:00
    await ana.taps("More")
    await ana.taps("Again in 20 minutes")
    assert ana.labels()[0] == ["✓ Again tomorrow at 07:00. Undo"]
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    await ana.says("23-9")
    (row,) = await queued(app.database, MessageState.QUEUED)
    assert (row.kind, row.send_after.hour) == (MessageKind.AGAIN, 9)


async def test_this_evening_is_the_evening_where_the_person_is(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    await ana.taps("Again this evening, 19:00")
    await ana.says("/settings")
    await ana.taps("Time zone")
    await ana.says("New York")
    (row,) = await queued(app.database, MessageState.QUEUED)
    assert row.send_after.hour == 24 - 24  # 19:00 there is midnight in London


async def test_a_pause_ends_what_was_put_off(text: str, app: App, ana: Person, clock: MovableClock) -> None:
    await ana.taps("More")
    await ana.taps("Again in 20 minutes")
    await ana.says("/pause")
    await ana.taps("A day")
    heard = len(ana.hears())
    await moves(app, clock, hours=3)
    assert len(ana.hears()) == heard


async def test_the_next_one_is_skipped_once_and_the_rhythm_stays(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    shown = ana.last_stored().id
    data = ana.last()["reply_markup"]["inline_keyboard"][3][0]["callback_data"]
    await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == "Skipped: tomorrow at 08:30. After that, it goes on as before."
    await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == "That one is skipped already: tomorrow at 08:30."
    assert ana.labels() == [["✓ Skipping tomorrow at 08:30. Undo"], ROW]
    heard = len(ana.hears())
    await moves(app, clock, days=1)
    assert len(ana.hears()) == heard
    await moves(app, clock, days=1)
    assert len(ana.hears()) == heard + 1


async def test_a_skip_is_taken_back(text: str, app: App, ana: Person, clock: MovableClock) -> None:
    before = (await reminder(app)).due_at
    await ana.taps("More")
    await ana.taps("Skip the next: tomorrow at 08:30")
    await ana.taps("✓ Skipping tomorrow at 08:30. Undo")
    assert ana.toasts[-1].text == "It comes after all: tomorrow at 08:30."
    assert ((await reminder(app)).due_at, (await reminder(app)).skip_until) == (before, None)
    assert ana.labels() == [ROW]


async def test_a_skip_outlives_other_quiet_hours_and_another_zone(
    text: str, app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.taps("More")
    await ana.taps("Skip the next: tomorrow at 08:30")
    await ana.says("/settings")
    await ana.taps("Quiet hours")
    await ana.says("23-6")
    await ana.taps("Time zone")
    await ana.says("New York")
    due_at = (await reminder(app)).due_at
    assert due_at
    assert (due_at.day, due_at.hour) == (5, 13)  # Thursday, 08:30 there


async def test_forged_and_outdated_buttons_change_nothing(text: str, app: App, ana: Person) -> None:
    shown = ana.last_stored().id
    for data in ("z:s", "z:s:1", "z:s:one:x", "z:s:1:no-such-words", "z:q:1:x", f"z:x:{9**30}:x", "z"):
        await ana.taps_data(shown, data)
    assert await queued(app.database, MessageState.QUEUED) == []
    assert (await reminder(app)).skip_until is None


async def test_under_a_reminder_that_is_gone_nothing_is_skipped(text: str, app: App, ana: Person) -> None:
    await ana.taps("More")
    shown = ana.last_stored().id
    data = ana.last()["reply_markup"]["inline_keyboard"][3][0]["callback_data"]
    await ana.says("/reminders")
    await ana.taps("1. Every day at 08:30")
    await ana.taps("Remove")
    await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == (
        "There's nothing to skip: no more of these is set to come. /reminders shows what is."
    )


async def test_after_a_stop_nothing_is_put_off(text: str, app: App, ana: Person) -> None:
    await ana.taps("More")
    shown = ana.last_stored().id
    data = ana.last()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.says("/stop")
    await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == "Reminders are off, so nothing would come. /resume turns them back on."
    assert await queued(app.database, MessageState.QUEUED) == []
