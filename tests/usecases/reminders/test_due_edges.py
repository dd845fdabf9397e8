"""Due reminders at their edges: how late is too late, what one batch writes and asks, and when the next look is."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from bot.database.engine import Database
from bot.database.models import Chat, Circle, Conversation, Failure, HiddenAffirmation, QueuedMessage, Reminder
from bot.database.values import CircleStage, FailedWork, MessageKind, MessageState, Subject
from bot.domain.rotation import Choice, Rotation, next_affirmation
from bot.domain.schedule import Daily, Once, QuietHours, Spread, next_due
from bot.usecases.next_events import next_event_at
from bot.usecases.reminders import due
from bot.usecases.reminders.due import COALESCE, MISSED_AFTER, PUSH_ON, queue_due
from bot.usecases.reminders.edit import GRACE
from tests.scenes import CHOICE, MORNING, berlin, chat_with, choose, queue_all, queued

DUE = berlin(3, "08:30")
A_SECOND = timedelta(seconds=1)


async def set_chat(database: Database, number: int, **columns: object) -> None:
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == number).values(**columns))


async def due_times(database: Database) -> list[datetime | None]:
    async with database.read() as session:
        return list((await session.scalars(select(Reminder.due_at).order_by(Reminder.id))).all())


async def occurrences(database: Database) -> list[datetime]:
    return [row.occurrence_at for row in await queued(database)]


@pytest.fixture
async def chat(database: Database) -> int:
    return await chat_with(database, MORNING, now=berlin(2))


@pytest.mark.parametrize("cursor", [5, 2**30])  # in the middle of an order, and at its end
async def test_what_is_queued_is_the_next_affirmation_of_this_chat(database: Database, chat: int, cursor: int) -> None:
    await set_chat(database, chat, seed=77, rotation_cycle=2, rotation_cursor=cursor)
    await queue_all(database, DUE)
    expected, rotation = next_affirmation(CHOICE, Rotation(77, 2, cursor))
    (row,) = await queued(database)
    assert (row.chat_id, row.reminder_id, row.kind, row.affirmation_id) == (chat, 1, MessageKind.AFFIRMATION, expected)
    assert (row.occurrence_at, row.send_after, row.send_before) == (DUE, DUE, DUE + GRACE)
    assert (row.state, row.attempts) == (MessageState.QUEUED, 0)
    async with database.read() as session:
        kept = await session.get_one(Chat, chat)
    assert (kept.rotation_cycle, kept.rotation_cursor, kept.caught_up_at) == (rotation.cycle, rotation.cursor, None)
    assert await due_times(database) == [berlin(4, "08:30")]


async def test_two_of_one_chat_in_one_batch_are_two_affirmations(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(8, 29)), now=berlin(2))
    await queue_all(database, DUE)
    first, second = await queued(database)
    assert first.affirmation_id != second.affirmation_id


async def test_each_chat_chooses_by_its_own_practice_language_and_themes(database: Database, chat: int) -> None:
    def choose_by(practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
        asked.append((practice, language, left_out))
        return CHOICE

    asked: list[tuple[str | None, str | None, str]] = []
    await set_chat(database, chat, practice="quiet", language="es", left_out="grief,rest")
    await queue_due(database, choose_by, DUE)
    assert asked == [("quiet", "es", "grief,rest")]


async def test_what_is_hidden_in_a_chat_does_not_come_there(database: Database, chat: int) -> None:
    async with database.write() as session:
        for identifier in CHOICE.identifiers[1:]:
            await session.execute(
                insert(HiddenAffirmation).values(chat_id=chat, affirmation_id=identifier, hidden_at=DUE)
            )
    await queue_all(database, DUE)
    assert [row.affirmation_id for row in await queued(database)] == [CHOICE.identifiers[0]]


async def test_where_nothing_is_wanted_nothing_comes_and_others_get_theirs(database: Database, chat: int) -> None:
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    await set_chat(database, chat, language="es")

    def choose_nothing(practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
        return Choice(()) if language else CHOICE

    assert (await queue_due(database, choose_nothing, DUE)).handled == 2
    assert [row.chat_id for row in await queued(database)] == [chat + 1]
    assert await due_times(database) == [berlin(4, "08:30")] * 2
    async with database.read() as session:
        assert (await session.scalars(select(Failure))).all() == []


async def test_a_choice_that_fails_is_one_reminders_failure_and_is_tried_again(database: Database, chat: int) -> None:
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    await set_chat(database, chat, language="es")

    def choose_or_fail(practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
        if language:
            raise KeyError(language)
        return CHOICE

    await queue_due(database, choose_or_fail, DUE)
    assert [row.chat_id for row in await queued(database)] == [chat + 1]
    assert await due_times(database) == [DUE + PUSH_ON, berlin(4, "08:30")]
    async with database.read() as session:
        (failure,) = (await session.scalars(select(Failure))).all()
    assert (failure.work, failure.row_id, failure.error) == (FailedWork.REMINDER, 1, "KeyError")
    assert failure.failed_at == DUE


async def test_a_rule_that_cannot_be_read_is_its_reminders_failure(database: Database, chat: int) -> None:
    async with database.write() as session:
        await session.execute(update(Reminder).values(rule="no JSON"))
    assert (await queue_due(database, choose, DUE)).handled == 1
    assert await due_times(database) == [DUE + PUSH_ON]
    async with database.read() as session:
        (failure,) = (await session.scalars(select(Failure))).all()
    assert (failure.work, failure.row_id, failure.error) == (FailedWork.REMINDER, 1, "ValidationError")


async def test_the_longest_due_come_first_and_not_all_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "DUE_AT_ONCE", 2)
    for number, minute in enumerate((28, 26, 27, 29), 1):
        await chat_with(database, Daily(at=time(8, minute)), now=berlin(2), telegram_id=number)
    assert (await queue_due(database, choose, berlin(3, "08:28"))).handled == 2
    assert sorted(row.chat_id for row in await queued(database)) == [2, 3]
    assert (await queue_due(database, choose, berlin(3, "08:28"))).handled == 1
    assert (await queue_due(database, choose, berlin(3, "08:28"))).handled == 0


@pytest.mark.parametrize(
    ("late", "comes"),
    [(timedelta(), True), (MISSED_AFTER, True), (GRACE, True), (GRACE + A_SECOND, False)],
)
async def test_a_missed_one_comes_for_six_hours(database: Database, chat: int, late: timedelta, comes: bool) -> None:
    await queue_all(database, DUE + late)
    assert await occurrences(database) == [DUE] * comes
    async with database.read() as session:
        caught_up_at = (await session.get_one(Chat, chat)).caught_up_at
    assert caught_up_at == (DUE + late if comes and late > MISSED_AFTER else None)


@pytest.mark.parametrize(("late", "count"), [(MISSED_AFTER, 2), (MISSED_AFTER + A_SECOND, 1)])
async def test_after_ten_minutes_two_that_were_missed_become_one(
    database: Database, late: timedelta, count: int
) -> None:
    await chat_with(database, MORNING, MORNING.model_copy(update={"weekdays": (0, 1)}), now=berlin(2))
    await queue_all(database, DUE + late)
    assert len(await queued(database)) == count


@pytest.mark.parametrize(("before", "comes"), [(COALESCE, True), (COALESCE - A_SECOND, False)])
async def test_a_missed_one_does_not_come_less_than_an_hour_before_the_next(
    database: Database, before: timedelta, comes: bool
) -> None:
    await chat_with(database, MORNING, Daily(at=time(11)), now=berlin(2))
    await queue_all(database, berlin(3, "11:00") - before)
    assert await occurrences(database) == [DUE] * comes


@pytest.mark.parametrize(("since", "comes"), [(COALESCE, True), (COALESCE - A_SECOND, False)])
async def test_missed_ones_come_an_hour_apart(database: Database, chat: int, since: timedelta, comes: bool) -> None:
    now = berlin(3, "11:00")
    await set_chat(database, chat, caught_up_at=now - since)
    await queue_all(database, now)
    assert await occurrences(database) == [DUE] * comes


async def test_another_chats_reminder_does_not_make_up_for_a_missed_one(database: Database, chat: int) -> None:
    await chat_with(database, Daily(at=time(11)), now=berlin(2), telegram_id=43)
    await queue_all(database, berlin(3, "10:50"))
    assert await occurrences(database) == [DUE]


async def test_each_of_two_chats_has_something_that_comes_anyway(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(10, 55)), now=berlin(2))
    await chat_with(database, MORNING, Daily(at=time(10, 58)), now=berlin(2), telegram_id=43)
    await queue_all(database, berlin(3, "10:50"))
    assert await occurrences(database) == []


async def test_a_single_reminder_that_was_missed_comes_late_and_is_done(database: Database) -> None:
    await chat_with(database, Once(at=datetime(2026, 3, 3, 8, 30)), now=berlin(2))  # noqa: DTZ001 - local
    await queue_all(database, berlin(3, "10:00"))
    assert await occurrences(database) == [DUE]
    assert await due_times(database) == [None]


async def test_of_several_that_come_anyway_the_first_counts(database: Database) -> None:
    await chat_with(database, MORNING, Daily(at=time(14)), Daily(at=time(11)), Daily(at=time(13)), now=berlin(2))
    await queue_all(database, berlin(3, "10:50"))
    assert await occurrences(database) == []


async def test_what_comes_before_quiet_hours_comes_before_them_the_next_day_too(database: Database) -> None:
    await chat_with(database, Daily(at=time(23)), now=berlin(2))
    await queue_all(database, berlin(2, "21:59"))
    assert await occurrences(database) == [berlin(2, "21:59")]
    assert await due_times(database) == [berlin(3, "21:59")]


async def test_an_absence_that_ends_on_the_minute_misses_nothing(database: Database, chat: int) -> None:
    await queue_due(database, choose, berlin(5, "08:30"))
    assert await occurrences(database) == [berlin(5, "08:30")]
    assert await due_times(database) == [berlin(6, "08:30")]


async def test_a_message_waits_until_quiet_hours_at_most(database: Database) -> None:
    await chat_with(database, Daily(at=time(21)), now=berlin(2))
    await chat_with(database, Daily(at=time(21)), now=berlin(2), telegram_id=43, quiet=None)
    await queue_all(database, berlin(2, "21:00"))
    assert [row.send_before for row in await queued(database)] == [berlin(2, "22:00"), berlin(2, "21:00") + GRACE]


async def test_a_chat_without_a_zone_lives_in_utc(database: Database, chat: int) -> None:
    await set_chat(database, chat, zone=None, quiet_start=None, quiet_end=None)
    await queue_all(database, DUE)
    assert await occurrences(database) == [DUE]
    assert await due_times(database) == [berlin(3, "09:30")]  # 08:30 in UTC


async def test_the_varied_minutes_of_a_reminder_are_its_own(database: Database) -> None:
    rule = Spread(times=3, start=time(9), end=time(21), apart=60)
    number = await chat_with(database, MORNING, rule, now=berlin(2, "21:30"))
    await set_chat(database, number, seed=1000)
    async with database.write() as session:
        await session.execute(update(Reminder).where(Reminder.id == 2).values(due_at=berlin(3, "07:30")))
    await queue_all(database, berlin(3, "07:30"))
    quiet, zone = QuietHours(time(22), time(7)), ZoneInfo("Europe/Berlin")
    expected = next_due(rule, zone=zone, quiet=quiet, after=berlin(3, "07:30"), seed=1002)
    assert await due_times(database) == [DUE, expected]


async def test_what_is_queued_already_is_not_queued_again_and_its_reminder_goes_on(
    database: Database, chat: int
) -> None:
    await queue_all(database, DUE)
    async with database.write() as session:
        await session.execute(update(Reminder).values(due_at=DUE))
    await queue_all(database, DUE)
    assert len(await queued(database)) == 1
    assert await due_times(database) == [berlin(4, "08:30")]


async def test_a_reminder_that_another_process_holds_is_passed_over(database: Database, chat: int) -> None:
    if database.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        await session.execute(select(Reminder.id).where(Reminder.chat_id == chat).with_for_update())
        await session.execute(select(Chat.id).where(Chat.id == chat + 1).with_for_update(read=True, key_share=True))
        assert (await queue_due(database, choose, DUE)).handled == 1
    assert [row.chat_id for row in await queued(database)] == [chat + 1]


# The next look


async def test_with_nothing_to_do_there_is_no_next_look(database: Database) -> None:
    await chat_with(database, now=berlin(2))
    assert await next_event_at(database) is None


async def test_the_next_look_is_at_the_earliest_of_all_that_is_due(database: Database, chat: int) -> None:
    assert await next_event_at(database) == DUE
    await set_chat(database, chat, paused_until=DUE - 1 * A_SECOND)
    assert await next_event_at(database) == DUE - 1 * A_SECOND
    async with database.write() as session:
        session.add(
            Conversation(
                chat_id=chat,
                person_id=42,
                subject=Subject.FLOW,
                token="t",
                step="",
                wake_at=DUE - 2 * A_SECOND,
                updated_at=DUE,
            )
        )
    assert await next_event_at(database) == DUE - 2 * A_SECOND
    circle = {"chat_id": chat, "update_id": 1, "variant": 0, "wake_at": DUE - 3 * A_SECOND, "opened_at": DUE}
    async with database.write() as session:
        await session.execute(insert(Circle).values(stage=CircleStage.OVER, **circle))
    assert await next_event_at(database) == DUE - 2 * A_SECOND
    async with database.write() as session:
        await session.execute(
            update(Circle).values(stage=next(stage for stage in CircleStage if stage is not CircleStage.OVER))
        )
    assert await next_event_at(database) == DUE - 3 * A_SECOND


async def test_a_message_is_looked_at_when_it_may_go_and_a_claim_when_it_ends(database: Database, chat: int) -> None:
    message = {"chat_id": chat, "kind": MessageKind.AFFIRMATION, "occurrence_at": DUE, "send_before": DUE + GRACE}
    soon, sooner = DUE - 5 * A_SECOND, DUE - 6 * A_SECOND
    async with database.write() as session:
        await session.execute(
            insert(QueuedMessage).values(send_after=sooner, state=MessageState.SENT, attempts=0, **message)
        )
    assert await next_event_at(database) == DUE
    async with database.write() as session:
        await session.execute(
            insert(QueuedMessage).values(
                send_after=sooner, claimed_until=soon, state=MessageState.SENDING, attempts=0, **message
            )
        )
    assert await next_event_at(database) == soon
    async with database.write() as session:
        await session.execute(update(QueuedMessage).values(state=MessageState.QUEUED))
    assert await next_event_at(database) == sooner


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_whoever_writes_a_chat_and_then_its_reminders_goes_first(database: Database) -> None:
    """A batch that held the reminder, and waited for the chat, would be in a deadlock with them."""
    await chat_with(database, MORNING, now=berlin(2), telegram_id=1)
    chat_id = await chat_with(database, MORNING, now=berlin(2), telegram_id=2)
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == chat_id).values(rotation_cursor=5))
        await queue_all(database, berlin(3, "08:30"))
        assert [row.chat_id for row in await queued(database)] != [chat_id]
        await session.execute(update(Reminder).where(Reminder.chat_id == chat_id).values(skip_until=None))
    assert len(await queued(database)) == 1
    await queue_all(database, berlin(3, "08:31"))
    assert len(await queued(database)) == 2
    async with database.read() as session:
        assert (await session.scalars(select(Chat.rotation_cursor).where(Chat.id == chat_id))).one() > 5
