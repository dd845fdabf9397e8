"""Settings of several bots: what stands in a bot's own file, what it shares with the others, and what is refused."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings

TOKEN, OTHER = "123456789:" + "A" * 35, "223456789:" + "B" * 35


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings for all, and two bots."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bots").mkdir()
    everyones = f"BOT_TOKEN={TOKEN}\nBOTS_DIR=bots\nPRACTICE_NAME=All\nQUIET_MONTHS=7\nCARDS_CHAT=-1001\n"
    (tmp_path / ".env").write_text(f"{everyones}WEBHOOK_URL=https://example.org/t/\nBACKUP_DIR=copies\n")
    (tmp_path / "bots" / "rosa-meyer.env").write_text(f"BOT_TOKEN={OTHER}\nlanguage=es\n")
    (tmp_path / "bots" / "tomas.env").write_text("BOT_TOKEN_FILE=token\n")
    (tmp_path / "token").write_text(OTHER)
    return tmp_path


def test_a_bot_has_its_own_and_shares_what_it_does_not_say(folder: Path) -> None:
    everyones, rosa = read_settings(), read_settings(only_bot="rosa-meyer")
    assert everyones.names == ("rosa-meyer", "tomas")
    assert (rosa.token, rosa.language, rosa.names) == (OTHER, "es", ())
    assert (rosa.quiet_months, everyones.quiet_months) == (7, 7)
    assert (rosa.practice_name, rosa.cards_chat) == (None, None)  # who the bot is it does not share
    assert rosa.webhook_url == "https://example.org/t/rosa-meyer"
    assert rosa.backup_dir == Path("copies/rosa-meyer")


def test_what_a_bot_says_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("LANGUAGE", "en")
    assert (read_settings(only_bot="rosa-meyer").token, read_settings(only_bot="rosa-meyer").language) == (OTHER, "es")
    assert read_settings(only_bot="tomas").token == OTHER  # not BOT_TOKEN beside BOT_TOKEN_FILE


def test_the_environment_can_name_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONLY_BOT", "rosa-meyer")
    assert read_settings().token == OTHER


@pytest.mark.parametrize(
    ("everyones", "own"),
    [
        ("sqlite:////srv/tears.db", "sqlite+aiosqlite:////srv/tears.rosa-meyer.db"),
        ("sqlite:///tears.db", "sqlite+aiosqlite:///tears.rosa-meyer.db"),
        ("postgresql://a:b@host/base", "postgresql+asyncpg://a:b@host/base?schema=bot_rosa_meyer"),
        (
            "postgresql://host/base?sslmode=require",
            "postgresql+asyncpg://host/base?sslmode=require&schema=bot_rosa_meyer",
        ),
    ],
)
def test_each_has_a_database_of_its_own(everyones: str, own: str) -> None:
    assert read_settings(only_bot="rosa-meyer", database_url=everyones).database_url == own


def test_a_key_of_its_own_replaces_a_file_for_all(folder: Path) -> None:
    key = "k" * 43 + "="
    (folder / "key").write_text("e" * 43 + "=")
    (folder / "bots" / "rosa-meyer.env").write_text(f"BOT_TOKEN={OTHER}\nSECRET_KEY={key}\n")
    rosa = read_settings(only_bot="rosa-meyer", secret_key_file=folder / "key")
    assert rosa.secret_key
    assert rosa.secret_key.get_secret_value() == key


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("rosa-meyer", "LISTEN=0.0.0.0:80\n", "sets LISTEN, which no bot has for itself; take that out"),
        ("rosa-meyer", "BOT_TOKN=1\n", "sets BOT_TOKN, which no bot has for itself; take that out"),
        ("rosa-meyer", "LANGUAGE=english\n", "rosa-meyer.env: LANGUAGE is not a two-letter language like en"),
        ("Rosa Meyer", "", "Rosa Meyer.env has a name that no bot can have; name it like rosa-meyer.env"),
        ("r" * 33, "", "with 32 characters before the dot at most"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(folder: Path, name: str, text: str, problem: str) -> None:
    (folder / "bots" / f"{name}.env").write_text(text)
    with pytest.raises(SettingsError) as error:
        [read_settings(only_bot=one) for one in read_settings().names]
    assert problem in str(error.value)


def test_a_bot_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(SettingsError, match=r"ONLY_BOT: there is no .*rosa.env; the bots .* are: rosa-meyer, tomas"):
        read_settings(only_bot="rosa")
    with pytest.raises(SettingsError, match="BOTS_DIR, which is not set"):
        read_settings(_env_file=None, only_bot="rosa")


def test_a_folder_that_is_not_there_is_said() -> None:
    with pytest.raises(SettingsError, match=r"BOTS_DIR is no folder: .* holds a file for each bot, or none"):
        read_settings(bots_dir="nowhere")


def test_without_a_token_for_all_a_command_has_to_name_a_bot(folder: Path) -> None:
    with pytest.raises(SettingsError, match="say which bot, such as python -m bot --bot rosa-meyer"):
        read_settings(bot_token=None, webhook_url=None).token  # noqa: B018 - reading it is what raises
