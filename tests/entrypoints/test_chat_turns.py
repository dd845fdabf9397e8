"""Several processes on one PostgreSQL: one update has one effect, and a chat's updates are in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from bot.database import chat_turns
from bot.database.chat_turns import ChatTurn, ChatTurns
from bot.database.effects import TurnLostError
from bot.database.engine import Database
from bot.database.models import ChatTurnRow, HandledUpdate, Upload
from bot.entrypoints import chat_turns as entrypoint
from bot.entrypoints.chat_turns import ManyProcesses, make_handle_once
from tests.databases import copy_template

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANA, BEN = (11, 0), (12, 0)


class Process:
    """One process: `does` makes what an update causes, one row for each."""

    def __init__(self, address: str) -> None:
        self.database = Database(address)
        self.once = ManyProcesses(self.database, lambda: NOW)

    async def writes(self, name: str) -> None:
        async with self.database.write() as session:
            session.add(Upload(digest=name, file_id="x"))

    def handles(
        self,
        update_id: int,
        work: Callable[[], Awaitable[None]],
        key: tuple[int, int] = ANA,
        *,
        is_urgent: bool = False,
    ) -> asyncio.Task[None]:
        async def handle() -> None:
            await self.once(update_id, key, work, is_urgent=is_urgent)

        return asyncio.create_task(handle())


@pytest.fixture
async def two(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Process, Process]]:
    monkeypatch.setattr(chat_turns, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(entrypoint, "RENEW_SECONDS", 0.1)
    address = await copy_template(postgres)
    first, second = Process(address), Process(address)
    yield first, second
    await first.database.close()
    await second.database.close()


async def count(process: Process, model: type[Upload] | type[HandledUpdate] | type[ChatTurnRow]) -> int:
    async with process.database.read() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def test_an_update_that_two_get_at_once_has_one_effect(two: tuple[Process, Process]) -> None:
    done: list[str] = []

    def work(process: Process, name: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            await process.writes(name)
            done.append(name)

        return write

    await asyncio.gather(*(process.handles(7, work(process, f"{number}")) for number, process in enumerate(two)))
    assert len(done) == 1
    assert [await count(two[0], model) for model in (Upload, HandledUpdate, ChatTurnRow)] == [1, 1, 0]


async def test_the_updates_of_a_chat_are_in_order_and_hold_up_nobody_else(two: tuple[Process, Process]) -> None:
    order: list[int] = []
    may_go_on, has_begun = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        has_begun.set()
        await may_go_on.wait()
        order.append(1)

    async def quick(number: int) -> None:
        order.append(number)

    first = two[0].handles(1, slow)
    await has_begun.wait()
    second = two[1].handles(2, lambda: quick(2))
    await two[1].handles(3, lambda: quick(3), BEN)
    await two[1].handles(4, lambda: quick(4), is_urgent=True)
    await asyncio.sleep(1.5)  # longer than a lease: whoever is alive renews it
    assert order == [3, 4]
    may_go_on.set()
    await asyncio.gather(first, second)
    assert order == [3, 4, 1, 2]


async def test_what_a_dead_process_began_is_done_by_another(two: tuple[Process, Process]) -> None:
    async with two[0].database.write() as session:
        key = entrypoint._number(ANA)
        await session.execute(chat_turns.TAKE, {"key": key, "holder": "dead", "lease": 0.5})
    await two[1].handles(1, lambda: two[1].writes("a"))
    assert await count(two[1], Upload) == 1


async def test_who_hung_writes_nothing_when_it_wakes_up(two: tuple[Process, Process]) -> None:
    hung, other = two
    has_begun, may_go_on, tries = asyncio.Event(), asyncio.Event(), []

    async def hangs() -> None:
        tries.append(1)
        has_begun.set()
        await may_go_on.wait()
        with pytest.raises(TurnLostError):
            await hung.writes("hung")

    task = hung.handles(1, hangs)
    await has_begun.wait()
    async with other.database.write() as session:  # as if it had not renewed its lease
        await session.execute(text("UPDATE chat_turns SET ends_at = clock_timestamp() - interval '1 second'"))
    await other.handles(1, lambda: other.writes("1"))
    await other.handles(2, lambda: other.writes("2"))
    may_go_on.set()
    await task
    assert len(tries) == 1, "it is not handled anew: the other one has done it"
    async with other.database.read() as session:
        assert set(await session.scalars(select(Upload.digest))) == {"1", "2"}


async def test_what_was_lost_is_handled_anew_where_nobody_else_got_it(two: tuple[Process, Process]) -> None:
    hung, other = two
    tries: list[int] = []

    async def hangs_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            async with other.database.write() as session:
                await session.execute(text("UPDATE chat_turns SET ends_at = clock_timestamp() - interval '1 second'"))
            await other.handles(2, lambda: other.writes("2"))
        await hung.writes("1")

    await hung.handles(1, hangs_once)
    assert len(tries) == 2
    assert [await count(hung, model) for model in (Upload, HandledUpdate, ChatTurnRow)] == [2, 2, 0]


async def test_help_comes_when_the_database_is_away(tmp_path: object) -> None:
    process, done = Process(f"postgresql+asyncpg://bot@/x?host={tmp_path}"), []

    async def helps() -> None:
        done.append("help")

    await process.handles(1, helps, is_urgent=True)
    await process.handles(2, helps)
    assert done == ["help", "help"]


async def test_one_that_fails_or_is_cancelled_leaves_no_turn_behind(two: tuple[Process, Process]) -> None:
    async def fails() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await two[0].handles(1, fails)
    has_begun = asyncio.Event()

    async def waits() -> None:
        has_begun.set()
        await asyncio.Event().wait()

    task = two[0].handles(2, waits)
    await has_begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [await count(two[0], model) for model in (HandledUpdate, ChatTurnRow)] == [0, 0]
    await two[1].handles(1, lambda: two[1].writes("1"))
    assert await count(two[1], Upload) == 1


async def test_a_turn_is_one_of_a_kind_and_ends(two: tuple[Process, Process]) -> None:
    turns, mine, others = ChatTurns(two[0].database), ChatTurn(1, "mine"), ChatTurn(1, "others")
    assert [await turns.take(mine), await turns.take(others)] == [True, False]
    assert await turns.renew(["mine", "others"]) == {"mine"}
    assert not await turns.end(others, 5, NOW, stays=False)
    assert await turns.end(mine, 5, NOW, stays=True)
    assert await turns.was_handled(5)
    assert await turns.end(mine, 5, NOW, stays=False)
    assert await turns.take(others)


async def test_with_sqlite_no_turn_is_taken(database: Database) -> None:
    async def writes() -> None:
        async with database.write() as session:
            session.add(Upload(digest="a", file_id="x"))

    await make_handle_once(database, lambda: NOW)(1, ANA, writes, is_urgent=False)
    async with database.read() as session:
        handled = list(await session.scalars(select(HandledUpdate.update_id)))
        turns = await session.scalar(select(func.count()).select_from(ChatTurnRow))
    assert (handled, turns) == ([1], 0)


async def test_what_a_handler_leaves_running_may_write_after_its_turn(two: tuple[Process, Process]) -> None:
    may_go_on, left = asyncio.Event(), list[asyncio.Task[None]]()

    async def later() -> None:
        await may_go_on.wait()
        await two[0].writes("later")

    async def begins() -> None:
        left.append(asyncio.create_task(later()))

    await two[0].handles(1, begins)
    may_go_on.set()
    await left[0]
    assert await count(two[0], Upload) == 1


async def test_without_a_turn_only_what_is_urgent_writes(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    take, tries = two[0].once._turns.take, list[str]()

    async def fails_once(turn: ChatTurn) -> bool:
        tries.append(turn.holder)
        if len(tries) % 2:
            raise OSError("away")
        return await take(turn)

    monkeypatch.setattr(two[0].once._turns, "take", fails_once)
    await two[0].handles(1, lambda: two[0].writes("1"))
    assert (len(tries), await count(two[0], HandledUpdate)) == (2, 1)
    await two[0].handles(2, lambda: two[0].writes("2"), is_urgent=True)
    assert (len(tries), await count(two[0], Upload)) == (3, 2)
