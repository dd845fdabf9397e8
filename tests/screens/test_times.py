"""How moments and rules are written, and that the questions and lists fit Telegram's limits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import Catalogue
from bot.dialogues.reminder_draft import ReminderDraft, Rhythm
from bot.dialogues.reminder_setup import SetupStep
from bot.domain.schedule import Daily, Once, Spread
from bot.screens.outgoing import OutgoingMessage
from bot.screens.reminder_setup import question
from bot.screens.reminders import ShownReminder, Where, reminder_days, reminder_detail, reminder_list
from bot.screens.times import first_weekday_in, moment_text, rule_text, week_from
from bot.screens.zones import ChosenZone, choose_zone, zone_question

BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS_EVE = Once(at=datetime(2026, 12, 24, 18))  # noqa: DTZ001 - local, as it is meant
NOW = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Berlin


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 2, 22, 45, tzinfo=UTC), "today at 23:45"),
        (datetime(2026, 3, 2, 23, 15, tzinfo=UTC), "tomorrow at 00:15"),
        (datetime(2026, 3, 4, 7, 30, tzinfo=UTC), "Wednesday, 4 March, at 08:30"),
        (datetime(2026, 3, 30, 6, 30, tzinfo=UTC), "Monday, 30 March, at 08:30"),
        (datetime(2027, 3, 1, 7, 30, tzinfo=UTC), "Monday, 1 March 2027, at 08:30"),
    ],
)
def test_moments_are_said_on_the_clock_of_the_chat(catalogue: Catalogue, at: datetime, expected: str) -> None:
    assert moment_text(catalogue.interface.times, at, NOW, BERLIN).removeprefix("on ") == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Daily(at=time(8, 30)), "every day at 08:30"),
        (Daily(at=time(8, 30), weekdays=(0, 1, 2, 3, 4)), "Monday to Friday at 08:30"),
        (Daily(at=time(8, 30), weekdays=(6,)), "every Sunday at 08:30"),
        (Daily(at=time(8, 30), weekdays=(0, 2, 4)), "every Monday, Wednesday, and Friday at 08:30"),
        (
            Spread(times=3, start=time(9), end=time(21), apart=60),
            "every day, 3 times between 09:00 and 21:00",
        ),
        (CHRISTMAS_EVE, "once, Thursday, 24 December, at 18:00"),
        (Daily(at=time(20), also=(time(8),)), "every day at 08:00 and 20:00"),
        (Daily(at=time(8), every_days=2, first=date(2026, 3, 1)), "every other day at 08:00"),
        (Daily(at=time(8), every_days=3, first=date(2026, 3, 1)), "every 3 days at 08:00"),
        (
            Daily(at=time(8), every_weeks=2, weekdays=(1,), first=date(2026, 3, 1)),
            "every other week on Tuesday at 08:00",
        ),
        (Daily(at=time(8), every_weeks=3, weekdays=(1,), first=date(2026, 3, 1)), "every 3 weeks on Tuesday at 08:00"),
        (Daily(at=time(8), month_days=(1, 15)), "on day 1 and 15 of each month at 08:00"),
        (Daily(at=time(8), month_days=(31,)), "on the last day of each month at 08:00"),
        (Daily(at=time(8), nth=1, weekdays=(0,)), "on the first Monday of each month at 08:00"),
        (Daily(at=time(8), nth=-1, weekdays=(4,)), "on the last Friday of each month at 08:00"),
        (Daily(at=time(8), last=date(2026, 12, 24)), "every day at 08:00, until Thursday, 24 December"),
        (Daily(at=time(8), first=date(2027, 1, 7)), "every day at 08:00, from Thursday, 7 January 2027"),
        (
            Daily(at=time(8), first=date(2026, 4, 1), last=date(2026, 4, 30)),
            "every day at 08:00, from Wednesday, 1 April until Thursday, 30 April",
        ),
    ],
)
def test_rules_are_said_as_people_say_them(catalogue: Catalogue, rule: Daily | Spread | Once, expected: str) -> None:
    local = NOW.astimezone(BERLIN).replace(tzinfo=None)
    assert rule_text(catalogue.interface.times, rule, local) == expected


def fits(message: OutgoingMessage) -> bool:
    buttons = [button for row in message.rows for button in row]
    return (
        0 < len(message.text) <= 4096
        and all(0 < len(button.label) <= 80 for button in buttons)
        and all(1 <= len(button.data.encode()) <= 64 for button in buttons if not button.url and not button.copy)
    )


TOKEN = "a1b2c3d4"
PREFIX = f"c:{TOKEN}:place:"


@given(language=st.one_of(st.none(), st.text(max_size=12)), text=st.text(max_size=60))
def test_any_answer_to_the_zone_question_shows_something_that_fits(
    catalogue: Catalogue, language: str | None, text: str
) -> None:
    interface = catalogue.interface
    assert fits(zone_question(interface, PREFIX, language, NOW))
    chosen = choose_zone(interface, PREFIX, text, language, NOW)
    if isinstance(chosen, ChosenZone):
        assert ZoneInfo(chosen.zone)
        assert fits(OutgoingMessage(chosen.note or "-", chosen.others))
    else:
        assert fits(chosen)


def test_every_place_in_the_world_can_be_reached_by_its_buttons(catalogue: Catalogue) -> None:
    interface, seen, todo, found = catalogue.interface, set[str](), [">"], set[str]()
    while todo:
        look = todo.pop()
        if look in seen:
            continue
        seen.add(look)
        shown = choose_zone(interface, PREFIX, look, None, NOW)
        assert isinstance(shown, OutgoingMessage)
        assert fits(shown)
        answers = [button.data.removeprefix(PREFIX) for row in shown.rows for button in row]
        todo += [answer for answer in answers if answer.startswith(">")]
        found |= {answer for answer in answers if "/" in answer and not answer.startswith(">")}
    assert len(found) > 300
    assert {"Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Ushuaia", "Pacific/Chatham"} <= found


@pytest.mark.parametrize("step", [step for step in SetupStep if step is not SetupStep.DONE])
def test_every_question_fits(catalogue: Catalogue, step: SetupStep) -> None:
    draft = ReminderDraft(rhythm=Rhythm.DAILY, at=time(8), reminder_id=10**9, is_wish=True, doubts=("half_of_day",))
    for problem in (None, "unread", "past"):
        assert fits(question(catalogue.interface, TOKEN, step, draft, NOW, "Europe/Berlin", problem=problem))


def test_the_longest_list_of_reminders_fits(catalogue: Catalogue) -> None:
    interface = catalogue.interface
    rule = Spread(times=12, start=time(9), end=time(21, 59), apart=60, weekdays=(0, 1, 2, 3, 4, 5))
    reminders = [ShownReminder(10**9 + number, rule, NOW + timedelta(days=200), False) for number in range(10)]
    where = Where(BERLIN, NOW, NOW + timedelta(days=300), False, 10)
    assert fits(reminder_list(interface, reminders, where))
    past = ShownReminder(1, Once(at=datetime(2026, 1, 1)), None, False)  # noqa: DTZ001 - local, as it is meant
    for reminder in (reminders[0], ShownReminder(1, rule, None, True), past):
        assert fits(reminder_detail(interface, reminder, where))
    assert fits(reminder_days(interface, reminders[0], where))


@pytest.mark.parametrize(("country", "first"), [("US", 6), ("DE", 0), ("EG", 5), ("XX", 0), ("AQ", 0)])
def test_weeks_begin_as_in_the_country(country: str, first: int) -> None:
    assert first_weekday_in(country) == first
    assert week_from(first) == tuple(range(first, 7)) + tuple(range(first))
