"""A reminder in own words: read, confirmed, kept encrypted, sent, and gone with its reminder."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.content.load import Catalogue
from bot.content.setup_texts import OwnTextTexts
from bot.database.models import Conversation, QueuedMessage, Reminder
from bot.handlers.context import SERVICES
from bot.usecases.reminders.own_text import owner
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe

WATER = "remind me to drink some water at 15:00"


@pytest.fixture
def texts(catalogue: Catalogue) -> OwnTextTexts:
    return catalogue.interface.setup.own


async def reminders(app: App) -> list[Reminder]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Reminder).order_by(Reminder.id)))


async def set_up(person: Person, typed: str, *labels: str) -> None:
    await person.says(typed)
    for label in labels:
        await person.taps(label)


def labels(person: Person) -> set[str]:
    return {label for row in person.labels() for label in row}


async def hears_next(app: App, person: Person, clock: MovableClock) -> list[str]:
    """What has come by itself by a minute past three in the afternoon."""
    heard = len(person.hears())
    clock.move(timedelta(hours=3, minutes=1))
    await app.scheduler.catch_up()
    return person.hears()[heard:]


@pytest.mark.parametrize("typed", [WATER, f"/remind {WATER}", "/remind me to drink some water at 15:00"])
async def test_it_is_asked_for_what_is_missing_confirmed_and_sent(
    app: App, ana: Person, texts: OwnTextTexts, clock: MovableClock, typed: str
) -> None:
    await ana.starts()
    await ana.taps("Not now")
    await ana.says(typed)
    assert ana.hears()[-1].startswith("In your own words: drink some water\n\nNoted: 15:00. How often")
    await ana.taps("Once a day")
    await ana.taps("London, 12:00")
    assert "In your own words: drink some water" in ana.hears()[-1]
    assert "Every day at 15:00" in ana.hears()[-1]
    assert await reminders(app) == []
    await ana.taps("Yes, set it")
    assert "It's set: every day at 15:00" in ana.hears()[-1]
    assert await hears_next(app, ana, clock) == ["drink some water"]
    await ana.says("/reminders")
    assert "Every day at 15:00\nIn your own words: drink some water" in ana.hears()[-1]


async def test_a_time_that_was_said_is_not_asked_again_for_what_comes_once(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, WATER, "Only once")
    assert "Once, today at 15:00" in ana.hears()[-1]
    await ana.taps("Yes, set it")
    assert await hears_next(app, ana, clock) == ["drink some water"]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("remind me to ground every day at 3pm", "Start grounding"),
        ("remind me to stop and breathe every day at 3pm", "Start an easy breath"),
        ("recuérdame respirar todos los días a las 15:00", "Start an easy breath"),
    ],
)
async def test_an_exercise_is_one_tap_away(app: App, ana: Person, clock: MovableClock, typed: str, label: str) -> None:
    await subscribe(ana)
    await set_up(ana, typed, "Yes, set it")
    await hears_next(app, ana, clock)
    assert label in labels(ana)
    heard = len(ana.hears())
    await ana.taps(label)
    assert len(ana.hears()) > heard


async def test_what_only_sounds_like_an_exercise_is_none(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to buy ground coffee every day at 15:00", "Yes, set it")
    await hears_next(app, ana, clock)
    assert labels(ana) == {"Hard moment", "More"}


async def test_it_can_be_put_off_and_comes_once_more_in_the_same_words(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    assert await hears_next(app, ana, clock) == ["stretch"]
    await ana.taps("More")
    assert ana.labels()[-2:] == [["Skip the next: tomorrow at 15:00"], ["Hard moment", "Less"]]
    await ana.taps("Again in 20 minutes")
    assert "✓ Again today at 15:21. Undo" in labels(ana)
    heard = len(ana.hears())
    clock.move(timedelta(minutes=21))
    await app.scheduler.catch_up()
    assert ana.hears()[heard:] == ["stretch"]
    assert labels(ana) == {"Hard moment", "More"}
    async with app.database.read() as session:
        kinds = list(await session.scalars(select(QueuedMessage.affirmation_id).order_by(QueuedMessage.id)))
    assert kinds == [None, None]


async def test_the_next_one_can_be_skipped_and_the_exercise_stays_where_it_was(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stop and breathe every day at 3pm", "Yes, set it")
    await hears_next(app, ana, clock)
    row = [["Start an easy breath"], ["Hard moment", "More"]]
    assert ana.labels() == row
    await ana.taps("More")
    assert ana.labels()[-2:] == [row[0], ["Hard moment", "Less"]]
    await ana.taps("Skip the next: tomorrow at 15:00")
    assert ana.labels() == [["✓ Skipping tomorrow at 15:00. Undo"], *row]
    heard = len(ana.hears())
    clock.move(timedelta(days=1))
    await app.scheduler.catch_up()
    assert "stop and breathe" not in ana.hears()[heard:]


async def test_what_was_put_off_goes_with_the_reminder(
    app: App, ana: Person, catalogue: Catalogue, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    await hears_next(app, ana, clock)
    for label in ("More", "Again in 20 minutes"):
        await ana.taps(label)
    shown = ana.last_stored().id
    await ana.says("/reminders")
    await ana.taps("2. Every day at 15:00")
    await ana.taps("Remove")
    heard = len(ana.hears())
    clock.move(timedelta(minutes=21))
    await app.scheduler.catch_up()
    assert "stretch" not in ana.hears()[heard:]
    await ana.taps_data(shown, "z:s:2:")
    assert ana.toasts[-1].text == catalogue.interface.replies.stale


async def test_nobody_puts_off_the_words_of_another_chat(
    app: App, ana: Person, telegram: LocalTelegram, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    stranger = add_person(telegram, "Robin")
    await stranger.starts()
    await stranger.taps_data(stranger.last_stored().id, "z:s:2:")
    heard = len(stranger.hears())
    clock.move(timedelta(minutes=21))
    await app.scheduler.catch_up()
    assert len(stranger.hears()) == heard


@pytest.mark.parametrize(
    "when", ["every other day at 15:00", "twice a day", "tomorrow at 9", "on mondays at 9", "on the last friday at 9"]
)
async def test_every_rhythm_works(app: App, ana: Person, when: str) -> None:
    await subscribe(ana)
    await set_up(ana, f"remind me to stretch {when}", "Yes, set it")
    assert [row.encrypted_text is not None for row in await reminders(app)] == [False, True]


async def test_the_same_time_may_say_several_things(app: App, ana: Person) -> None:
    await subscribe(ana)
    for what in ("stretch", "drink"):
        await set_up(ana, f"remind me to {what} every day at 15:00", "Yes, set it")
    assert len(await reminders(app)) == 3


async def test_going_back_keeps_the_words(app: App, ana: Person) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Change it")
    assert ana.hears()[-1].startswith("In your own words: stretch\n\nHow often")
    for label in ("Once a day", "12:30"):
        await ana.taps(label)
    assert "Is that right?" in ana.hears()[-1]
    await ana.taps("Yes, set it")
    assert (await reminders(app))[-1].encrypted_text


async def test_a_change_of_the_time_keeps_the_words(app: App, ana: Person) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it", "See my reminders")
    await ana.taps("2. Every day at 15:00")
    assert "Themes" not in labels(ana)
    await set_up(ana, "Change", "Once a day", "12:30")
    (_, changed) = await reminders(app)
    assert '"12:30' in changed.rule
    assert changed.encrypted_text


async def test_the_words_go_with_the_reminder(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it", "See my reminders")
    await set_up(ana, "2. Every day at 15:00", "Remove")
    assert len(await reminders(app)) == 1
    assert "stretch" not in await hears_next(app, ana, clock)


async def test_it_waits_for_the_end_of_quiet_hours_like_any_other(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 23:00", "Yes, set it")
    assert "That's in your quiet hours" in ana.hears()[-1]


async def test_words_of_danger_after_the_command_open_the_card_too(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/remind me to tell her that I want to die at 15:00")
    assert "116 123" in ana.hears()[-1]
    assert "haven't set a reminder" in ana.hears()[-2]
    assert len(await reminders(app)) == 1  # the one from before


async def test_words_of_danger_from_before_do_not_come(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    async with app.database.write() as session:
        reminder = await session.get_one(Reminder, 2)
        cipher = app.application.bot_data[SERVICES].cipher
        reminder.encrypted_text = cipher.encrypt("tell her that I want to die", owner(reminder.chat_id))
    (heard,) = await hears_next(app, ana, clock)
    assert "want to die" not in heard
    async with app.database.read() as session:
        (queued,) = await session.scalars(select(QueuedMessage))
    assert queued.affirmation_id is not None


async def test_typed_in_a_reflection_it_is_what_was_asked_for(app: App, ana: Person, catalogue: Catalogue) -> None:
    await set_up(ana, "/reflect", "After crying", "Begin")
    await ana.says(WATER)
    assert ana.hears()[-1].startswith(catalogue.interface.flows.thanks)


async def test_in_a_group_there_are_no_own_words(app: App, ana: Person) -> None:
    group = make_group(ana.telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says(f"/remind@gentle_tears_bot {WATER}", group)
    assert "own words" not in ana.hears(group)[-1]


async def test_without_a_key_it_is_off_and_says_why(
    app: App, ana: Person, texts: OwnTextTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = app.application.bot_data[SERVICES]
    monkeypatch.setitem(app.application.bot_data, SERVICES, replace(services, cipher=None))
    await ana.says(WATER)
    assert ana.hears()[-1] == texts.unavailable


async def test_where_the_key_is_gone_it_says_that_something_is_due(
    app: App, ana: Person, texts: OwnTextTexts, clock: MovableClock
) -> None:
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    async with app.database.write() as session:
        await session.execute(update(Reminder).where(Reminder.id == 2).values(encrypted_text="gone"))
    assert await hears_next(app, ana, clock) == [texts.cannot_open]


async def test_a_text_that_is_too_long_is_refused_kindly(app: App, ana: Person, texts: OwnTextTexts) -> None:
    await ana.says(f"remind me to {'a' * 241}")
    assert ana.hears()[-1] == texts.too_long.format(limit=240, length=241)


async def test_nothing_that_was_typed_can_be_read_on_disk_or_in_the_log(
    app: App, ana: Person, clock: MovableClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await subscribe(ana)
    await ana.says("remind me to xylophone every day at 15:00")
    assert b"xylophone" not in on_disk(tmp_path)
    await ana.taps("Yes, set it")
    assert await hears_next(app, ana, clock) == ["xylophone"]
    assert b"xylophone" not in on_disk(tmp_path)
    assert "xylophone" not in caplog.text
    async with app.database.read() as session:
        assert [row.affirmation_id for row in await session.scalars(select(QueuedMessage))] == [None]
        assert not list(await session.scalars(select(Conversation).where(Conversation.subject == "setup")))


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_nobody_else_sees_it(app: App, ana: Person) -> None:
    robin = add_person(ana.telegram, "Robin")
    await subscribe(ana)
    await set_up(ana, "remind me to stretch every day at 15:00", "Yes, set it")
    await robin.starts()
    await robin.taps_data(robin.last()["message_id"], "r:show:2")
    assert "stretch" not in "".join(robin.hears())
