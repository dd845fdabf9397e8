"""Settings: what is read, what is refused with which message, and that `.env.example` names all of them."""

import re
from pathlib import Path

import pytest

from bot.commands.key import make_key
from bot.settings import PROJECT, Settings, SettingsError, database_url, read_settings

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_every_setting_is_in_the_example_with_a_reason() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    named = {line.partition("=")[0]: index for index, line in enumerate(lines) if re.match(r"[A-Z_]+=", line)}
    assert set(named) == {name.upper() for name in Settings.model_fields}
    for name, index in named.items():
        assert lines[index - 1].startswith("# "), f"{name} has no line of why"


def test_the_example_is_valid_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((PROJECT / ".env.example").read_text())
    assert read_settings() == Settings(_env_file=None)


def test_env_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nLANGUAGE=en\n")
    assert read_settings().token == TOKEN


def test_token_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert read_settings().token == TOKEN


def test_an_empty_value_is_none_and_spaces_around_one_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert read_settings() == Settings(_env_file=None)
    monkeypatch.setenv("BOT_TOKEN", f" {TOKEN} ")
    monkeypatch.setenv("PRACTICE_NAME", "Rosa Meyer ")
    assert (read_settings().token, read_settings().practice_name) == (TOKEN, "Rosa Meyer")


def test_secrets_are_not_shown() -> None:
    assert TOKEN not in repr(read_settings(bot_token=TOKEN))


@pytest.mark.parametrize("token", ["", "abc", "123456789", "123456789:short", "123:" + "A" * 35 + "!", "x:" + "A" * 35])
def test_a_malformed_token_says_where_to_get_one(token: str) -> None:
    with pytest.raises(SettingsError, match="BotFather"):
        read_settings(bot_token=token).token  # noqa: B018 - reading it is what raises


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DATABASE_URL", "mysql://x", "DATABASE_URL names no database known here"),
        ("MESSAGES_PER_SECOND", "many", "MESSAGES_PER_SECOND is wrong"),
        ("MESSAGES_PER_SECOND", "0", "MESSAGES_PER_SECOND is wrong"),
        ("MESSAGES_PER_SECOND", "inf", "MESSAGES_PER_SECOND is wrong"),
        ("MESSAGES_PER_SECOND", "nan", "MESSAGES_PER_SECOND is wrong"),
        ("PAID_BROADCAST", "perhaps", "PAID_BROADCAST is wrong"),
        ("OPERATORS", "12, rosa", "OPERATORS has rosa, which is no person's number; write numbers with commas between"),
        ("OPERATORS", "-1001234", "OPERATORS has -1001234, which is no person's number"),
        ("MESSAGES_DIR", "/nowhere", "MESSAGES_DIR is no folder: /nowhere"),
        ("LANGUAGE", "english", "LANGUAGE is not a two-letter language"),
        ("LISTEN", "8080", "LISTEN is not host:port"),
        ("WEBHOOK_URL", "example.org", "WEBHOOK_URL is not a web address"),
        ("WEBHOOK_SECRET", "with space", "WEBHOOK_SECRET may hold"),
        ("BOT_API_URL", "ftp://example.org", "BOT_API_URL is not a web address"),
        ("PRACTICE_CONTACT_URL", "call me", "PRACTICE_CONTACT_URL is not a web address"),
        ("SECRET_KEY", "short", "SECRET_KEY is not a key"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is wrong"),
        ("BOT_TOKEN_FILE", "/nowhere/token", "BOT_TOKEN_FILE cannot be read"),
    ],
)
def test_a_wrong_value_names_the_setting(name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert str(error.value).startswith(message)


def test_all_wrong_values_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN", "x")
    monkeypatch.setenv("LANGUAGE", "x")
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert {line.split()[0] for line in str(error.value).splitlines()} == {"LISTEN", "LANGUAGE"}


def test_a_token_and_a_token_file_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with pytest.raises(SettingsError, match="BOT_TOKEN and BOT_TOKEN_FILE are both set"):
        read_settings(bot_token=TOKEN, bot_token_file=tmp_path / "token")


def test_short_tokens_are_fine_for_another_bot_api() -> None:
    assert read_settings(bot_token="1:test", bot_api_url="http://127.0.0.1:8081").token == "1:test"


def test_database_urls_get_their_driver() -> None:
    assert read_settings(database_url="sqlite:///a.db").database_url == "sqlite+aiosqlite:///a.db"
    assert read_settings(database_url="postgres://h/b").database_url == "postgresql+asyncpg://h/b"


def test_the_webhook_secret_is_the_same_in_every_process() -> None:
    first, second = read_settings(bot_token=TOKEN), read_settings(bot_token=TOKEN)
    assert first.webhook_secret_token == second.webhook_secret_token
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", first.webhook_secret_token)
    assert first.webhook_secret_token != read_settings(bot_token=TOKEN[:-1] + "B").webhook_secret_token


@pytest.mark.parametrize(
    ("listen", "host", "port"), [("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:8", "::1", 8), (":8080", "0.0.0.0", 8080)]
)
def test_listen_is_host_and_port(listen: str, host: str, port: int) -> None:
    settings = read_settings(listen=listen)
    assert (settings.listen_host, settings.listen_port) == (host, port)


@pytest.mark.parametrize(("value", "numbers"), [("", ()), ("12", (12,)), ("12, 5000000001,", (12, 5_000_000_001))])
def test_operators_are_numbers(value: str, numbers: tuple[int, ...]) -> None:
    assert read_settings(operators=value).operators == numbers


def test_copies_are_not_kept_longer_than_people_are_told() -> None:
    with pytest.raises(SettingsError, match=r"BACKUPS_KEPT_DAYS=3 is less than what BACKUP_DIR keeps, 7 daily copies"):
        read_settings(_env_file=None, backup_dir="copies", backups_kept_days=3)
    assert read_settings(_env_file=None, backup_dir="copies", backups_kept_days=7).backup_keep == 7


def test_a_driver_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_url, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"DATABASE_URL names PostgreSQL, .* install gentle-tears\[postgresql\]"):
        read_settings(database_url="postgresql://h/b")
    assert read_settings(database_url="sqlite:///a.db")


@pytest.mark.parametrize("name", ["backup_dir", "bot_token_file", "secret_key_file"])
def test_a_path_may_begin_at_home_as_no_shell_reads_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "there").write_text(make_key(), encoding="utf-8")
    settings = read_settings(_env_file=None, **{name: "~/there"})
    assert getattr(settings, name) == tmp_path / "there"
