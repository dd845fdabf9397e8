"""The page for setting up: it asks what `setup` asks, starts the bot, and lets in nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from dotenv import dotenv_values

from bot.commands.setup_page import SetupPages
from bot.content.library import Library
from localtelegram.loopback import listen
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import add_person
from localtelegram.telegram import LocalTelegram
from tests.wire import served, until

ANSWERS = {"BOT_TOKEN": TOKEN, "PRACTICE_NAME": "Rosa & co", "LANGUAGE": "en", "BACKUP_DIR": "", "country": "gb"}


@pytest.fixture
async def address(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.chdir(tmp_path)
    pages = SetupPages(library)
    runner, port = await listen(pages.application())
    yield f"http://127.0.0.1:{port}"
    await pages.close()
    await runner.cleanup()


@pytest.fixture
async def browser(address: str) -> AsyncIterator[ClientSession]:
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as session:
        (await session.get("/")).raise_for_status()
        yield session


async def seen(response: ClientResponse) -> str:
    response.raise_for_status()
    text = await response.text()
    assert TOKEN not in text
    return text


def put(folder: Path, text: str) -> None:
    (folder / ".env").write_text(text, encoding="utf-8")


def values_in(folder: Path) -> dict[str, str | None]:
    return dotenv_values(folder / ".env")


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_a_bot_is_set_up_started_and_answers(
    tmp_path: Path, telegram: LocalTelegram, browser: ClientSession, monkeypatch: pytest.MonkeyPatch, log_format: str
) -> None:
    ana = add_person(telegram, "Ana")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'main.db'}")
    async with served(telegram) as api:
        put(tmp_path, f"BOT_API_URL={api}\nLISTEN=127.0.0.1:0\nLOG_FORMAT={log_format}\n")
        assert "Two letters, such as GB" in await seen(await browser.get("/page/setup"))
        looked_over = await seen(await browser.post("/page/setup", data=ANSWERS))
        assert "@gentle_tears_bot" in looked_over
        assert "Samaritans: 116 123" in looked_over
        assert "BOT_TOKEN" not in values_in(tmp_path)  # nothing is written before it is asked for
        page = await seen(await browser.post("/page/start"))
        while "Your bot runs" not in page:
            assert "Starting" in page
            page = await seen(await browser.get("/page/running"))
        assert "t.me/gentle_tears_bot" in page
        await ana.says("/support")
        await until(lambda: len(ana.hears()) == 1)
    assert values_in(tmp_path)["PRACTICE_NAME"] == "Rosa & co"


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    tmp_path: Path, telegram: LocalTelegram, browser: ClientSession
) -> None:
    async with served(telegram) as api:
        put(tmp_path, f"BOT_API_URL={api}\n")
        wrong = {**ANSWERS, "BOT_TOKEN": "nonsense", "country": "<b>"}
        text = await seen(await browser.post("/page/setup", data=wrong))
    assert "That is no token" in text
    assert "There are no helplines for &lt;B&gt;" in text
    assert 'value="Rosa &amp; co"' in text
    assert values_in(tmp_path) == {"BOT_API_URL": api}


async def test_a_bot_that_cannot_run_says_why(tmp_path: Path, browser: ClientSession) -> None:
    put(tmp_path, "BOT_API_URL=http://127.0.0.1:9\nLISTEN=nonsense\n")
    assert "Telegram cannot be reached now" in await seen(await browser.post("/page/setup", data=ANSWERS))
    page = await seen(await browser.post("/page/start"))
    while "It does not run" not in page:
        page = await seen(await browser.get("/page/running"))
    assert "LISTEN" in page


async def test_no_other_site_and_no_other_program_comes_in(address: str, browser: ClientSession) -> None:
    async with ClientSession(address) as stranger:
        assert (await stranger.get("/page/setup")).status == 403
        assert (await stranger.get("/", headers={"Host": "evil.example"})).status == 403
    other_site = {"Origin": "https://evil.example"}
    assert (await browser.post("/page/start", headers=other_site)).status == 403
    headers = (await browser.get("/page/setup")).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"  # with none, a browser's form has no origin, and is refused
