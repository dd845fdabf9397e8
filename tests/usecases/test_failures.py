"""What fails again and again: it is tried less and less often, is seen until it is mended, and goes on by itself."""

from datetime import timedelta

import pytest

from bot.database.engine import Database
from bot.database.models import Failure
from bot.database.values import FailedWork
from bot.usecases.failures import KEEP_FAILURES, MOST_TRIES, TRY_AGAIN, TRY_RARELY, clear_old, guarded, list_set_aside
from tests.scenes import berlin, chat_with

NOW = berlin(3, "08:30")


@pytest.fixture
async def chat(database: Database) -> int:
    return await chat_with(database, now=berlin(2))


async def fails() -> None:
    raise ValueError("no such zone")


async def goes_well() -> None:
    """Nothing is wrong."""


async def test_after_some_tries_it_is_tried_once_a_day_and_stays_in_sight(database: Database, chat: int) -> None:
    now, waits = NOW, []
    for _ in range(MOST_TRIES + 5):  # days: nothing of it is forgotten
        async with database.write() as session:
            again = await guarded(session, FailedWork.LOOK, chat, fails, now)
            await clear_old(session, now)
        assert again is not None
        waits.append(again - now)
        now = again
    assert waits == [TRY_AGAIN] * (MOST_TRIES - 1) + [TRY_RARELY] * 6
    async with database.read() as session:
        (failure,) = await list_set_aside(session)
    assert failure.tries == MOST_TRIES + 5


async def test_what_goes_well_again_is_set_aside_no_more_and_counts_anew(database: Database, chat: int) -> None:
    async with database.write() as session:
        for _ in range(MOST_TRIES):
            await guarded(session, FailedWork.LOOK, chat, fails, NOW)
        assert len(await list_set_aside(session)) == 1
        assert await guarded(session, FailedWork.LOOK, chat, goes_well, NOW + TRY_RARELY) is None
        assert await list_set_aside(session) == []
        assert await guarded(session, FailedWork.LOOK, chat, fails, NOW + TRY_RARELY) == NOW + TRY_RARELY + TRY_AGAIN


async def test_what_is_not_tried_any_more_is_shown_for_days(database: Database, chat: int) -> None:
    async with database.write() as session:
        for _ in range(MOST_TRIES):
            await guarded(session, FailedWork.LOOK, chat, fails, NOW)
        await clear_old(session, NOW + KEEP_FAILURES)
        assert len(await list_set_aside(session)) == 1
        await clear_old(session, NOW + KEEP_FAILURES + timedelta(seconds=1))
        assert await list_set_aside(session) == []


async def test_failures_that_are_far_apart_count_anew(database: Database, chat: int) -> None:
    async with database.write() as session:
        for day in range(MOST_TRIES):
            assert await guarded(session, FailedWork.LOOK, chat, fails, NOW + timedelta(days=day))
        assert (await session.get_one(Failure, (FailedWork.LOOK, chat))).tries == 1


async def test_what_it_had_written_before_it_failed_is_undone(database: Database, chat: int) -> None:
    async def writes_and_fails() -> None:
        session.add(Failure(work=FailedWork.FLOW, row_id=1, tries=1, is_set_aside=False, error="x", failed_at=NOW))
        await session.flush()
        raise ValueError("too late")

    async with database.write() as session:
        assert await guarded(session, FailedWork.LOOK, chat, writes_and_fails, NOW) == NOW + TRY_AGAIN
    async with database.read() as session:
        assert await session.get(Failure, (FailedWork.FLOW, 1)) is None


async def test_a_database_that_is_away_is_nobodys_failure(database: Database, chat: int) -> None:
    async def is_away() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        async with database.write() as session:
            await guarded(session, FailedWork.LOOK, chat, is_away, NOW)
    async with database.read() as session:
        assert await session.get(Failure, (FailedWork.LOOK, chat)) is None
