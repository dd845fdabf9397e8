"""Circles in the database: one in a chat, what was not said is said again, and what is late ends without a word."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.content.flows import ARRIVING, Flow, Flows
from bot.database.engine import Database
from bot.database.models import Chat, Circle, Post
from bot.database.values import CircleStage, OffReason, PostKind
from bot.usecases import circles, taps
from bot.usecases.chats import find_chat, get_or_create_chat, move, switch_off
from bot.usecases.circles import MAX_CIRCLE, PART, CircleMessage
from bot.usecases.taps import Tapped, TappedMessage
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER
from tests.scenes import berlin, chat_with

NOW = berlin(2)
GROUP = -1_001
BOOK = {
    ARRIVING: Flow.model_validate(
        {
            "title": "Arriving",
            "in_groups": True,
            "first": "look",
            "steps": {
                "look": {"say": "Look.", "wait": "40 seconds", "next": "listen"},
                "listen": {"say": "Listen.", "next": "END"},
            },
        }
    )
}
SECOND = timedelta(seconds=1)


def flows_of(words: str | None, language: str | None) -> Flows:
    return BOOK


class Room:
    """One group, seen from its database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.updates = 0

    async def command(self, *, update_id: int | None = None, thread_id: int = 0) -> CircleMessage | None:
        self.updates += 1
        return await circles.open_or_end(
            self.database, GROUP, thread_id, "supergroup", update_id=update_id or self.updates, now=self.now
        )

    async def due(self, after: timedelta = timedelta()) -> list[CircleMessage]:
        self.now += after
        return await circles.take_due(self.database, flows_of, self.now)

    async def confirm(self, speech: CircleMessage | None, message_id: int) -> bool:
        assert speech
        return await circles.confirm(self.database, speech, message_id, flows_of, self.now)

    async def open(self) -> None:
        """To where everyone may say that they are here, in message 3."""
        await self.confirm(await self.command(), 1)
        for message_id, after in ((2, timedelta(seconds=40)), (3, PART)):
            (speech,) = await self.due(after)
            assert await self.confirm(speech, message_id)

    async def here(self, person_id: int, message_id: int = 3, *, posted_at: datetime | None = None) -> Tapped:
        self.updates += 1
        return await taps.take_tap(
            self.database,
            TappedMessage(GROUP, 0, "supergroup", message_id, posted_at or self.now),
            PostKind.HERE,
            person_id,
            key=b"key",
            update_id=self.updates,
            now=self.now,
        )

    async def circle(self) -> Circle | None:
        async with self.database.read() as session:
            return (await session.scalars(select(Circle).where(Circle.stage != CircleStage.OVER))).one_or_none()


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_it_goes_on_part_by_part_each_after_its_wait(room: Room) -> None:
    opened = await room.command()
    assert opened
    assert (opened.stage, opened.part, opened.message_id) == (CircleStage.ARRIVING, 0, 0)
    assert await room.confirm(opened, 1)
    assert await room.due(39 * SECOND) == []
    (speech,) = await room.due(SECOND)
    assert (speech.stage, speech.part, speech.message_id) == (CircleStage.ARRIVING, 1, 1)
    assert await room.confirm(speech, 2)
    (speech,) = await room.due(PART)
    assert (speech.stage, speech.message_id) == (CircleStage.HERE, 2)
    assert await room.confirm(speech, 3)
    assert await room.due(MAX_CIRCLE - SECOND) == []
    (speech,) = await room.due(SECOND)
    assert speech.stage == CircleStage.CLOSING
    assert await room.confirm(speech, 4)
    assert await room.circle() is None


async def test_what_was_not_confirmed_is_said_again(room: Room) -> None:
    opened = await room.command()
    assert await room.due(UNDELIVERED_AFTER - SECOND) == []
    (again,) = await room.due(SECOND)
    assert again == opened
    assert await room.confirm(again, 5)
    assert not await room.confirm(opened, 4)  # it was said twice: the second one counts
    (speech,) = await room.due(40 * SECOND)
    assert speech.message_id == 5


async def test_the_last_words_are_said_again_too_with_the_same_count(room: Room) -> None:
    await room.open()
    for person in (1, 2):
        assert await room.here(person) == Tapped.COUNTED
    closing = await room.command()
    assert closing
    assert (closing.stage, closing.count) == (CircleStage.CLOSING, 2)
    assert await room.command() is None  # it is closing already
    assert await room.due(UNDELIVERED_AFTER) == [closing]
    assert await room.confirm(closing, 4)
    async with room.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_the_same_command_delivered_twice_does_not_close_what_it_opened(room: Room) -> None:
    await room.confirm(await room.command(update_id=10), 1)
    assert await room.command(update_id=10) is None
    circle = await room.circle()
    assert circle
    assert circle.stage == CircleStage.ARRIVING


async def test_a_part_that_was_under_way_when_it_was_stopped_is_not_confirmed(room: Room) -> None:
    await room.confirm(await room.command(), 1)
    (under_way,) = await room.due(40 * SECOND)
    stopping = await room.command()
    assert stopping
    assert (stopping.stage, stopping.message_id) == (CircleStage.STOPPING, 1)
    assert not await room.confirm(under_way, 2)
    assert await room.confirm(stopping, 3)
    assert await room.circle() is None


