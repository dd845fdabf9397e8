"""Taps under posts: one per person, taken back by a second tap, counted right when many come at once, deleted fully."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, func, select

from bot.database.engine import Database
from bot.database.models import Chat, Post, PostTap
from bot.database.values import PostKind
from bot.domain.ids import TelegramId
from bot.usecases import taps
from bot.usecases.chats import find_chat, move
from bot.usecases.taps import Tapped, TappedMessage, Unshown, hash_person
from tests.scenes import berlin, chat_with

NOW = berlin(2)
GROUP = TelegramId(-1_001)
KEY = b"a key"
HERE = TappedMessage(GROUP, 0, "supergroup", 7, NOW)


async def tap(
    database: Database, person_id: int, update_id: int, *, message: TappedMessage = HERE, days: float = 0
) -> Tapped:
    return await taps.take_tap(
        database,
        message,
        PostKind.ME_TOO,
        TelegramId(person_id),
        key=KEY,
        update_id=update_id,
        now=NOW + timedelta(days=days),
    )


async def post_of(database: Database, message_id: int = 7) -> Post:
    async with database.read() as session:
        return (await session.scalars(select(Post).where(Post.message_id == message_id))).one()


async def taps_of(database: Database) -> list[PostTap]:
    async with database.read() as session:
        return list(await session.scalars(select(PostTap).order_by(PostTap.post_id, PostTap.person_hash)))


async def take_unshown(database: Database, *, seconds: float = 0) -> Unshown | timedelta | None:
    async with database.write() as session:
        return await taps.take_unshown(session, GROUP, NOW + timedelta(seconds=seconds))


async def test_one_tap_a_person_is_counted_and_the_next_takes_it_back(database: Database) -> None:
    assert [await tap(database, person, person) for person in (1, 2, 3)] == [Tapped.COUNTED] * 3
    assert (await post_of(database)).count == 3
    assert await tap(database, 2, 4) == Tapped.TAKEN_BACK
    assert (await post_of(database)).count == 2
    assert await tap(database, 2, 5) == Tapped.COUNTED
    assert (await post_of(database)).count == 3


async def test_a_tap_that_is_delivered_again_changes_nothing(database: Database) -> None:
    assert await tap(database, 1, 10) == Tapped.COUNTED
    assert await tap(database, 1, 10) == Tapped.COUNTED
    assert await tap(database, 1, 11) == Tapped.TAKEN_BACK
    assert await tap(database, 1, 11) == Tapped.TAKEN_BACK
    assert await tap(database, 1, 10) == Tapped.TAKEN_BACK
    assert (await post_of(database)).count == 0


async def test_many_at_once_are_all_counted(database: Database) -> None:
    await asyncio.gather(*(tap(database, person, person) for person in range(1, 41)))
    await asyncio.gather(*(tap(database, person, 100 + person) for person in range(1, 11)))
    assert (await post_of(database)).count == 30
    assert sum(row.is_counted for row in await taps_of(database)) == 30


async def test_one_person_tapping_twice_at_once_ends_where_they_were(database: Database) -> None:
    await asyncio.gather(tap(database, 1, 1), tap(database, 1, 20_000))
    assert (await post_of(database)).count == sum(row.is_counted for row in await taps_of(database))


async def test_no_person_is_stored_and_no_two_posts_can_be_linked(database: Database) -> None:
    await tap(database, 4242, 1)
    await tap(database, 4242, 2, message=replace(HERE, message_id=8))
    first, second = await taps_of(database)
    assert first.person_hash == hash_person(KEY, first.post_id, TelegramId(4242))
    assert first.person_hash != second.person_hash
    assert "4242" not in first.person_hash + second.person_hash


async def test_a_post_belongs_to_the_row_of_its_topic_or_else_to_one_of_its_group(database: Database) -> None:
    main = await chat_with(database, now=NOW, telegram_id=GROUP)
    async with database.write() as session:
        session.add(Chat(telegram_id=GROUP, thread_id=5, seed=1, created_at=NOW))
    await tap(database, 1, 1, message=replace(HERE, thread_id=5))
    await tap(database, 1, 2, message=replace(HERE, thread_id=6, message_id=8))
    async with database.read() as session:
        topic = await find_chat(session, GROUP, 5)
    assert topic
    assert (await post_of(database)).chat_id == topic.id
    assert (await post_of(database, 8)).chat_id == main
    assert await tap(database, 2, 3, message=replace(HERE, thread_id=0)) == Tapped.COUNTED
    assert (await post_of(database)).count == 2


async def test_a_group_that_is_new_here_gets_a_row(database: Database) -> None:
    await tap(database, 1, 1)
    async with database.read() as session:
        chat = await find_chat(session, GROUP)
    assert chat
    assert chat.kind == "supergroup"


async def test_what_telegram_no_longer_shows_is_counted_only_where_it_is_known(database: Database) -> None:
    hidden = replace(HERE, posted_at=None)
    assert await tap(database, 1, 1, message=hidden) == Tapped.GONE
    await tap(database, 2, 2)
    assert await tap(database, 1, 3, message=hidden) == Tapped.COUNTED


async def test_after_thirty_days_all_of_it_is_gone_and_nothing_new_is_counted(database: Database) -> None:
    await tap(database, 1, 1, days=29)
    assert await tap(database, 2, 2, days=30.1) == Tapped.TOO_OLD
    async with database.write() as session:
        await taps.clear_old(session, NOW + timedelta(days=30.1))
        assert await session.scalar(select(func.count()).select_from(Post)) == 0
    assert await taps_of(database) == []


async def test_what_was_taken_back_is_erased_after_a_day(database: Database) -> None:
    await tap(database, 1, 1)
    await tap(database, 2, 2)
    await tap(database, 2, 3)
    for hours, left in ((23, 2), (25, 1)):
        async with database.write() as session:
            await taps.clear_old(session, NOW + timedelta(hours=hours))
        assert len(await taps_of(database)) == left
    assert (await post_of(database)).count == 1


async def test_a_person_is_forgotten_under_every_post(database: Database) -> None:
    async with database.write() as session:
        session.add(Chat(telegram_id=GROUP, seed=1, created_at=NOW))
    for number in range(1, 6):
        message = replace(HERE, message_id=number)
        await tap(database, 1, number * 10, message=message)
        await tap(database, 2, number * 10 + 1, message=message)
    await tap(database, 1, 100, message=replace(HERE, message_id=5))  # taken back
    async with database.write() as session:
        assert await taps.forget_person(session, KEY, TelegramId(1)) == {GROUP}
        assert await taps.forget_person(session, KEY, TelegramId(1)) == set()
    assert [(await post_of(database, number)).count for number in range(1, 6)] == [1] * 5
    assert len(await taps_of(database)) == 5


async def test_more_posts_than_fit_into_one_statement_are_all_forgotten(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW, telegram_id=GROUP)
    async with database.write() as session:
        for number in range(taps.CHUNK + 50):
            session.add(
                Post(chat_id=chat_id, message_id=number, kind=PostKind.ME_TOO, count=1, tapped_at=NOW, posted_at=NOW)
            )
        await session.flush()
        for post_id in await session.scalars(select(Post.id)):
            session.add(
                PostTap(
                    post_id=post_id, person_hash=hash_person(KEY, post_id, TelegramId(1)), is_counted=True, update_id=1
                )
            )
    async with database.write() as session:
        await taps.forget_person(session, KEY, TelegramId(1))
        assert await session.scalar(select(func.sum(Post.count))) == 0
    assert await taps_of(database) == []


async def test_buttons_of_one_chat_take_turns_five_seconds_apart(database: Database) -> None:
    await tap(database, 1, 1)
    await tap(database, 1, 2, message=replace(HERE, message_id=8))
    first = await take_unshown(database)
    assert isinstance(first, Unshown)
    assert (first.message_id, first.count) == (7, 1)
    assert await take_unshown(database, seconds=2) == timedelta(seconds=3)
    async with database.write() as session:
        await taps.mark_shown(session, first)
    second = await take_unshown(database, seconds=5)
    assert isinstance(second, Unshown)
    assert second.message_id == 8


async def test_what_was_not_marked_as_shown_is_found_again(database: Database) -> None:
    await tap(database, 1, 1)
    assert isinstance(await take_unshown(database), Unshown)
    assert await taps.chats_with_unshown(database) == [GROUP]
    again = await take_unshown(database, seconds=5)
    assert isinstance(again, Unshown)
    async with database.write() as session:
        await taps.mark_shown(session, again)
    assert await taps.chats_with_unshown(database) == []
    assert await take_unshown(database, seconds=5) is None


async def test_a_tap_while_it_is_being_shown_is_not_lost(database: Database) -> None:
    await tap(database, 1, 1)
    taken = await take_unshown(database)
    assert isinstance(taken, Unshown)
    await tap(database, 2, 2)
    async with database.write() as session:
        await taps.mark_shown(session, taken)
    later = await take_unshown(database, seconds=5)
    assert isinstance(later, Unshown)
    assert later.count == 2


async def test_all_of_it_is_deleted_with_its_chat(database: Database) -> None:
    await tap(database, 1, 1)
    async with database.write() as session:
        await session.execute(delete(Chat))
    assert await taps_of(database) == []
    await tap(database, 1, 2)
    async with database.write() as session:
        await move(session, GROUP, TelegramId(GROUP - 1), NOW)  # to a supergroup: its messages have other numbers
    assert await taps_of(database) == []
