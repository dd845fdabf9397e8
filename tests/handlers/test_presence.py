"""A gentle return: one kind question after months, rest without an answer, one line after a rest or an absence."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Failure, Reminder
from bot.database.values import FailedWork, MessageKind, MessageState, OffReason
from bot.domain.ids import ChatId
from bot.domain.schedule import Daily, Spread, less_often, read_rule, write_rule
from bot.usecases import chats, presence
from bot.usecases.chats import zone_of
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import queued, subscribe

QUESTION = "It's been quiet for a while, and that's all right. Would you like these messages to go on?"
MONTHS = timedelta(days=120)


async def moves(app: App, clock: MovableClock, span: timedelta) -> None:
    """Passes the time in a few steps."""
    end = clock() + span
    while clock() < end:
        clock.move(min(max(span / 4, timedelta(days=1)), end - clock()))
        await app.scheduler.catch_up()


def asked(person: Person) -> int:
    return sum(text.startswith(QUESTION) for text in person.hears())


async def chat_of(app: App, number: int = 1) -> Chat:
    async with app.database.read() as session:
        return await session.get_one(Chat, number)


@pytest.fixture
async def quiet(app: App, ana: Person, clock: MovableClock) -> Person:
    """Ana, who has a reminder on Mondays and was asked after four months of silence."""
    await subscribe(ana)
    async with app.database.write() as session:
        await session.execute(update(Reminder).values(rule=write_rule(Daily(at=time(8, 30), weekdays=(0,)))))
    await app.scheduler.catch_up()
    await moves(app, clock, MONTHS + timedelta(days=1))
    await moves(app, clock, timedelta(days=1))
    return ana


async def test_whoever_is_silent_for_months_is_asked_once(quiet: Person, app: App, clock: MovableClock) -> None:
    assert asked(quiet) == 1
    assert ["Yes, go on", "Less often"] in quiet.labels()
    await moves(app, clock, timedelta(days=5))
    assert asked(quiet) == 1


async def test_nobody_is_asked_sooner_nor_after_a_sign(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await moves(app, clock, MONTHS - timedelta(days=2))
    assert asked(ana) == 0
    await ana.says("hello")
    await moves(app, clock, MONTHS - timedelta(days=2))
    assert asked(ana) == 0


async def test_it_goes_on(quiet: Person, app: App, clock: MovableClock) -> None:
    await quiet.taps("Yes, go on")
    assert quiet.hears()[-1] == "Thank you. It goes on as before."
    await moves(app, clock, presence.REST_AFTER + timedelta(days=5))
    assert (await chat_of(app)).off_reason is None
    assert asked(quiet) == 0  # it was answered in the same message, and not asked anew


async def test_it_comes_less_often(quiet: Person, app: App) -> None:
    async with app.database.write() as session:
        await session.execute(update(Reminder).values(rule=write_rule(Daily(at=time(8, 30)))))
    for _ in range(2):
        await quiet.taps_data(quiet.last_stored().id, "v:less")
    async with app.database.read() as session:
        rule = read_rule((await session.get_one(Reminder, 1)).rule)
    assert isinstance(rule, Daily)
    assert (len(rule.weekdays), rule.times) == (1, (time(8, 30),))
    assert quiet.hears()[-1].startswith("Less often, then: once a week at most.")


async def test_it_rests_when_told_so_and_comes_back_only_when_told(
    quiet: Person, app: App, clock: MovableClock
) -> None:
    await quiet.taps("Pause them")
    heard = len(quiet.hears())
    await moves(app, clock, timedelta(days=20))
    await quiet.says("hello")
    assert (await chat_of(app)).off_reason == OffReason.STOPPED
    assert len(quiet.hears()) == heard + 1
    await quiet.taps("Bring the messages back")
    assert (await chat_of(app)).off_reason is None


async def test_without_an_answer_it_rests_and_any_message_brings_it_back(
    quiet: Person, app: App, clock: MovableClock
) -> None:
    await moves(app, clock, presence.REST_AFTER + timedelta(days=1))
    assert (await chat_of(app)).off_reason == OffReason.RESTING
    heard = len(quiet.hears())
    await moves(app, clock, timedelta(days=60))
    assert len(quiet.hears()) == heard
    await quiet.says("hello")
    assert (await chat_of(app)).off_reason is None
    assert quiet.hears()[-1].startswith("I had been resting. Now that you're here, messages are on again. Next:")
    assert len(quiet.hears()) == heard + 2
    async with app.database.read() as session:
        due_at = (await session.get_one(Reminder, 1)).due_at
    assert due_at
    clock.set(due_at)
    await app.scheduler.catch_up()
    assert len(quiet.hears()) == heard + 3


async def test_one_tap_brings_it_back(quiet: Person, app: App, clock: MovableClock) -> None:
    await moves(app, clock, presence.REST_AFTER + timedelta(days=1))
    question = next(message for message in reversed(quiet.chat.in_order()) if QUESTION in message.json.get("text", ""))
    await quiet.taps_data(question.id, "v:on")
    assert (await chat_of(app)).off_reason is None


@pytest.mark.parametrize("said", ["/stop", "i want to die"])
async def test_after_other_answers_nothing_is_said_of_it(
    quiet: Person, app: App, clock: MovableClock, said: str
) -> None:
    await moves(app, clock, presence.REST_AFTER + timedelta(days=1))
    await quiet.says(said)
    assert "I had been resting" not in "".join(quiet.hears())


async def test_whoever_does_not_want_to_be_asked_is_not(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    await ana.taps("✓ Ask me after a long silence")
    await moves(app, clock, MONTHS * 2)
    assert asked(ana) == 0
    assert (await chat_of(app)).off_reason is None


async def test_a_question_that_never_came_is_no_reason_to_rest(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await app.scheduler.catch_up()
    async with app.database.write() as session:
        await session.execute(update(Chat).values(last_seen_at=clock() - MONTHS - timedelta(days=1)))
    await presence.look_for_silence(app.database, 4, clock())
    (row,) = await queued(app.database, MessageState.QUEUED)
    assert row.kind == MessageKind.ASKING
    clock.move(presence.REST_AFTER * 2)
    await presence.look_for_silence(app.database, 4, clock())
    chat = await chat_of(app)
    assert (chat.off_reason, chat.asked_at) == (None, clock())
    assert len(await queued(app.database)) == 1


async def test_it_is_asked_in_waking_hours_and_by_one_process(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await app.scheduler.catch_up()
    clock.set(datetime(2026, 9, 1, 23, 30, tzinfo=UTC))
    async with app.database.write() as session:
        await session.execute(update(Reminder).values(due_at=clock() + timedelta(days=1)))
    for _ in range(2):
        await presence.look_for_silence(app.database, 4, clock())
    (row,) = await queued(app.database, MessageState.QUEUED)
    assert row.send_after == datetime(2026, 9, 2, 6, 0, tzinfo=UTC)  # 07:00 in London


async def test_one_that_fails_stops_no_other(
    app: App, ana: Person, telegram: LocalTelegram, clock: MovableClock
) -> None:
    ben = add_person(telegram, "Ben", language_code="en")
    for person in (ana, ben):
        await subscribe(person)
    async with app.database.write() as session:
        await session.execute(update(Chat).values(last_seen_at=clock() - MONTHS - timedelta(days=1)))
        await session.execute(update(Chat).where(Chat.id == 1).values(zone="Atlantis/Capital"))
    await presence.look_for_silence(app.database, 4, clock())
    assert [row.chat_id for row in await queued(app.database)] == [2]
    async with app.database.read() as session:
        (failure,) = (await session.scalars(select(Failure))).all()
    assert (failure.work, failure.row_id) == (FailedWork.SILENCE, 1)


async def test_a_chat_that_telegram_has_refused_comes_back_on_the_same_day(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await subscribe(ana)
    async with app.database.write() as session:
        await chats.switch_off(session, ChatId(1), OffReason.REFUSED, clock())
    clock.move(timedelta(hours=1))
    await ana.says("/help")
    assert (await chat_of(app)).off_reason is None
    async with app.database.read() as session:
        assert await session.scalar(select(Reminder.due_at))


async def test_a_stranger_gets_no_row_and_a_day_costs_one_write(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.says("hello")
    await ana.asks("tears")
    async with app.database.read() as session:
        assert (await session.scalars(select(Chat))).all() == []
    await subscribe(ana)
    clock.move(timedelta(days=1))
    await ana.says("hello")
    first = (await chat_of(app)).last_seen_at
    clock.move(timedelta(hours=23))
    await ana.says("hello")
    assert (await chat_of(app)).last_seen_at == first


async def test_of_when_somebody_was_there_only_their_own_day_is_stored(
    app: App, ana: Person, clock: MovableClock
) -> None:
    """As /privacy says; at what hour somebody is awake and writes is nobody's business."""
    await subscribe(ana)
    zone = zone_of(await chat_of(app))
    clock.move(timedelta(days=1, hours=3, minutes=7))
    await ana.says("hello")
    seen_at = (await chat_of(app)).last_seen_at
    assert seen_at is not None
    local = seen_at.astimezone(zone)
    assert (local.date(), local.time()) == (clock().astimezone(zone).date(), time(0))


