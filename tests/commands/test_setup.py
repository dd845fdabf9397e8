"""`setup` asks, tries the token, and writes `.env`; what stands there already stays."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.commands import setup
from bot.commands.env_writing import changed
from bot.commands.key import make_key
from bot.settings import TELEGRAM, Settings
from localtelegram.people.demo import TOKEN
from localtelegram.telegram import LocalTelegram
from tests.wire import served

OTHER_TOKEN = "999999999:AAnot-the-token-of-any-bot-in-here-000000"


@pytest.fixture
async def api(tmp_path: Path, telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(setup, "_is_asked", lambda: True)
    async with served(telegram) as address:
        yield address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def put(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def beside(file: Path) -> list[str]:
    return [one.name for one in file.parent.iterdir()]


async def answered(*answers: str) -> Result:
    said = "".join(f"{answer}\n" for answer in answers)
    return await asyncio.to_thread(CliRunner().invoke, cli, ["setup"], input=said)


async def test_it_writes_what_was_answered_for_its_owner_alone(api: str, file: Path) -> None:
    put(file, f"BOT_API_URL={api}\n# mine\nQUIET_MONTHS=2\n")
    result = await answered(TOKEN, "Rosa's practice # 1", "es", "", "gb", "y")
    assert result.exit_code == 0, result.output
    assert "This is @gentle_tears_bot." in result.output
    assert "Samaritans" in result.output
    assert TOKEN not in result.output
    written = dotenv_values(file)
    assert len(written.pop("SECRET_KEY") or "") == 44
    wanted = {"BOT_TOKEN": TOKEN, "PRACTICE_NAME": "Rosa's practice # 1", "LANGUAGE": "es", "BACKUP_DIR": ""}
    assert written == {"BOT_API_URL": api, "QUIET_MONTHS": "2"} | wanted
    assert "# mine" in text_of(file)
    assert mode_of(file) == 0o600


async def test_a_second_time_enter_changes_nothing(api: str, file: Path) -> None:
    kept = f"BOT_API_URL={api}\nBOT_TOKEN={TOKEN}\nPRACTICE_NAME=Rosa\nLANGUAGE=es\nBACKUP_DIR=\nSECRET_KEY=a,b\n"
    put(file, kept)
    result = await answered("", "", "", "", "")
    assert result.exit_code == 2  # what was wrong before is said, and nothing is lost
    assert text_of(file) == kept
    kept = kept.replace("a,b", make_key())
    put(file, kept)
    result = await answered("", "", "", "", "")
    assert (result.exit_code, text_of(file)) == (0, kept)


async def test_what_is_wrong_is_asked_again(api: str, file: Path) -> None:
    put(file, f"BOT_API_URL={api}\n")
    result = await answered("nonsense", OTHER_TOKEN, TOKEN, "", "xx", "en", "", "zz", "")
    assert result.exit_code == 0, result.output
    for said in ("That is no token", "Telegram does not accept it", "Please one of en, es", "There are none for ZZ"):
        assert said in result.output


@pytest.mark.parametrize(
    ("in_file", "in_environment", "asked_at"),
    [
        ("", None, TELEGRAM),
        ("", "http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("http://127.0.0.1:8082", "http://127.0.0.1:8081", "http://127.0.0.1:8082"),
    ],
)
async def test_a_token_is_tried_where_the_bot_would_use_it(
    in_file: str, in_environment: str | None, asked_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(token: str, settings: Settings) -> setup.Known:
        asked.append((token, settings.bot_api_url))
        return setup.Known(name="rosas_bot")

    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(setup, "ask_telegram", ask)
    monkeypatch.delenv("BOT_API_URL", raising=False)
    if in_environment:
        monkeypatch.setenv("BOT_API_URL", in_environment)
    assert await setup.try_token(OTHER_TOKEN, {"BOT_API_URL": in_file}) == setup.Known(name="rosas_bot")
    assert asked == [(OTHER_TOKEN, asked_at)]


async def test_a_token_is_tried_by_the_proxy_that_the_bot_would_use(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(token: str, settings: Settings) -> setup.Known:
        return setup.Known(name=str(settings.proxy_address))

    monkeypatch.setattr(setup, "ask_telegram", ask)
    known = await setup.try_token(OTHER_TOKEN, {"PROXY": "http://ana:secret@proxy.example:3128"})
    assert known.name == "http://ana:secret@proxy.example:3128"


async def test_a_setting_of_the_environment_that_is_wrong_is_not_called_a_wrong_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIET_MONTHS", "many")
    known = await setup.try_token(OTHER_TOKEN, {})
    assert known.is_refused
    assert known.problem.startswith("QUIET_MONTHS is wrong")


async def test_where_telegram_is_away_it_goes_on(api: str, file: Path) -> None:
    put(file, "BOT_API_URL=http://127.0.0.1:9\n")
    result = await answered(TOKEN, "", "", "", "")
    assert result.exit_code == 0, result.output
    assert "Telegram cannot be reached now" in result.output
    assert dotenv_values(file)["BOT_TOKEN"] == TOKEN


async def test_who_stops_half_way_has_written_nothing(api: str, file: Path) -> None:
    put(file, f"BOT_API_URL={api}\n")
    result = await answered(TOKEN, "Rosa")  # and then the input ends
    assert result.exit_code == 1
    assert beside(file) == [".env"]
    assert "BOT_TOKEN" not in text_of(file)


def test_without_a_terminal_it_says_what_else_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["setup"])
    assert result.exit_code == 1
    assert "settings --new" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value", ["plain", "with space", "it's", 'two "quotes"', "a#b", "back\\slash", "ñandú", "$HOME"]
)
def test_any_value_is_read_as_it_was_given(value: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(changed("# one\nNAME=old\nOTHER=1", {"NAME": value, "NEW": value}), encoding="utf-8")
    assert dotenv_values(file) == {"NAME": value, "OTHER": "1", "NEW": value}
