"""Several bots in one program: each with its own people, words, database and figures, and none harms another."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.commands.processes import Process, forked, heard, started
from tests.databases import copy_template
from tests.patience import PATIENCE
from tests.wire import free_port, served, until

MORE_FILES = """
from resource import RLIMIT_NOFILE, getrlimit, setrlimit
from bot.commands.run_several import allow_more_files
setrlimit(RLIMIT_NOFILE, (64, getrlimit(RLIMIT_NOFILE)[1]))
allow_more_files()
print(*getrlimit(RLIMIT_NOFILE))
"""
TOKENS = {name: f"{number}:{'B' * 35}" for number, name in enumerate(("", "rosa-meyer", "tomas"), 700_000_001)}


@pytest.fixture
def telegram(telegram: LocalTelegram) -> LocalTelegram:
    """Three bots more: one without a name in `.env`, and two with a file."""
    for name, token in TOKENS.items():
        telegram.add_bot(token, first_name=name or "Everyone's", username=f"{name.replace('-', '_') or 'all'}_bot")
    return telegram


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rosa Meyer speaks Spanish and has her own first message; Tomas has nothing but a token."""
    (tmp_path / "bots").mkdir()
    rosa = f"BOT_TOKEN={TOKENS['rosa-meyer']}\nLANGUAGE=es\nPRACTICE_NAME=Rosa Meyer\n"
    (tmp_path / "bots" / "rosa-meyer.env").write_text(rosa)
    (tmp_path / "bots" / "tomas.env").write_text(f"BOT_TOKEN={TOKENS['tomas']}\n")
    return tmp_path


@asynccontextmanager
async def running(folder: Path, address: str, **more: str) -> AsyncIterator[Process]:
    given = {"BOTS_DIR": "bots", "BOT_API_URL": address, "PRACTICE_NAME": "Everyone's"} | more
    async with forked(folder, "run", **given) as process:
        yield process
        process.send_signal(signal.SIGTERM)
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, output.decode()


def people(telegram: LocalTelegram) -> dict[str, Person]:
    bots = telegram.network.bots
    return {name: add_person(telegram, "Ana", bot=bots[token], language_code="de") for name, token in TOKENS.items()}


