"""/session: what is asked, what is understood, and what it leaves alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.content.appointments import AppointmentTexts
from bot.content.load import Catalogue
from bot.database.models import AppointmentPlan, Chat, Conversation
from bot.domain.appointments import MOST_APPOINTMENTS, Appointments
from bot.usecases.appointments import edit
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe

SKIP, MOVE = "Skip the next", "Move the next"


@pytest.fixture
def texts(catalogue: Catalogue) -> AppointmentTexts:
    return catalogue.interface.session


async def set_up(ana: Person, when: str = "tuesdays at 17:30") -> None:
    """Sets up a session in London, where it is Monday noon."""
    await ana.says(f"/session {when}")
    if "time zone" in ana.hears()[-1]:
        await ana.says("London, UK")
    await ana.taps("Yes, set it")


async def plan_of(app: App) -> Appointments | None:
    async with app.database.read() as session:
        stored = await session.scalar(select(AppointmentPlan.plan))
    return Appointments.from_stored(stored) if stored else None


def labels(person: Person) -> set[str]:
    return {label for row in person.labels() for label in row}


async def test_words_of_danger_open_the_card_and_set_nothing(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/session I want to die")
    assert catalogue.support.card.buttons.close in labels(ana)
    await set_up(ana)
    await ana.says("I want to kill myself")
    assert catalogue.support.card.buttons.close in labels(ana)
    plan = await plan_of(app)
    assert plan
    assert len(plan.appointments) == 1


async def test_a_typed_location_or_city_is_the_zone(app: App, ana: Person, texts: AppointmentTexts) -> None:
    await ana.says("/session tuesdays at 17:30")
    await ana.shares_location(51.5, -0.1)
    assert "London time" in ana.hears()[-1]
    await ana.taps("Yes, set it")
    plan = await plan_of(app)
    assert plan
    assert plan.appointments[0].zone == "Europe/London"


async def test_the_other_half_of_the_day_is_one_tap_away(app: App, ana: Person) -> None:
    await ana.says("/session my session is tuesdays at 9")
    await ana.says("London, UK")
    await ana.taps("At 21:00 instead")
    assert "Every Tuesday at 21:00" in ana.hears()[-1]


async def test_a_session_moves_by_button_and_only_once(app: App, ana: Person, texts: AppointmentTexts) -> None:
    await set_up(ana)
    await ana.taps(MOVE)
    await ana.says("whenever")
    assert ana.hears()[-1].startswith(texts.not_read)
    await ana.says("yesterday 9:00")
    assert ana.hears()[-1].startswith((texts.not_read, texts.past))
    await ana.says("wednesday 10:00")
    assert texts.was_moved.format(moment="Wednesday, 4 March, at 10:00") in ana.hears()[-1]
    plan = await plan_of(app)
    assert plan
    assert [str(move.day) for move in plan.appointments[0].moved] == ["2026-03-03"]


async def test_a_session_that_has_ended_meanwhile_is_not_said_to_be_moved(
    app: App, ana: Person, texts: AppointmentTexts, clock: MovableClock
) -> None:
    await set_up(ana)
    await ana.taps(MOVE)
    async with app.database.write() as session:
        chat = await session.get_one(Chat, 1)
        await edit.change(session, chat, lambda plan: plan.without(0), clock())
    await ana.says("wednesday 10:00")
    assert ana.hears()[-1] == texts.none_to_change


async def test_a_question_is_over_when_the_overview_is_shown(app: App, ana: Person) -> None:
    await set_up(ana)
    before = await plan_of(app)
    await ana.taps(MOVE)
    await ana.says("/session")
    await ana.says("wednesday 10:00")
    assert await plan_of(app) == before


async def test_a_journey_says_once_where_the_session_stays(
    app: App, ana: Person, texts: AppointmentTexts, clock: MovableClock
) -> None:
    await set_up(ana)
    stays = texts.stays_where_it_is.format(time="5:30 PM", city="London")  # as clocks in Sydney show it
    await ana.says("/settings")
    for label in ("Traveling", "Sydney, Australia", "In a week"):
        assert stays not in ana.hears()
        await ana.says(label)
    assert ana.hears()[-1] == stays
    for label in ("/settings", "Traveling", "Another place or day", "Sydney, Australia", "In two weeks"):
        await ana.says(label)
    assert ana.hears().count(stays) == 1  # only its end is another
    clock.move(timedelta(days=15))
    await app.scheduler.catch_up()
    assert ana.hears().count(stays) == 1


async def test_a_journey_to_where_clocks_agree_says_nothing_of_the_session(app: App, ana: Person) -> None:
    await set_up(ana)
    for label in ("/settings", "Traveling", "Lisbon", "In a week"):
        await ana.says(label)
    assert not any("Your session stays" in heard for heard in ana.hears())


async def test_an_old_button_does_not_touch_another_session(
    app: App, ana: Person, clock: MovableClock, texts: AppointmentTexts
) -> None:
    await set_up(ana)
    message_id = ana.last()["message_id"]
    clock.move(timedelta(days=7))
    await ana.taps_data(message_id, "session:skip:0.20260303")
    plan = await plan_of(app)
    assert plan
    assert plan.appointments[0].skipped == ()


@pytest.mark.parametrize("data", ["session:on:ending", "session:on:x", "session:skip:9.20260303", "session:here:Mars"])
async def test_a_forged_button_changes_nothing(app: App, ana: Person, data: str) -> None:
    await set_up(ana)
    before = await plan_of(app)
    await ana.taps_data(ana.last()["message_id"], data)
    assert await plan_of(app) == before


async def test_two_a_week_and_one_of_them_goes(app: App, ana: Person, texts: AppointmentTexts) -> None:
    await set_up(ana)
    await ana.taps(texts.add)
    await ana.says("fridays 9am")
    await ana.taps("Yes, set it")
    assert "Every Tuesday at 17:30, 50 minutes\nEvery Friday at 09:00, 50 minutes" in ana.hears()[-1]
    await ana.taps(texts.remove)
    await ana.taps("Every Tue at 17:30")
    assert "Every Friday at 09:00" in ana.hears()[-1]
    assert "Every Tuesday" not in ana.hears()[-1]


async def test_the_same_twice_stays_one_and_there_is_a_most(app: App, ana: Person, texts: AppointmentTexts) -> None:
    await set_up(ana)
    await set_up(ana)
    plan = await plan_of(app)
    assert plan
    assert len(plan.appointments) == 1
    for hour in range(9, 9 + MOST_APPOINTMENTS):
        await set_up(ana, f"mondays at {hour}:15")
    plan = await plan_of(app)
    assert plan
    assert len(plan.appointments) == MOST_APPOINTMENTS
    assert texts.too_many.format(most=MOST_APPOINTMENTS) in ana.hears()[-1]


@pytest.mark.parametrize(("typed", "minutes"), [("60", 60), ("90 minutes", 90), ("5", 50), ("an hour", 50)])
async def test_how_long_it_is(app: App, ana: Person, texts: AppointmentTexts, typed: str, minutes: int) -> None:
    await set_up(ana)
    await ana.taps(texts.length)
    await ana.says(typed)
    plan = await plan_of(app)
    assert plan
    assert plan.appointments[0].minutes == minutes


async def test_a_break_and_none(app: App, ana: Person, texts: AppointmentTexts) -> None:
    await set_up(ana)
    await ana.taps(texts.holidays)
    await ana.says("hm")
    assert ana.hears()[-1].startswith(texts.not_a_holiday)
    await ana.says("from 10 march to 31 march")
    assert "A break from Tuesday, 10 March, back on Tuesday, 31 March" in ana.hears()[-1]
    await ana.taps(texts.holidays)
    await ana.taps(texts.no_holidays)
    plan = await plan_of(app)
    assert plan
    assert plan.holidays == ()


async def test_the_end_comes_softly_can_be_taken_back_and_may_be_over(
    app: App, ana: Person, texts: AppointmentTexts
) -> None:
    await set_up(ana)
    await ana.taps(texts.end)
    await ana.taps(texts.not_yet)
    await ana.says("/session end of therapy")
    await ana.says("17 march")
    assert texts.last.format(day="Tuesday, 17 March") in ana.hears()[-1]
    await ana.taps(texts.end)
    await ana.taps(texts.goes_on)
    assert texts.was_going_on in ana.hears()[-1]
    await ana.taps(texts.end)
    await ana.taps(texts.over_already)
    assert ana.hears()[-1] == texts.prompts.ending
    assert await plan_of(app) is None


async def test_an_end_before_the_next_session_is_one_that_is_over(
    app: App, ana: Person, texts: AppointmentTexts
) -> None:
    await set_up(ana)
    await ana.taps(texts.end)
    await ana.says("today")
    assert ana.hears()[-1] == texts.prompts.ending
    assert await plan_of(app) is None


async def test_what_is_typed_in_a_flow_is_not_taken_for_a_change(
    app: App, ana: Person, catalogue: Catalogue, texts: AppointmentTexts
) -> None:
    await set_up(ana)
    await ana.says("/ground")
    await ana.says("/session")
    await ana.says("tomorrow")
    assert not ana.hears()[-1].startswith((texts.not_read, texts.question_time))
    before = await plan_of(app)
    await ana.says("I feel sad")
    assert await plan_of(app) == before


async def test_below_an_old_overview_nothing_is_taken(app: App, ana: Person, clock: MovableClock) -> None:
    await set_up(ana)
    clock.move(timedelta(days=2))
    await ana.says("skip the next one")
    plan = await plan_of(app)
    assert plan
    assert plan.appointments[0].skipped == ()


async def test_a_pause_until_after_the_next_session(app: App, ana: Person, catalogue: Catalogue) -> None:
    texts = catalogue.interface.pause
    await ana.says("/pause")
    assert ana.hears()[-1] == texts.nothing_to_pause
    await subscribe(ana)
    await ana.says("/pause")
    assert texts.until_session not in labels(ana)
    await ana.says("until after my next session")
    assert "Paused" not in ana.hears()[-1]
    await set_up(ana)
    for words in (texts.until_session, "Until my next session"):
        await ana.says("/pause")
        assert texts.until_session in labels(ana)
        await ana.says(words)
        assert ana.hears()[-1].startswith(texts.paused.format(until="tomorrow at 21:20").splitlines()[0])


async def test_a_session_can_be_paused_without_a_reminder(app: App, ana: Person, catalogue: Catalogue) -> None:
    await set_up(ana)
    await ana.says("/pause")
    assert ana.hears()[-1] == catalogue.interface.pause.question


async def test_after_a_stop_a_new_session_turns_things_on_again(app: App, ana: Person) -> None:
    await set_up(ana)
    await ana.says("/stop")
    async with app.database.read() as session:
        assert await session.scalar(select(AppointmentPlan.next_at)) is None
    await set_up(ana, "fridays at 9am")
    async with app.database.read() as session:
        assert await session.scalar(select(AppointmentPlan.next_at)) is not None


async def test_forgetting_leaves_nothing(app: App, ana: Person, catalogue: Catalogue) -> None:
    await set_up(ana)
    await ana.says("/forget")
    await ana.taps(catalogue.interface.forget.yes)
    async with app.database.read() as session:
        for table in (AppointmentPlan, Conversation):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_nothing_typed_is_stored_while_it_is_asked(app: App, ana: Person) -> None:
    await set_up(ana)
    for words in ("/session zebras on tuesdays", "zebras", "/session moved to zebras", "/session back on zebras"):
        await ana.says(words)
    async with app.database.read() as session:
        drafts = [
            *await session.scalars(select(Conversation.draft)),
            *await session.scalars(select(AppointmentPlan.plan)),
        ]
    assert all("zebra" not in draft for draft in drafts)


async def test_in_a_group_it_shows_the_way_to_the_private_chat(
    telegram: LocalTelegram, app: App, ana: Person, catalogue: Catalogue
) -> None:
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await ana.says("/session@gentle_tears_bot tuesdays at 17:30", circle)
    assert circle.texts()[-1] == catalogue.interface.help.private_only
    assert await plan_of(app) is None
