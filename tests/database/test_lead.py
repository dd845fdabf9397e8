"""The sending lead on PostgreSQL: a lease that one process has, that ends by itself, and that a pool cannot keep."""

import asyncio
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from sqlalchemy import select, text

from bot.database.engine import Database, DatabaseError
from bot.database.lead import LEASE_SECONDS, RENEW_SECONDS, Lead, SharedLead
from bot.database.models import Chat, LeadRow, QueuedMessage
from bot.database.troubles import REFUSED
from bot.database.values import MessageKind
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import heard, started
from tests.databases import copy_template
from tests.needed import missing
from tests.patience import PATIENCE
from tests.wire import free_port, served, until

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


@pytest.fixture
async def address(postgres: str) -> str:
    return await copy_template(postgres)


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Database]:
    database = Database(address)
    try:
        yield database
    finally:
        await database.close()


async def test_bots_that_share_a_lead_ask_for_it_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Lead] = []
    take = Lead.take

    async def counted(lead: Lead) -> bool:
        asked.append(lead)
        return await take(lead)

    monkeypatch.setattr(Lead, "take", counted)
    async with opened(address) as database, opened(address) as other:
        now = 1_000.0
        shared, second = SharedLead(database, seconds=lambda: now), Lead(other)
        assert await asyncio.gather(*(shared.take() for _ in range(200))) == [True] * 200
        assert asked == [shared]
        await shared.release()  # one of the bots stops; the others go on
        assert shared.is_held()
        assert not await second.take()
        now += RENEW_SECONDS
        assert [await shared.take(), await shared.take()] == [True, True]
        assert asked == [shared, second, shared]
        await shared.give_up()
        assert await second.take()
        now += RENEW_SECONDS
        assert not await shared.take()


async def test_who_hangs_loses_the_lead_and_knows_it(address: str) -> None:
    async with opened(address) as database, opened(address) as other:
        now = 1_000.0
        first, second = Lead(database, seconds=lambda: now), Lead(other, seconds=lambda: now)
        assert await first.take()
        assert not await second.take()
        assert [first.is_held(), second.is_held()] == [True, False]
        async with database.write() as session:  # as after so many seconds by the database's clock
            await session.execute(text("UPDATE leads SET ends_at = clock_timestamp() - interval '1 millisecond'"))
        now += LEASE_SECONDS
        assert not first.is_held()
        assert await second.take()
        assert not await first.take()
        await second.release()
        assert await first.take()
        async with database.read() as session:
            assert await session.scalar(select(LeadRow.term)) == 3


async def test_of_many_who_want_it_at_once_one_gets_it(address: str) -> None:
    async with opened(address) as database:
        taken = await asyncio.gather(*(Lead(database).take() for _ in range(8)))
    assert sorted(taken) == [False] * 7 + [True]


@contextmanager
def pool(server: str, name: str, mode: str, folder: Path) -> Iterator[str]:
    """Runs pgbouncer before the server; yields the address of the database through it."""
    if PGBOUNCER is None:
        missing("pgbouncer")
    there = Path(server.partition("host=")[2])
    user = there.owner() if there.owner() != "root" else None
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{name} = host={there} dbname={name} user=bot\n[pgbouncer]\nlisten_addr=\n"
        f"unix_socket_dir={there}\nlisten_port=6543\nauth_type=any\npool_mode={mode}\ndefault_pool_size=5\n"
        f"ignore_startup_parameters=extra_float_digits\n"
    )
    copy = there / "pgbouncer.ini"
    copy.write_text(settings.read_text())
    copy.chmod(0o644)
    process = subprocess.Popen([PGBOUNCER, "-q", str(copy)], user=user, cwd=there, stderr=subprocess.DEVNULL)
    try:
        with ExitStack() as stack:
            probe = stack.enter_context(socket.socket(socket.AF_UNIX))
            for _ in range(10_000):
                if process.poll() is None and probe.connect_ex(str(there / ".s.PGSQL.6543")) == 0:
                    break
        yield f"postgresql+asyncpg://bot@/{name}?host={there}&port=6543"
    finally:
        process.kill()
        process.wait()
        (there / ".s.PGSQL.6543").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("mode", "more", "works"),
    [("transaction", "", False), ("transaction", "&prepared_statement_cache_size=0", True), ("session", "", True)],
)
async def test_a_pool_by_the_transaction_works_or_is_refused(
    postgres: str, address: str, tmp_path: Path, mode: str, more: str, *, works: bool
) -> None:
    name = address.partition("@/")[2].partition("?")[0]
    with pool(postgres, name, mode, tmp_path) as through:
        async with opened(f"{through}{more}") as database, opened(f"{through}{more}") as other:
            if not works:
                with pytest.raises(DatabaseError, match="a pool in between hands out connections by the") as raised:
                    await database.migrate()
                assert raised.value.code == REFUSED
                return
            await database.migrate()
            first, second = Lead(database), Lead(other)
            for _ in range(5):
                assert [await first.take(), await second.take()] == [True, False]
            await first.release()  # as at the end of a process; nothing stays behind in the pool
            assert await second.take()


