"""/reminders: what is removed can be put back, and the time is changed without anything else."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Conversation, Reminder
from bot.domain.schedule import Daily, read_rule
from bot.usecases.key_rotation import IN_A_DRAFT
from bot.usecases.reminders.edit import MOST_REMINDERS
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe


async def reminders(app: App) -> list[Reminder]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Reminder).order_by(Reminder.id)))


def values(reminder: Reminder) -> dict[str, object]:
    return {column.name: getattr(reminder, column.name) for column in Reminder.__table__.columns}


async def does(person: Person, *labels: str) -> None:
    for label in labels:
        await person.taps(label)


async def test_a_removed_reminder_is_put_back_as_it_was(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("remind me to stretch every monday at 15:00")
    await does(ana, "Yes, set it", "See my reminders")
    before = [values(reminder) for reminder in await reminders(app)]
    await does(ana, "2. Every Mon at 15:00", "Remove")
    assert len(await reminders(app)) == 1
    async with app.database.read() as session:
        row = (await session.scalars(select(Conversation).where(Conversation.subject == "removed"))).one()
    assert IN_A_DRAFT in row.draft  # so that a change of keys encrypts it anew
    await ana.taps("Put it back")
    assert ana.toasts[-1].text == "It's back."
    assert "In your own words: stretch" in ana.hears()[-1]
    assert [values(reminder) for reminder in await reminders(app)] == before
    assert ["Put it back"] not in ana.labels()


async def test_the_last_one_is_put_back_too_and_only_once(app: App, ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/reminders")
    await does(ana, "1. Every day at 08:30", "Remove")
    assert ana.labels() == [["Put it back"], ["Add a reminder", "Settings"]]
    shown, data = ana.last_stored().id, ana.last()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps("Put it back")
    await ana.taps_data(shown, data)
    assert ana.toasts[-1].text == catalogue.interface.replies.stale
    assert len(await reminders(app)) == 1


async def test_what_is_typed_meanwhile_is_no_answer_to_it(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/reminders")
    await does(ana, "1. Every day at 08:30", "Remove")
    await ana.says("a bird on the balcony")
    assert ana.labels() == [["Grounding, now"], ["People who listen"]]


async def test_nothing_is_put_back_beyond_the_most(app: App, ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("/reminders")
    await does(ana, "1. Every day at 08:30", "Remove")
    shown, way_back = ana.last_stored().id, "Put it back"
    async with app.database.write() as session:
        row = (await session.scalars(select(Conversation).where(Conversation.subject == "removed"))).one()
        for hour in range(MOST_REMINDERS):
            rule = f'{{"kind":"once","at":"2030-01-01T{hour:02}:00"}}'
            session.add(Reminder(chat_id=row.chat_id, rule=rule, created_at=row.updated_at))
    await ana.taps(way_back)
    assert ana.hears()[-1] == catalogue.interface.setup.too_many.format(most=MOST_REMINDERS)
    assert (len(await reminders(app)), ana.last_stored().id > shown) == (MOST_REMINDERS, True)


async def test_after_a_day_it_is_gone(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await ana.says("remind me to stretch every day at 15:00")
    await does(ana, "Yes, set it", "See my reminders", "2. Every day at 15:00", "Remove")
    for hours, kept in ((20, 1), (8, 0)):
        clock.move(timedelta(hours=hours))
        await app.scheduler.catch_up()
        async with app.database.read() as session:
            rows = (await session.scalars(select(Conversation).where(Conversation.subject == "removed"))).all()
        assert len(rows) == kept


@pytest.fixture
async def circle(ana: Person, telegram: LocalTelegram) -> Group:
    """A group with a reminder on Tuesdays at 19:00, its list on the screen."""
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await ana.says("/remind@gentle_tears_bot tuesdays at 19:00", circle)
    for label in ("London, 12:00", "These themes", "As words"):
        await ana.taps(label, circle)
    await ana.says("/reminders@gentle_tears_bot", circle)
    return circle


async def test_a_group_has_the_way_back_too(app: App, ana: Person, circle: Group) -> None:
    before = [values(reminder) for reminder in await reminders(app)]
    for label in ("1. Every Tue at 19:00", "Remove", "Put it back"):
        await ana.taps(label, circle)
    assert [values(reminder) for reminder in await reminders(app)] == before


async def test_another_time_in_a_group_asks_for_nothing_else(app: App, ana: Person, circle: Group) -> None:
    for label in ("1. Every Tue at 19:00", "Choose time", "20:00"):
        await ana.taps(label, circle)
    assert [read_rule(reminder.rule) for reminder in await reminders(app)] == [Daily(at=time(20), weekdays=(1,))]


@pytest.mark.parametrize(
    ("wish", "asked", "answer", "changed"),
    [
        (
            "every other day at 9",
            "What time would suit you?",
            "20:00",
            "every other day at 20:00",
        ),
        ("mondays at 9", "What time would suit you?", "20:00", "every Monday at 20:00"),
        (
            "3 times a day, between 10 and 18",
            "How many a day, between 10:00 and 18:00?",
            "12-20",
            "12:00",
        ),
        ("tomorrow at 9", "When?", "tomorrow 10:30", "10:30"),
    ],
)
async def test_another_time_leaves_the_rhythm_as_it_is(
    app: App, ana: Person, wish: str, asked: str, answer: str, changed: str
) -> None:
    await subscribe(ana)
    await ana.says(f"/remind {wish}")
    await does(ana, "Yes, set it", "See my reminders")
    label = next(label for row in ana.labels() for label in row if label.startswith("2. "))
    await does(ana, label, "Choose time")
    assert ana.hears()[-1].startswith(asked)
    assert ana.labels()[-1:] == [["Cancel"]]
    await ana.says(answer)
    assert changed in ana.hears()[-1]
