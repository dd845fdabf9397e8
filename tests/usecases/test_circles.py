"""Circles in the database: one per chat, undelivered messages are sent again, late circles end without a message."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.content.flows import ARRIVING, Flow, Flows
from bot.database.engine import Database
from bot.database.models import Chat, Circle, Post
from bot.database.values import CircleStage, OffReason, PostKind
from bot.domain.ids import TelegramId
from bot.usecases import circles, taps
from bot.usecases.chats import find_chat, get_or_create_chat, move, switch_off
from bot.usecases.circles import MAX_CIRCLE, PART, CircleMessage
from bot.usecases.taps import Tapped, TappedMessage
from bot.usecases.timed_messages import TOO_LATE, UNDELIVERED_AFTER
from tests.scenes import berlin, chat_with

NOW = berlin(2)
GROUP = TelegramId(-1_001)
FLOWS = {
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


def flows_of(practice: str | None, language: str | None) -> Flows:
    return FLOWS


class Group:
    """A group with its circles, on the database alone."""

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

    async def confirm(self, message: CircleMessage | None, message_id: int) -> bool:
        assert message
        return await circles.confirm(self.database, message, message_id, flows_of, self.now)

    async def open(self) -> None:
        """Brings a circle to message 3, the one with the "I'm here" button."""
        await self.confirm(await self.command(), 1)
        for message_id, after in ((2, timedelta(seconds=40)), (3, PART)):
            (message,) = await self.due(after)
            assert await self.confirm(message, message_id)

    async def here(self, person_id: int, message_id: int = 3, *, posted_at: datetime | None = None) -> Tapped:
        self.updates += 1
        return await taps.take_tap(
            self.database,
            TappedMessage(GROUP, 0, "supergroup", message_id, posted_at or self.now),
            PostKind.HERE,
            TelegramId(person_id),
            key=b"key",
            update_id=self.updates,
            now=self.now,
        )

    async def circle(self) -> Circle | None:
        async with self.database.read() as session:
            return (await session.scalars(select(Circle).where(Circle.stage != CircleStage.OVER))).one_or_none()


@pytest.fixture
def group(database: Database) -> Group:
    return Group(database)


async def test_it_goes_on_part_by_part_each_after_its_wait(group: Group) -> None:
    opened = await group.command()
    assert opened
    assert (opened.stage, opened.part, opened.message_id) == (CircleStage.ARRIVING, 0, 0)
    assert await group.confirm(opened, 1)
    assert await group.due(39 * SECOND) == []
    (message,) = await group.due(SECOND)
    assert (message.stage, message.part, message.message_id) == (CircleStage.ARRIVING, 1, 1)
    assert await group.confirm(message, 2)
    (message,) = await group.due(PART)
    assert (message.stage, message.message_id) == (CircleStage.HERE, 2)
    assert await group.confirm(message, 3)
    assert await group.due(MAX_CIRCLE - SECOND) == []
    (message,) = await group.due(SECOND)
    assert message.stage == CircleStage.CLOSING
    assert await group.confirm(message, 4)
    assert await group.circle() is None


async def test_what_was_not_confirmed_is_sent_again(group: Group) -> None:
    opened = await group.command()
    assert await group.due(UNDELIVERED_AFTER - SECOND) == []
    (again,) = await group.due(SECOND)
    assert again == opened
    assert await group.confirm(again, 5)
    assert not await group.confirm(opened, 4)  # it was sent twice: the second one counts
    (message,) = await group.due(40 * SECOND)
    assert message.message_id == 5


async def test_the_closing_is_sent_again_too_with_the_same_count(group: Group) -> None:
    await group.open()
    for person in (1, 2):
        assert await group.here(person) == Tapped.COUNTED
    closing = await group.command()
    assert closing
    assert (closing.stage, closing.count) == (CircleStage.CLOSING, 2)
    assert await group.command() is None  # it is closing already
    assert await group.due(UNDELIVERED_AFTER) == [closing]
    assert await group.confirm(closing, 4)
    async with group.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_the_same_command_delivered_twice_does_not_close_what_it_opened(group: Group) -> None:
    await group.confirm(await group.command(update_id=10), 1)
    assert await group.command(update_id=10) is None
    circle = await group.circle()
    assert circle
    assert circle.stage == CircleStage.ARRIVING


async def test_a_part_that_was_under_way_when_it_was_stopped_is_not_confirmed(group: Group) -> None:
    await group.confirm(await group.command(), 1)
    (under_way,) = await group.due(40 * SECOND)
    stopping = await group.command()
    assert stopping
    assert (stopping.stage, stopping.message_id) == (CircleStage.STOPPING, 1)
    assert not await group.confirm(under_way, 2)
    assert await group.confirm(stopping, 3)
    assert await group.circle() is None


async def test_one_is_counted_only_in_its_own_circle_while_it_is_open(group: Group) -> None:
    await group.confirm(await group.command(), 1)
    assert await group.here(1, 1) == Tapped.GONE
    for after in (40 * SECOND, PART):
        (message,) = await group.due(after)
        if message.stage == CircleStage.HERE:
            assert await group.here(1, 3) == Tapped.COUNTED  # it has been sent, and is not confirmed yet
        await group.confirm(message, 2 if message.stage == CircleStage.ARRIVING else 3)
    assert await group.here(2, 3) == Tapped.COUNTED
    assert await group.here(2, 2) == Tapped.GONE
    closing = await group.command()
    assert closing
    assert closing.count == 2
    assert await group.here(3, 3) == Tapped.GONE
    await group.confirm(closing, 4)
    assert await group.here(3, 3) == Tapped.GONE


async def test_a_count_that_is_closing_is_not_shown_any_more(group: Group) -> None:
    await group.open()
    await group.here(1)
    await group.command()
    async with group.database.write() as session:
        assert await taps.take_unshown(session, GROUP, group.now) is None


async def test_only_its_own_messages_end_it(group: Group) -> None:
    await group.open()
    old = TappedMessage(GROUP, 0, "supergroup", 1, NOW - timedelta(hours=1))
    assert await circles.end_by_tap(group.database, old, group.now) is None
    twice = TappedMessage(
        GROUP, 0, "supergroup", 4, group.now
    )  # sent twice: its number is not the one that was confirmed
    message = await circles.end_by_tap(group.database, twice, group.now)
    assert message
    assert message.stage == CircleStage.CLOSING
    assert await circles.end_by_tap(group.database, twice, group.now) is None


async def test_half_an_hour_late_it_ends_without_a_message(group: Group) -> None:
    await group.confirm(await group.command(), 1)
    (message,) = await group.due(40 * SECOND + TOO_LATE + SECOND)
    assert (message.is_wordless, message.message_id) == (True, 1)
    assert await group.circle() is None


async def test_where_nothing_can_be_sent_it_ends(group: Group) -> None:
    await group.confirm(await group.command(), 1)
    async with group.database.write() as session:
        chat = await find_chat(session, GROUP)
        assert chat
        await switch_off(session, chat.id, OffReason.BLOCKED, NOW)
    assert await group.due(40 * SECOND) == []
    assert await group.circle() is None


async def test_a_topic_has_its_own_and_speaks_as_its_group_does(group: Group) -> None:
    await chat_with(group.database, now=NOW, telegram_id=GROUP)
    async with group.database.write() as session:
        chat = await find_chat(session, GROUP)
        assert chat
        chat.language = "es"
    first, second = await group.command(), await group.command(thread_id=7)
    assert first
    assert second
    assert (second.thread_id, second.language, second.part) == (7, "es", 0)
    assert first.chat_id != second.chat_id


async def test_it_is_deleted_with_its_chat(group: Group) -> None:
    await group.open()
    async with group.database.write() as session:
        for chat in await session.scalars(select(Chat)):
            await session.delete(chat)
    assert await group.circle() is None


async def test_the_command_that_ended_it_opens_no_other_when_delivered_again(group: Group) -> None:
    await group.open()
    ended = await group.command(update_id=50)
    assert await group.confirm(ended, 4)
    assert await group.command(update_id=50) is None
    assert await group.circle() is None
    async with group.database.write() as session:
        await circles.clear_over(session, group.now + timedelta(days=2))
        assert (await session.scalars(select(Circle))).all() == []


async def test_a_new_one_can_be_opened_right_after(group: Group) -> None:
    await group.open()
    assert await group.confirm(await group.command(), 4)
    group.now += SECOND
    assert await group.command()
    assert await group.circle()


async def test_what_failed_of_an_old_circle_does_not_end_the_new_one(group: Group) -> None:
    await group.open()
    closing = await group.command()
    assert closing
    assert await group.confirm(closing, 4)
    group.now += SECOND
    assert await group.command()
    await circles.drop(group.database, closing)
    assert await group.circle() is not None


async def test_it_goes_along_when_the_group_moves_to_a_number_that_is_known(group: Group) -> None:
    await group.open()
    async with group.database.write() as session:
        await get_or_create_chat(session, TelegramId(-1007), "supergroup", group.now)
    async with group.database.write() as session:
        await move(session, GROUP, TelegramId(-1007), group.now)
    circle = await group.circle()
    assert circle is not None
    assert circle.message_id == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_tap_while_it_ends_is_not_counted_in_the_next_one(group: Group) -> None:
    """Both happen at once, which SQLite's one writer excludes: the tap waits, and then the circle is over."""
    await group.open()
    await group.here(1)
    ended, go = asyncio.Event(), asyncio.Event()

    async def end() -> None:
        async with group.database.write() as session:
            circle = await session.scalar(select(Circle).with_for_update())
            assert circle
            circle.stage = CircleStage.CLOSING
            await session.flush()
            await session.execute(delete(Post))
            ended.set()
            await go.wait()

    ending = asyncio.create_task(end())
    await ended.wait()
    tap = asyncio.create_task(group.here(2))
    await asyncio.sleep(0.3)
    go.set()
    await ending
    assert await tap == Tapped.GONE
    async with group.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


async def test_two_who_open_it_in_the_same_moment_do_not_close_it(group: Group) -> None:
    assert await group.command()
    assert await group.command() is None
    circle = await group.circle()
    assert circle is not None
    assert circle.stage == CircleStage.ARRIVING
    group.now += timedelta(seconds=3)
    ended = await group.command()
    assert ended is not None
    assert ended.stage == CircleStage.STOPPING
