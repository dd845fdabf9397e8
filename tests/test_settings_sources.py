"""Where settings come from, as people have written and saved them: what is understood, and what is said in one line."""

import codecs
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings
from bot.settings.notes import notes

TOKEN = "123456789:" + "A" * 35
TEXT = f"# Rosa\r\nBOT_TOKEN={TOKEN}\r\nPRACTICE_NAME=Praxis Jürgen\r\n"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        codecs.BOM_UTF8 + TEXT[8:].encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "LF", "CR", "BOM", "utf-16", "utf-16-be with BOM", "utf-16-le", "utf-16-be", "windows-1252"],
)
def test_env_is_read_however_it_is_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    settings = read_settings()
    assert (settings.token, settings.practice_name) == (TOKEN, "Praxis Jürgen")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_of_a_password_manager_is_read_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    with ThreadPoolExecutor(1) as thread:
        thread.submit((tmp_path / ".env").write_text, f"BOT_TOKEN={TOKEN}\n")
        assert read_settings().token == TOKEN
    assert notes(tmp_path) == ()


def test_what_had_to_be_guessed_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(TEXT.encode("cp1252"))
    (note,) = notes(tmp_path)
    assert note.startswith(".env is not UTF-8, and was read as Windows-1252")
    (tmp_path / ".env").write_bytes(TEXT.encode("utf-16"))
    assert notes(tmp_path) == ()


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x81\x8d\x8f")
    with pytest.raises(SettingsError, match=r"^\S*\.env is no text; save it as UTF-8"):
        read_settings()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PRACTISE_NAME=Rosa", "PRACTISE_NAME in .env is no setting, and is passed over: did you mean PRACTICE_NAME?"),
        ("MESSAGE_PER_SECOND=3", "did you mean MESSAGES_PER_SECOND?"),
        ("bottoken=1", "bottoken in .env is no setting, and is passed over: did you mean BOT_TOKEN?"),
        ("DATABASE_URI=x", "did you mean DATABASE_URL?"),
        ("TELEGRAM_BOT_TOKEN=1", "did you mean BOT_TOKEN?"),
        ("HTTPS_PROXY=http://h:1", "HTTPS_PROXY is read from the environment alone; in .env write PROXY=..."),
        ("BOT_TOKEN", "BOT_TOKEN in .env has no = behind it, and is passed over; write BOT_TOKEN=..."),
    ],
)
def test_a_slip_in_env_is_one_line(tmp_path: Path, line: str, expected: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    (note,) = notes(tmp_path)
    assert note.endswith(expected)


def test_what_other_programs_need_is_no_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\nGRAFANA_PASSWORD=x\nCOMPOSE_PROJECT_NAME=x\nbot_token=x\n")
    for name in ("LISTEN_PID", "LISTEN_FDS", "LANG", "SECRET", "BACKUP", "LOG_LEVEL"):
        monkeypatch.setenv(name, "1")
    assert notes(tmp_path) == ()


def test_a_slip_in_the_environment_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACTISE_NAME", "Rosa")
    assert notes(tmp_path) == ("PRACTISE_NAME in the environment is no setting: did you mean PRACTICE_NAME?",)


@pytest.mark.parametrize("name", [".env.txt", "env.txt"])
def test_a_file_with_another_name_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("BOT_TOKEN=x\n")
    assert notes(tmp_path) == (f"{name} is here, and only .env is read: give it that name",)


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    (note,) = notes(tmp_path)
    assert note.startswith(f"{tmp_path / '.env'} is a folder")


@pytest.mark.parametrize("value", ["en_GB:en", "de_DE.UTF-8", "C", "en:de", "sr@latin"])
def test_the_languages_of_a_desktop_are_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LANGUAGE", value)
    assert read_settings().language == "en"
    (tmp_path / ".env").write_text("LANGUAGE=es\n")
    assert read_settings().language == "es"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8081"),
        ("http://127.0.0.1:8081/bot/", "http://127.0.0.1:8081"),
        ("https://example.org/telegram/bot", "https://example.org/telegram"),
        ("https://bot.example.org/robot", "https://bot.example.org/robot"),
    ],
)
def test_an_api_server_of_ones_own_is_found_as_guides_write_it(given: str, expected: str) -> None:
    assert read_settings(bot_api_url=given).bot_api_url == expected


def test_a_token_in_the_address_is_said_without_it() -> None:
    with pytest.raises(
        SettingsError, match=r"BOT_API_URL has a token in it; write only what stands before /bot"
    ) as told:
        read_settings(bot_api_url=f"http://127.0.0.1:8081/bot{TOKEN}")
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("address", ["https://example.org/telegram", "https://example.org/telegram/"])
def test_telegram_is_told_the_webhook_as_it_is_written(address: str) -> None:
    assert read_settings(webhook_url=address).webhook_url == address


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("host:3128", "http://host:3128"),
        ("http://rosa:secret@host:3128", "http://rosa:secret@host:3128"),
        ("socks5://host:1080", "socks5h://host:1080"),
        ("", None),
    ],
)
def test_a_proxy_is_taken_as_people_write_it(given: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY", given)
    assert read_settings().proxy_address == expected
    assert ":secret@" not in repr(read_settings())


@pytest.mark.parametrize("given", ["ftp://host:1", "http://", "http://rosa:secret@host:many", "://"])
def test_what_is_no_proxy_is_said_without_its_password(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"^PROXY is no address of a proxy; write it like http://") as told:
        read_settings(proxy=given)
    assert "secret" not in str(told.value)
    monkeypatch.setenv("HTTPS_PROXY", given)
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY of the environment is no address of a proxy"):
        read_settings()