def databases(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.db"))


async def missing_at_last(session: aiohttp.ClientSession, missing: list[str]) -> Mapping[str, object]:
    """Returns the answer of /ready when each bot has looked at what is due, and only this is missing."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer: dict[str, object] = await (await session.get("/ready")).json()
            if answer["missing"] == missing:
                return answer
            await asyncio.sleep(0.05)


async def test_each_answers_its_own_people_in_its_own_words(folder: Path, telegram: LocalTelegram) -> None:
    async with served(telegram) as address, running(folder, address, BOT_TOKEN=TOKENS[""]) as process:
        for _ in TOKENS:
            await heard(process, "ready")
        said = {}
        for name, person in people(telegram).items():
            await person.starts()
            await until(lambda person=person: len(person.hears()) == 1)  # type: ignore[misc]  # mypy takes it for a call
            said[name] = person.hears()[0]
    assert "Everyone's" in said[""]
    assert "Rosa Meyer" in said["rosa-meyer"]
    assert said["rosa-meyer"].startswith("Hola")
    assert "Rosa" not in said["tomas"]
    assert "Everyone's" not in said["tomas"]
    assert databases(folder) == ["main.db", "main.rosa-meyer.db", "main.tomas.db"]


async def test_figures_and_readiness_are_those_of_each(folder: Path, telegram: LocalTelegram) -> None:
    port = free_port()
    async with (
        served(telegram) as address,
        running(folder, address, LISTEN=f"127.0.0.1:{port}") as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        for _ in range(2):
            await heard(process, "ready")
        rosa = people(telegram)["rosa-meyer"]
        await rosa.starts()
        await until(lambda: len(rosa.hears()) == 1)
        ready = await missing_at_last(session, [])
        of_rosa = await (await session.get("/ready?bot=rosa-meyer")).json()
        nobody = await session.get("/ready?bot=nobody")
        metrics = await (await session.get("/metrics")).text()
        of_one = await (await session.get("/metrics?bot=tomas")).text()
        assert await (await session.get("/health")).json() == {"ok": True}  # each has looked: it has answered
    assert ready["ok"]
    assert isinstance(ready["bots"], dict)
    assert sorted(ready["bots"]) == ["rosa-meyer", "tomas"]
    assert (of_rosa["ok"], of_rosa["lead"]) == (True, "this process")
    assert nobody.status == 404
    lines = [line for line in metrics.splitlines() if line.startswith("bot_reply_seconds_count")]
    assert lines == ['bot_reply_seconds_count{bot="rosa-meyer"} 1.0', 'bot_reply_seconds_count{bot="tomas"} 0.0']
    assert metrics.count("# TYPE bot_leads ") == 1
    assert "bot=" not in of_one
    assert "bot_reply_seconds_count 0.0" in of_one


async def test_one_whose_token_is_refused_leaves_the_others_alone(folder: Path, telegram: LocalTelegram) -> None:
    port = free_port()
    (folder / "bots" / "wrong.env").write_text(f"BOT_TOKEN=700000009:{'C' * 35}\n")
    async with (
        served(telegram) as address,
        running(folder, address, LISTEN=f"127.0.0.1:{port}") as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        said = await heard(process, "does not accept BOT_TOKEN")
        assert "bot=wrong" in said.splitlines()[-1]
        for _ in range(2 - said.count("ready")):
            await heard(process, "ready")
        tomas = people(telegram)["tomas"]
        await tomas.starts()
        await until(lambda: len(tomas.hears()) == 1)
        assert not (await missing_at_last(session, ["wrong: it does not run; see the log"]))["ok"]


async def test_where_telegram_refuses_all_of_them_the_program_ends(folder: Path, telegram: LocalTelegram) -> None:
    telegram.network.bots.clear()
    async with (
        served(telegram) as address,
        forked(folder, "run", BOTS_DIR="bots", BOT_API_URL=address) as process,
    ):
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, output.decode().count("does not accept BOT_TOKEN")) == (2, 2)


async def test_by_webhook_each_has_an_address(folder: Path, telegram: LocalTelegram) -> None:
    port = free_port()
    telegram.has_local_webhooks = True
    more = {"LISTEN": f"127.0.0.1:{port}", "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/"}
    async with served(telegram) as address, running(folder, address, **more) as process:
        for _ in range(2):
            await heard(process, "ready")
        for name in ("rosa-meyer", "tomas"):
            person = people(telegram)[name]
            await until(lambda name=name: telegram.network.bots[TOKENS[name]].webhook is not None)  # type: ignore[misc]  # as above
            await person.starts()
            await until(lambda person=person: len(person.hears()) == 1)  # type: ignore[misc]  # as above
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            codes = [(await session.post(f"/telegram/{name}", json={})).status for name in ("tomas", "nobody", "")]
    assert codes == [403, 404, 404]


async def test_on_postgresql_each_has_a_schema_and_one_lead_is_for_all(
    folder: Path, telegram: LocalTelegram, postgres: str
) -> None:
    url = await copy_template(postgres)
    async with served(telegram) as address, running(folder, address, DATABASE_URL=url) as process:
        for _ in range(2):
            await heard(process, "ready")
        for name in ("rosa-meyer", "tomas"):
            person = people(telegram)[name]
            await person.starts()
            await until(lambda person=person: len(person.hears()) == 1)  # type: ignore[misc]  # as above
        counts = await counted(url)
    assert counts == {"public": (0, 1), "bot_rosa_meyer": (1, 0), "bot_tomas": (1, 0)}


async def counted(url: str) -> dict[str, tuple[int, int]]:
    """Returns how many chats each schema has, and how many leads are held there."""
    import asyncpg  # noqa: PLC0415 - only for this test

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        found: dict[str, tuple[int, int]] = {}
        for schema in ("public", "bot_rosa_meyer", "bot_tomas"):
            await connection.execute(f"SET search_path TO {schema}")
            chats = await connection.fetchval("SELECT count(*) FROM chats")
            held = await connection.fetchval("SELECT count(*) FROM leads WHERE ends_at > clock_timestamp()")
            found[schema] = (chats, held)
        return found
    finally:
        await connection.close()


async def test_on_postgresql_a_bot_runs_in_one_program_at_a_time(
    folder: Path, telegram: LocalTelegram, postgres: str
) -> None:
    """Alone, or with the others: two programs would each send at the bot's whole limit."""
    given = {"DATABASE_URL": await copy_template(postgres), "BOTS_DIR": "bots"}
    async with served(telegram) as address, running(folder, address, **given) as process:
        for _ in range(2):
            await heard(process, "ready")
        async with forked(folder, "--bot", "tomas", "run", BOT_API_URL=address, **given) as alone:
            output, _ = await asyncio.wait_for(alone.communicate(), PATIENCE)
    assert alone.returncode == 1
    assert "a program with several bots runs this one already; stop that first" in output.decode()
    async with (
        served(telegram) as address,
        forked(folder, "--bot", "tomas", "run", BOT_API_URL=address, **given) as alone,
    ):
        await heard(alone, "ready")
        async with running(folder, address, **given) as process:
            said = await heard(process, "another program runs this bot alone; stop that first")
            assert "bot=tomas" in said.splitlines()[-1]
            if "ready" not in said:
                await heard(process, "ready")


async def test_it_may_open_more_files_than_programs_may_at_first(tmp_path: Path) -> None:
    """With SQLite a bot holds about six, and 1,024 are what many systems allow."""
    async with started(tmp_path, program=MORE_FILES) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    soft, hard = output.decode().split()
    assert soft == hard


async def test_two_bots_with_one_token_are_refused(folder: Path) -> None:
    (folder / "bots" / "twice.env").write_text(f"BOT_TOKEN={TOKENS['tomas']}\n")
    async with forked(folder, "run", BOTS_DIR="bots") as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "BOTS_DIR: twice.env has the BOT_TOKEN of tomas; each bot needs one of its own" in output.decode()


async def test_a_command_is_about_the_bot_that_is_named(folder: Path) -> None:
    given = {"BOTS_DIR": "bots"}
    async with forked(folder, "invite", "--list", **given) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "say which bot, such as python -m bot --bot rosa-meyer" in output.decode()
    async with forked(folder, "--bot", "tomas", "invite", "--list", **given) as process:
        await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert databases(folder) == ["main.tomas.db"]


async def test_doctor_looks_after_the_tokens_of_all(folder: Path, telegram: LocalTelegram) -> None:
    file = folder / "bots" / "tomas.env"
    file.chmod(0o644)
    (folder / "bots" / "rosa-meyer.env").chmod(0o600)
    async with (
        served(telegram) as address,
        forked(folder, "--bot", "tomas", "doctor", BOTS_DIR="bots", BOT_API_URL=address) as doctor,
    ):
        output, _ = await asyncio.wait_for(doctor.communicate(), PATIENCE)
    assert f"other users of this machine may read {file}: chmod 600 {file}" in output.decode()


async def test_live_figures_are_those_of_the_bot_that_is_named(folder: Path, telegram: LocalTelegram) -> None:
    port = free_port()
    listen = {"LISTEN": f"127.0.0.1:{port}"}
    async with (
        served(telegram) as address,
        running(folder, address, **listen) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await heard(process, "ready")
        await missing_at_last(session, [])
        async with forked(folder, "--bot", "tomas", "doctor", "--live", BOTS_DIR="bots", **listen) as doctor:
            output, _ = await asyncio.wait_for(doctor.communicate(), PATIENCE)
    assert doctor.returncode == 0, output.decode()
    assert "it has all that it needs" in output.decode()
