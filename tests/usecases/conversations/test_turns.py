"""Flows in the database: each answer counts once, undelivered messages are sent again, late flows close."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.content.flows import Flow
from bot.database.engine import Database
from bot.database.models import Chat, Conversation, Visit
from bot.database.values import OffReason
from bot.dialogues import flows
from bot.dialogues.flows import Key, Line, Mode, Said
from bot.domain.ids import ChatId, TelegramId
from bot.usecases.chats import switch_off
from bot.usecases.conversations import resuming, turns
from bot.usecases.conversations.flow_rows import FlowState, Reply
from bot.usecases.conversations.resuming import FAR_TOO_LATE
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER
from tests.scenes import berlin, chat_with

NOW = berlin(2)
ANA, ROBIN = TelegramId(1), TelegramId(2)
FLOWS = {
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
YES = flows.key_of(FLOWS["quiet"].steps["begin"].buttons[0])
WRITE = flows.key_of(FLOWS["quiet"].steps["begin"].buttons[1])


class PrivateChat:
    """A private chat, and what Ana does in it."""

    def __init__(self, database: Database, number: int) -> None:
        self.database = database
        self.number = number
        self.token = ""
        self.updates = 0

    async def begin(self, now: datetime = NOW, person_id: TelegramId = ANA) -> Reply:
        self.updates += 1
        async with self.database.write() as session:
            chat = await session.get_one(Chat, self.number)
            command = turns.Command(chat=chat, person_id=person_id, flow="quiet", update_id=self.updates)
            reply = await turns.begin(session, self.database, FLOWS, command, now)
        self.token = reply.token
        return reply

    async def tap(self, key: str, turn: int, now: datetime = NOW, *, update_id: int = 0, message_id: int = 0) -> Reply:
        self.updates += 1
        given = await self.tap_as(ANA, TelegramId(42), self.token, key, turn, now, update_id, message_id)
        assert given
        return given

    async def tap_as(
        self,
        person_id: TelegramId,
        telegram_id: TelegramId,
        token: str,
        key: str,
        turn: int,
        now: datetime = NOW,
        update_id: int = 0,
        message_id: int = 0,
    ) -> Reply | None:
        tap = turns.Tap(
            telegram_id=telegram_id,
            person_id=person_id,
            token=token,
            turn=turn,
            key=key,
            update_id=update_id or self.updates,
            message_id=message_id,
        )
        return await turns.take_tap(self.database, FLOWS, tap, now)

    async def write(self, now: datetime = NOW, *, update_id: int = 0) -> Reply | None:
        self.updates += 1
        async with self.database.write() as session:
            chat = await session.get_one(Chat, self.number)
            row = await turns.find(session, chat, ANA)
            assert row
            return await turns.take_typed_text(
                session, self.database, FLOWS, chat, row, now=now, update_id=update_id or self.updates
            )

    async def wake(self, now: datetime) -> list[Reply]:
        return await resuming.take_due(self.database, lambda practice, language: FLOWS, now)

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
async def chat(database: Database) -> PrivateChat:
    return PrivateChat(database, await chat_with(database, now=NOW))


def parts(reply: Reply | None) -> list[tuple[Line | str, ...]]:
    assert reply
    return [message.parts for message in reply.turn.says]


async def test_a_flow_goes_on_from_the_row_alone(chat: PrivateChat) -> None:
    assert parts(await chat.begin()) == [("Shall we?",)]
    assert parts(await chat.tap(WRITE, 1)) == [("What?",)]
    assert parts(await chat.write()) == [(Line.THANKS, "And?")]
    assert parts(await chat.tap(Key.SKIP, 3)) == [("Quiet.",)]
    row = await chat.row()
    assert row
    assert row.wake_at == NOW + timedelta(seconds=40)


async def test_visits_and_the_last_choice_are_remembered(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(WRITE, 1)
    reply = await chat.begin()
    assert [offer.label for offer in reply.turn.says[0].offers][:2] == ["Write", "Yes"]
    async with chat.database.read() as session:
        visit = await session.scalar(select(Visit))
    assert visit
    assert (visit.count, visit.chosen) == (2, WRITE)


async def test_of_two_taps_at_once_one_changes_nothing(chat: PrivateChat) -> None:
    await chat.begin()
    first = await chat.tap(YES, 1)
    second = await chat.tap(WRITE, 1)
    assert (first.is_stale, second.is_stale) == (False, True)
    assert parts(second) == [("Quiet.",)]
    assert await chat.step() == "wait"


async def test_an_update_that_comes_again_after_a_kill_is_answered_and_does_not_count_twice(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(WRITE, 1)
    await chat.write(update_id=50)
    again = await chat.write(update_id=50)
    assert parts(again) == [("And?",)]
    assert await chat.step() == "more"
    tapped = await chat.tap(Key.SKIP, 2, update_id=50)
    assert (tapped.is_stale, parts(tapped)) == (False, [("And?",)])


async def test_numbers_of_updates_that_begin_anew_are_new(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(WRITE, 1, update_id=900_000_000)
    assert parts(await chat.write(update_id=1_000)) == [(Line.THANKS, "And?")]


async def test_what_comes_by_itself_is_sent_again_until_it_is_confirmed(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await chat.wake(due)
    assert parts(reply) == [("Still.",)]
    assert await chat.wake(due + UNDELIVERED_AFTER - timedelta(seconds=1)) == []
    (again,) = await chat.wake(due + UNDELIVERED_AFTER)
    assert parts(again) == [("Still.",)]
    await resuming.confirm(chat.database, again, 77, due + UNDELIVERED_AFTER)
    row = await chat.row()
    assert row
    assert (row.wake_at, (await chat.state()).message_id) == (due + UNDELIVERED_AFTER + timedelta(seconds=40), 77)


async def test_the_last_message_is_sent_before_the_row_is_deleted(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await chat.wake(due)
    await resuming.confirm(chat.database, reply, 77, due)
    due += timedelta(seconds=40)
    (last,) = await chat.wake(due)
    assert (parts(last), last.message_id) == ([("Bye.",)], 77)
    (again,) = await chat.wake(due + UNDELIVERED_AFTER)
    assert parts(again) == [("Bye.",)]
    await resuming.confirm(chat.database, again, 78, due + UNDELIVERED_AFTER)
    assert await chat.row() is None


async def test_a_tap_while_a_message_comes_by_itself_counts(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await chat.wake(due)
    await chat.tap(Key.MINUTE, 3, due, message_id=70)
    await resuming.confirm(chat.database, reply, 77, due)
    state = await chat.state()
    assert (state.position.mode, state.message_id) == (Mode.RESTING, 70)
    row = await chat.row()
    assert row
    assert row.wake_at == due + timedelta(seconds=flows.A_MINUTE)


async def test_half_an_hour_of_silence_closes_it_once(chat: PrivateChat) -> None:
    await chat.begin()
    due = NOW + timedelta(seconds=flows.IDLE)
    assert await chat.wake(due - timedelta(seconds=1)) == []
    (reply,) = await chat.wake(due)
    assert parts(reply) == [(Line.CLOSED,)]
    await resuming.confirm(chat.database, reply, 77, due)
    assert await chat.wake(due + timedelta(days=2)) == []
    assert parts(await chat.tap(Key.ON, 1, due)) == [("Shall we?",)]


async def test_after_a_long_absence_of_the_program_it_closes_instead_of_going_on(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(YES, 1)
    due = NOW + timedelta(seconds=40)
    (reply,) = await chat.wake(due + TOO_LATE + timedelta(seconds=1))
    assert parts(reply) == [(Line.CLOSED,)]


async def test_after_a_night_it_closes_without_a_message(chat: PrivateChat) -> None:
    await chat.begin()
    await chat.tap(YES, 1)
    later = NOW + timedelta(seconds=41) + FAR_TOO_LATE
    assert await chat.wake(later) == []
    assert (await chat.state()).position.mode is Mode.CLOSED
    assert await chat.wake(later + timedelta(days=1)) == []


async def test_nothing_is_sent_to_a_chat_that_is_off(chat: PrivateChat) -> None:
    await chat.begin()
    async with chat.database.write() as session:
        await switch_off(session, ChatId(chat.number), OffReason.BLOCKED, NOW)
    assert await chat.wake(NOW + timedelta(seconds=flows.IDLE)) == []
    assert await chat.row() is None


async def test_a_row_that_cannot_be_read_stops_no_other(chat: PrivateChat, caplog: pytest.LogCaptureFixture) -> None:
    await chat.begin(person_id=ROBIN)
    async with chat.database.write() as session:
        row = await session.scalar(select(Conversation))
        assert row
        row.draft = "{}"
    await chat.begin()
    (reply,) = await chat.wake(NOW + timedelta(seconds=flows.IDLE))
    assert parts(reply) == [(Line.CLOSED,)]
    assert "cannot be read" in caplog.text


async def test_somebody_elses_button_finds_nothing(chat: PrivateChat) -> None:
    reply = await chat.begin()
    assert await chat.tap_as(ROBIN, TelegramId(42), reply.token, YES, 1) is None
    assert await chat.tap_as(ANA, TelegramId(43), reply.token, YES, 1) is None
    assert await chat.tap_as(ANA, TelegramId(42), "00000000", YES, 1) is None
    assert await chat.step() == "begin"


async def test_text_after_a_flow_has_closed_is_not_for_it(chat: PrivateChat) -> None:
    await chat.begin()
    due = NOW + timedelta(seconds=flows.IDLE)
    (reply,) = await chat.wake(due)
    await resuming.confirm(chat.database, reply, 77, due)
    assert await chat.write(due) is None


async def test_one_way_back_while_it_is_open(chat: PrivateChat) -> None:
    async def way_back() -> str | None:
        async with chat.database.read() as session:
            return await turns.find_way_back(session, TelegramId(42), ANA)

    assert await way_back() is None
    reply = await chat.begin()
    assert await way_back() == reply.token
    left = await chat.tap(Key.OUT, 0)
    assert left.turn.says == (Said((Line.LEFT,)),)
    assert await way_back() is None
