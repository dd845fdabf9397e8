"""Flows in the database: each answer counts once, what was not said is said again, and what is late closes softly."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.content.flows import Flow
from bot.database.engine import Database
from bot.database.models import Chat, Conversation, Visit
from bot.database.values import OffReason
from bot.dialogues import flows
from bot.dialogues.flows import Key, Line, Mode, Said
from bot.usecases.chats import switch_off
from bot.usecases.conversations import resuming, turns
from bot.usecases.conversations.flow_rows import FlowState, Reply
from bot.usecases.conversations.resuming import FAR_TOO_LATE
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER
from tests.scenes import berlin, chat_with

NOW = berlin(2)
ANA, ROBIN = 1, 2
BOOK = {
    "quiet": Flow.model_validate(
        {
            "title": "A quiet while",
            "first": "begin",
            "steps": {
                "begin": {
                    "say": "Shall we?",
                    "last_first": True,
                    "buttons": [{"label": "Yes", "next": "wait"}, {"label": "Write", "next": "write"}],
                },
                "write": {"say": "What?", "collect": True, "next": "more"},
                "more": {"say": "And?", "collect": True, "next": "wait"},
                "wait": {"say": "Quiet.", "wait": "40 seconds", "next": "again"},
                "again": {"say": "Still.", "wait": "40 seconds", "next": "bye"},
                "bye": {"say": "Bye.", "next": "END"},
            },
        }
    )
}
YES = flows.key_of(BOOK["quiet"].steps["begin"].buttons[0])
WRITE = flows.key_of(BOOK["quiet"].steps["begin"].buttons[1])


class Room:
    """One chat, and what Ana does in it."""

    def __init__(self, database: Database, number: int) -> None:
        self.database = database
        self.number = number
        self.token = ""
        self.updates = 0

    async def begin(self, now: datetime = NOW, person_id: int = ANA) -> Reply:
        self.updates += 1
        async with self.database.write() as session:
            chat = await session.get_one(Chat, self.number)
            reply = await turns.begin(session, BOOK, chat, person_id, "quiet", now=now, update_id=self.updates)
        self.token = reply.token
        return reply

    async def tap(self, key: str, turn: int, now: datetime = NOW, *, update_id: int = 0, message_id: int = 0) -> Reply:
        self.updates += 1
        async with self.database.write() as session:
            found = await turns.find_by_token(session, self.token, 42, ANA)
            assert found
            chat, row = found
            return await turns.take_tap(
                session,
                BOOK,
                chat,
                row,
                turn,
                key,
                now=now,
                update_id=update_id or self.updates,
                message_id=message_id,
            )

    async def write(self, now: datetime = NOW, *, update_id: int = 0) -> Reply | None:
        self.updates += 1
        async with self.database.write() as session:
            chat = await session.get_one(Chat, self.number)
            row = await turns.find(session, chat, ANA)
            assert row
            return await turns.take_typed_text(session, BOOK, chat, row, now=now, update_id=update_id or self.updates)

    async def wake(self, now: datetime) -> list[Reply]:
        return await resuming.take_due(self.database, lambda words, language: BOOK, now)

    async def row(self) -> Conversation | None:
        async with self.database.read() as session:
            return await session.scalar(select(Conversation))

    async def state(self) -> FlowState:
        row = await self.row()
        assert row
        return FlowState.model_validate_json(row.draft)

    async def step(self) -> str:
        return (await self.state()).position.frames[-1].step


@pytest.fixture
async def room(database: Database) -> Room:
    return Room(database, await chat_with(database, now=NOW))


def parts(reply: Reply | None) -> list[tuple[Line | str, ...]]:
    assert reply
    return [each.parts for each in reply.turn.says]


async def test_a_flow_goes_on_from_the_row_alone(room: Room) -> None:
    assert parts(await room.begin()) == [("Shall we?",)]
    assert parts(await room.tap(WRITE, 1)) == [("What?",)]
    assert parts(await room.write()) == [(Line.THANKS, "And?")]
    assert parts(await room.tap(Key.SKIP, 3)) == [("Quiet.",)]
    row = await room.row()
    assert row
    assert row.wake_at == NOW + timedelta(seconds=40)


async def test_visits_and_the_last_choice_are_remembered(room: Room) -> None:
    await room.begin()
    await room.tap(WRITE, 1)
    reply = await room.begin()
    assert [offer.label for offer in reply.turn.says[0].offers][:2] == ["Write", "Yes"]
    async with room.database.read() as session:
        visit = await session.scalar(select(Visit))
    assert visit
    assert (visit.count, visit.chosen) == (2, WRITE)


async def test_of_two_taps_at_once_one_changes_nothing(room: Room) -> None:
    await room.begin()
    first = await room.tap(YES, 1)
    second = await room.tap(WRITE, 1)
    assert (first.is_stale, second.is_stale) == (False, True)
    assert parts(second) == [("Quiet.",)]
    assert await room.step() == "wait"


async def test_an_update_that_comes_again_after_a_kill_is_answered_and_does_not_count_twice(room: Room) -> None:
    await room.begin()
    await room.tap(WRITE, 1)
    await room.write(update_id=50)
    again = await room.write(update_id=50)
    assert parts(again) == [("And?",)]
    assert await room.step() == "more"
    tapped = await room.tap(Key.SKIP, 2, update_id=50)
    assert (tapped.is_stale, parts(tapped)) == (False, [("And?",)])


async def test_numbers_of_updates_that_begin_anew_are_new(room: Room) -> None:
    await room.begin()
    await room.tap(WRITE, 1, update_id=900_000_000)
    assert parts(await room.write(update_id=1_000)) == [(Line.THANKS, "And?")]


async def test_what_comes_by_itself_is_said_again_until_it_was_said(room: Room) -> None:
    await room.begin()
    await room.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await room.wake(due)
    assert parts(reply) == [("Still.",)]
    assert await room.wake(due + UNDELIVERED_AFTER - timedelta(seconds=1)) == []
    (again,) = await room.wake(due + UNDELIVERED_AFTER)
    assert parts(again) == [("Still.",)]
    await resuming.confirm(room.database, again, 77, due + UNDELIVERED_AFTER)
    row = await room.row()
    assert row
    assert (row.wake_at, (await room.state()).message_id) == (due + UNDELIVERED_AFTER + timedelta(seconds=40), 77)


async def test_the_last_words_are_said_before_the_row_goes(room: Room) -> None:
    await room.begin()
    await room.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await room.wake(due)
    await resuming.confirm(room.database, reply, 77, due)
    due += timedelta(seconds=40)
    (last,) = await room.wake(due)
    assert (parts(last), last.message_id) == ([("Bye.",)], 77)
    (again,) = await room.wake(due + UNDELIVERED_AFTER)
    assert parts(again) == [("Bye.",)]
    await resuming.confirm(room.database, again, 78, due + UNDELIVERED_AFTER)
    assert await room.row() is None


async def test_who_taps_while_it_comes_by_itself_keeps_their_turn(room: Room) -> None:
    await room.begin()
    await room.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await room.wake(due)
    await room.tap(Key.MINUTE, 3, due, message_id=70)
    await resuming.confirm(room.database, reply, 77, due)
    state = await room.state()
    assert (state.position.mode, state.message_id) == (Mode.RESTING, 70)
    row = await room.row()
    assert row
    assert row.wake_at == due + timedelta(seconds=flows.A_MINUTE)


async def test_half_an_hour_of_silence_closes_it_once(room: Room) -> None:
    await room.begin()
    due = NOW + timedelta(seconds=flows.IDLE)
    assert await room.wake(due - timedelta(seconds=1)) == []
    (reply,) = await room.wake(due)
    assert parts(reply) == [(Line.CLOSED,)]
    await resuming.confirm(room.database, reply, 77, due)
    assert await room.wake(due + timedelta(days=2)) == []
    assert parts(await room.tap(Key.ON, 1, due)) == [("Shall we?",)]


async def test_after_a_long_absence_of_the_program_it_closes_instead_of_going_on(room: Room) -> None:
    await room.begin()
    await room.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await room.wake(due + TOO_LATE + timedelta(seconds=1))
    assert parts(reply) == [(Line.CLOSED,)]


async def test_after_a_night_it_closes_without_a_word(room: Room) -> None:
    await room.begin()
    await room.tap(YES, 1)
    later = NOW + timedelta(seconds=41) + FAR_TOO_LATE
    assert await room.wake(later) == []
    assert (await room.state()).position.mode is Mode.CLOSED
    assert await room.wake(later + timedelta(days=1)) == []


async def test_nothing_is_said_where_nobody_can_hear(room: Room) -> None:
    await room.begin()
    async with room.database.write() as session:
        await switch_off(session, room.number, OffReason.BLOCKED, NOW)
    assert await room.wake(NOW + timedelta(seconds=flows.IDLE)) == []
    assert await room.row() is None


async def test_a_row_that_cannot_be_read_stops_no_other(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    await room.begin(person_id=ROBIN)
    async with room.database.write() as session:
        row = await session.scalar(select(Conversation))
        assert row
        row.draft = "{}"
    await room.begin()
    (reply,) = await room.wake(NOW + timedelta(seconds=flows.IDLE))
    assert parts(reply) == [(Line.CLOSED,)]
    assert "cannot be read" in caplog.text


async def test_somebody_elses_button_finds_nothing(room: Room) -> None:
    reply = await room.begin()
    async with room.database.write() as session:
        assert await turns.find_by_token(session, reply.token, 42, ROBIN) is None
        assert await turns.find_by_token(session, reply.token, 43, ANA) is None
        assert await turns.find_by_token(session, "00000000", 42, ANA) is None


async def test_words_at_a_closed_place_are_for_others(room: Room) -> None:
    await room.begin()
    due = NOW + timedelta(seconds=flows.IDLE)
    (reply,) = await room.wake(due)
    await resuming.confirm(room.database, reply, 77, due)
    assert await room.write(due) is None


async def test_one_way_back_while_it_is_open(room: Room) -> None:
    async def way_back() -> str | None:
        async with room.database.read() as session:
            return await turns.find_way_back(session, 42, ANA)

    assert await way_back() is None
    reply = await room.begin()
    assert await way_back() == reply.token
    left = await room.tap(Key.OUT, 0)
    assert left.turn.says == (Said((Line.LEFT,)),)
    assert await way_back() is None