async def test_after_a_block_the_first_message_says_one_line(app: App, ana: Person, clock: MovableClock) -> None:
    await subscribe(ana)
    await ana.blocks()
    await ana.unblocks()
    await moves(app, clock, timedelta(days=2))
    first, second = ana.hears()[-2:]
    assert first.startswith("Here I am again.\n\n")
    assert "Here I am" not in second


async def test_after_its_own_absence_it_says_one_line_and_counts_nothing(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await subscribe(ana)
    clock.move(timedelta(days=9, hours=20))  # Wednesday, 08:00
    await app.scheduler.catch_up()
    heard = len(ana.hears())
    clock.move(timedelta(hours=1))
    await app.scheduler.catch_up()
    lead, text = ana.hears()[heard].split("\n\n")
    assert lead == "I was away for a while. I'm back now."
    assert text in {affirmation.text for affirmation in catalogue.affirmations}
    clock.move(timedelta(days=1))
    await app.scheduler.catch_up()
    assert "\n\n" not in ana.hears()[-1]


def test_less_often_is_once_a_week_at_most() -> None:
    both = Daily(at=time(8), also=(time(20),))
    assert less_often(both, 3) == Daily(at=time(8), weekdays=(3,))
    spread = Spread(times=5, start=time(9), end=time(20), apart=30)
    assert less_often(spread, 3) == Spread(times=1, start=time(9), end=time(20), apart=30, weekdays=(3,))
    for rule in (Daily(at=time(8), weekdays=(5,)), Daily(at=time(8), month_days=(1,))):
        assert less_often(rule, 3) == rule