async def test_one_is_counted_only_in_its_own_circle_while_it_is_open(room: Room) -> None:
    await room.confirm(await room.command(), 1)
    assert await room.here(1, 1) == Tapped.GONE
    for after in (40 * SECOND, PART):
        (speech,) = await room.due(after)
        if speech.stage == CircleStage.HERE:
            assert await room.here(1, 3) == Tapped.COUNTED  # it has been sent, and is not confirmed yet
        await room.confirm(speech, 2 if speech.stage == CircleStage.ARRIVING else 3)
    assert await room.here(2, 3) == Tapped.COUNTED
    assert await room.here(2, 2) == Tapped.GONE
    closing = await room.command()
    assert closing
    assert closing.count == 2
    assert await room.here(3, 3) == Tapped.GONE
    await room.confirm(closing, 4)
    assert await room.here(3, 3) == Tapped.GONE


async def test_a_count_that_is_closing_is_not_shown_any_more(room: Room) -> None:
    await room.open()
    await room.here(1)
    await room.command()
    async with room.database.write() as session:
        assert await taps.take_unshown(session, GROUP, room.now) is None


async def test_only_its_own_messages_end_it(room: Room) -> None:
    await room.open()
    old = TappedMessage(GROUP, 0, "supergroup", 1, NOW - timedelta(hours=1))
    assert await circles.end_by_tap(room.database, old, room.now) is None
    twice = TappedMessage(
        GROUP, 0, "supergroup", 4, room.now
    )  # sent twice: its number is not the one that was confirmed
    speech = await circles.end_by_tap(room.database, twice, room.now)
    assert speech
    assert speech.stage == CircleStage.CLOSING
    assert await circles.end_by_tap(room.database, twice, room.now) is None


async def test_half_an_hour_late_it_ends_without_a_word(room: Room) -> None:
    await room.confirm(await room.command(), 1)
    (speech,) = await room.due(40 * SECOND + TOO_LATE + SECOND)
    assert (speech.is_wordless, speech.message_id) == (True, 1)
    assert await room.circle() is None


async def test_where_nothing_can_be_sent_it_ends(room: Room) -> None:
    await room.confirm(await room.command(), 1)
    async with room.database.write() as session:
        chat = await find_chat(session, GROUP)
        assert chat
        await switch_off(session, chat.id, OffReason.BLOCKED, NOW)
    assert await room.due(40 * SECOND) == []
    assert await room.circle() is None


async def test_a_topic_has_its_own_and_speaks_as_its_group_does(room: Room) -> None:
    await chat_with(room.database, now=NOW, telegram_id=GROUP)
    async with room.database.write() as session:
        chat = await find_chat(session, GROUP)
        assert chat
        chat.language = "es"
    first, second = await room.command(), await room.command(thread_id=7)
    assert first
    assert second
    assert (second.thread_id, second.language, second.part) == (7, "es", 0)
    assert first.chat_id != second.chat_id


async def test_it_goes_with_its_chat(room: Room) -> None:
    await room.open()
    async with room.database.write() as session:
        for chat in await session.scalars(select(Chat)):
            await session.delete(chat)
    assert await room.circle() is None


async def test_the_command_that_ended_it_opens_no_other_when_delivered_again(room: Room) -> None:
    await room.open()
    ended = await room.command(update_id=50)
    assert await room.confirm(ended, 4)
    assert await room.command(update_id=50) is None
    assert await room.circle() is None
    async with room.database.write() as session:
        await circles.clear_over(session, room.now + timedelta(days=2))
        assert (await session.scalars(select(Circle))).all() == []


async def test_a_new_one_can_be_opened_right_after(room: Room) -> None:
    await room.open()
    assert await room.confirm(await room.command(), 4)
    room.now += SECOND
    assert await room.command()
    assert await room.circle()


async def test_what_failed_of_an_old_circle_does_not_end_the_new_one(room: Room) -> None:
    await room.open()
    closing = await room.command()
    assert closing
    assert await room.confirm(closing, 4)
    room.now += SECOND
    assert await room.command()
    await circles.drop(room.database, closing)
    assert await room.circle() is not None


async def test_it_goes_along_when_the_group_moves_to_a_number_that_is_known(room: Room) -> None:
    await room.open()
    async with room.database.write() as session:
        await get_or_create_chat(session, -1007, "supergroup", room.now)
    async with room.database.write() as session:
        await move(session, GROUP, -1007, room.now)
    circle = await room.circle()
    assert circle is not None
    assert circle.message_id == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_tap_while_it_ends_is_not_counted_in_the_next_one(room: Room) -> None:
    """Both happen at once, which SQLite's one writer rules out: the tap waits for the circle, and finds it over."""
    await room.open()
    await room.here(1)
    ended, go = asyncio.Event(), asyncio.Event()

    async def end() -> None:
        async with room.database.write() as session:
            circle = await session.scalar(select(Circle).with_for_update())
            assert circle
            circle.stage = CircleStage.CLOSING
            await session.flush()
            await session.execute(delete(Post))
            ended.set()
            await go.wait()

    ending = asyncio.create_task(end())
    await ended.wait()
    tap = asyncio.create_task(room.here(2))
    await asyncio.sleep(0.3)
    go.set()
    await ending
    assert await tap == Tapped.GONE
    async with room.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_two_who_open_it_in_the_same_moment_do_not_close_it(room: Room) -> None:
    assert await room.command()
    assert await room.command() is None
    circle = await room.circle()
    assert circle is not None
    assert circle.stage == CircleStage.ARRIVING
    room.now += timedelta(seconds=3)
    ended = await room.command()
    assert ended is not None
    assert ended.stage == CircleStage.STOPPING