async def test_what_is_set_for_the_bot_is_set_for_nobody_else_in_a_pool_by_the_transaction(
    postgres: str, address: str, tmp_path: Path
) -> None:
    name = address.partition("@/")[2].partition("?")[0]
    with pool(postgres, name, "transaction", tmp_path) as through:
        async with opened(f"{through}&prepared_statement_cache_size=0") as database:
            for _ in range(3):
                async with database.write() as session:
                    assert await session.scalar(text("SHOW enable_seqscan")) == "off"
                    assert await session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2s"
            other = await asyncpg.connect(through.replace("+asyncpg", ""), statement_cache_size=0)
            assert await other.fetchval("SHOW enable_seqscan") == "on"
            assert await other.fetchval("SHOW idle_in_transaction_session_timeout") == "0"
            await other.close()


async def queue_one(address: str, person: Person) -> None:
    async with opened(address) as database, database.write() as session:
        chat_id = await session.scalar(select(Chat.id).where(Chat.telegram_id == person.chat.id))
        now = datetime.now(UTC)
        session.add(
            QueuedMessage(
                chat_id=chat_id,
                kind=MessageKind.BACK,
                occurrence_at=now,
                send_after=now,
                send_before=now + timedelta(hours=1),
            )
        )


async def test_two_processes_one_sends_and_the_other_takes_over_when_it_hangs(
    address: str, telegram: LocalTelegram, tmp_path: Path
) -> None:
    """The second says that it is well; after a SIGSTOP it sends, and who wakes up does not send the same again."""
    ana, ports = add_person(telegram, "Ana"), (free_port(), free_port())
    async with opened(address) as database, database.write() as session:
        session.add(Chat(telegram_id=ana.chat.id, kind="private", seed=1, created_at=datetime.now(UTC)))
    await ana.starts()  # else nobody may write to her
    async with served(telegram) as api:
        more = {"BOT_TOKEN": TOKEN, "BOT_API_URL": api, "DATABASE_URL": address, "WEBHOOK_URL": "https://bot.example/t"}
        async with (
            started(tmp_path, "run", LISTEN=f"127.0.0.1:{ports[0]}", **more) as first,
            started(tmp_path, "run", LISTEN=f"127.0.0.1:{ports[1]}", **more) as second,
        ):
            outputs = await asyncio.gather(heard(first, "ready"), heard(second, "ready"))
            leader, waiting = (first, second) if "this process sends now" in outputs[0] else (second, first)
            async with aiohttp.ClientSession() as client, asyncio.timeout(PATIENCE):
                for port in ports:
                    while True:
                        async with client.get(f"http://127.0.0.1:{port}/health") as response:
                            if response.status == 200:
                                break
                leader.send_signal(signal.SIGSTOP)
                await queue_one(address, ana)
                await heard(waiting, "this process sends now")
                await until(lambda: len(ana.hears()) == 1)
                leader.send_signal(signal.SIGCONT)
                await heard(leader, "another process sends; this one waits")
            assert len(ana.hears()) == 1
