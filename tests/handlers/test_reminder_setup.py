"""Setting up a reminder, by taps and by whole wishes that are typed: confirmed, half said, unread."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Reminder
from bot.domain.schedule import MONDAY_TO_FRIDAY, Daily, Once, Spread, read_rule
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe


async def test_two_people_do_not_disturb_each_other(app: App, ana: Person) -> None:
    robin = add_person(ana.telegram, "Robin")
    await ana.starts()
    await robin.starts()
    await ana.taps("Once a day")
    await robin.taps("Only once")
    await ana.taps("08:30")
    await robin.taps("London, 12:00")
    assert "time zone" in ana.hears()[-1]
    assert "When?" in robin.hears()[-1]


# Typed wishes


async def rules(app: App) -> list[object]:
    async with app.database.read() as session:
        return [read_rule(rule) for rule in await session.scalars(select(Reminder.rule))]


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ("weekdays at 8:30 am", Daily(at=time(8, 30), weekdays=MONDAY_TO_FRIDAY)),
        ("mon wed fri 7.15am", Daily(at=time(7, 15), weekdays=(0, 2, 4))),
        ("every day at half past eight in the morning", Daily(at=time(8, 30))),
        ("8am and 8pm every day", Daily(at=time(8), also=(time(20),))),
        ("3 times a day between 10 and 18", Spread(times=3, start=time(10), end=time(18), apart=80)),
        ("every day around 8 am", Spread(times=1, start=time(7, 45), end=time(8, 15), apart=0)),
        (
            "weekdays about 9 pm",
            Spread(times=1, start=time(20, 45), end=time(21, 15), apart=0, weekdays=MONDAY_TO_FRIDAY),
        ),
        ("around 8 am and 8 pm every day", Daily(at=time(8), also=(time(20),))),
        ("tomorrow at 9pm", Once(at=datetime(2026, 3, 3, 21))),  # noqa: DTZ001 - local
        ("every other day at 9 pm", Daily(at=time(21), every_days=2, first=date(2026, 3, 2))),
        ("every second tuesday at 7pm", Daily(at=time(19), every_weeks=2, weekdays=(1,), first=date(2026, 3, 2))),
        ("the last friday of the month at 18:00", Daily(at=time(18), nth=-1, weekdays=(4,))),
        ("on the 1st of each month at 8am", Daily(at=time(8), month_days=(1,))),
    ],
)
async def test_a_whole_wish_is_confirmed_and_set(
    app: App, ana: Person, catalogue: Catalogue, wish: str, rule: object
) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says(wish)
    await ana.says("London")
    assert ana.hears()[-1].endswith(texts.confirm_once.rpartition("\n")[2])
    assert await rules(app) == []
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [rule]


async def test_a_wish_in_spanish(app: App, ana: Person, library: Library) -> None:
    sofia, texts = add_person(ana.telegram, "Sofía", language_code="es"), library.of("es").interface.setup
    await sofia.starts()
    await sofia.says("entre semana a las ocho y media de la mañana")
    await sofia.says("Madrid")
    await sofia.taps(texts.confirm_yes)
    assert await rules(app) == [Daily(at=time(8, 30), weekdays=MONDAY_TO_FRIDAY)]


async def test_half_a_wish_fills_what_it_says_and_only_the_rest_is_asked(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("tuesdays and thursdays")
    assert ana.hears()[-1] == texts.question_time
    await ana.says("9 pm")
    await ana.says("London")
    assert "Every Tuesday and Thursday at 21:00" in ana.hears()[-1]
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [Daily(at=time(21), weekdays=(1, 3))]


async def test_a_time_alone_is_kept_while_the_rhythm_is_asked(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("at 9 pm")
    assert ana.hears()[-1] == texts.question_rhythm_at.format(time="21:00")
    await ana.taps(texts.weekdays)
    await ana.says("London")
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [Daily(at=time(21), weekdays=MONDAY_TO_FRIDAY)]


async def test_a_day_without_an_hour_asks_for_the_hour(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("tomorrow")
    await ana.says("London")
    assert ana.hears()[-1].endswith(texts.question_time)
    await ana.taps("20:00")
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [Once(at=datetime(2026, 3, 3, 20))]  # noqa: DTZ001 - local


@pytest.mark.parametrize("day", ["friday", "on friday", "this friday"])
async def test_a_weekday_is_the_next_one_where_one_moment_is_asked(
    app: App, ana: Person, catalogue: Catalogue, day: str
) -> None:
    texts = catalogue.interface.setup
    await subscribe(ana)
    await ana.says("/remind")
    await ana.taps(texts.once)
    await ana.says(day)
    await ana.says("3 pm")
    await ana.taps(texts.confirm_yes)
    assert (await rules(app))[-1] == Once(at=datetime(2026, 3, 6, 15))  # noqa: DTZ001 - local


async def test_the_other_half_of_the_day_is_one_tap_away(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("every day at 8")
    await ana.says("London")
    assert "at 08:00" in ana.hears()[-1]
    await ana.taps(texts.confirm_other.format(time="20:00"))
    assert await rules(app) == [Daily(at=time(20))]


async def test_a_wish_that_was_read_wrongly_is_changed_as_a_whole(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("every sunday at 6 pm")
    await ana.says("London")
    await ana.taps(texts.confirm_change)
    assert ana.hears()[-1] == texts.question_rhythm
    await ana.says("saturdays at 6 pm")
    await ana.says("yes")
    assert await rules(app) == [Daily(at=time(18), weekdays=(5,))]


@pytest.mark.parametrize(
    "words",
    [
        "7 or 8",
        "12/05 at 9",
        "blue",
        "never on a whim",
        "mondays or fridays",
        "every 400 days at 9 pm",
        "every 60 weeks on friday at 9 pm",
        "3 times a day between 22:00 and 06:00",
        "1 january 2500 at 9 am",
        "daily at 1am, 2am, 3am, 4am, 5am, 6am, 7am, 8am, 9am, 10am, 11am, 1pm, 2pm",
    ],
)
async def test_what_cannot_be_read_gets_an_example_and_the_buttons_again(
    app: App, ana: Person, catalogue: Catalogue, words: str
) -> None:
    await ana.starts()
    await ana.says(words)
    assert ana.hears()[-1] == catalogue.interface.setup.not_a_rhythm
    assert ana.labels()[:2] == [["Once a day", "Monday to Friday"], ["A few times a day", "Only once"]]


async def test_a_time_at_night_is_confirmed(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.taps(texts.daily)
    await ana.says("3:15")
    await ana.says("London")
    assert "Every day at 03:15" in ana.hears()[-1]
    assert await rules(app) == []
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [Daily(at=time(3, 15))]


async def test_remind_takes_a_wish(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await subscribe(ana)
    await ana.says("/remind mondays at 7 pm")
    assert "Every Monday at 19:00" in ana.hears()[-1]
    await ana.taps(texts.confirm_yes)
    assert (await rules(app))[-1] == Daily(at=time(19), weekdays=(0,))
    await ana.says("/remind")
    assert ana.hears()[-1] == texts.question_rhythm
    await ana.says("/recuerdame blue")
    assert ana.hears()[-1] == texts.not_a_rhythm


async def test_two_wishes_in_one_go_are_set_up_one_after_the_other(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.setup
    await ana.starts()
    await ana.says("weekdays 7am, weekends 10am")
    await ana.says("London")
    assert texts.confirm_first in ana.hears()[-1]
    assert "Monday to Friday at 07:00" in ana.hears()[-1]
    await ana.taps(texts.confirm_yes)
    assert "10:00" in ana.hears()[-1]
    assert texts.confirm_first not in ana.hears()[-1]
    await ana.taps(texts.confirm_yes)
    assert await rules(app) == [Daily(at=time(7), weekdays=(0, 1, 2, 3, 4)), Daily(at=time(10), weekdays=(5, 6))]
    assert ana.hears()[-1] == catalogue.interface.first_questions.for_whom


async def test_a_wish_in_a_group_sets_time_and_days(app: App, ana: Person, telegram: LocalTelegram) -> None:
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await ana.says("/remind@gentle_tears_bot tuesdays at 19:00", circle)
    for label in ("London, 12:00", "These themes", "As words"):
        await ana.taps(label, circle)
    assert await rules(app) == [Daily(at=time(19), weekdays=(1,))]
