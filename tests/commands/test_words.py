"""`words` and `settings`: a folder and a file of one's own, begun with one line, and found by themselves."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.settings import MESSAGES, PROJECT, read_settings
from tests.commands.processes import forked
from tests.patience import PATIENCE


async def call(folder: Path, *arguments: str, **more: str) -> tuple[int | None, str]:
    async with forked(folder, *arguments, **more) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, output.decode()


@pytest.mark.parametrize("language", ["en", "es"])
async def test_own_words_are_begun_and_said_with_the_others(tmp_path: Path, language: str) -> None:
    code, text = await call(tmp_path, "words", "--new", LANGUAGE=language)
    file = Path("my-words", language, "affirmations", "mine.yaml")
    assert (code, text.partition(" ")[0]) == (0, str(file))
    assert f"`{language}/affirmations/mine.yaml`" in (tmp_path / "my-words" / "README.md").read_text()
    code, text = await call(tmp_path, "words", LANGUAGE=language)
    assert code == 0
    assert text.splitlines()[1] == f"{tmp_path / 'my-words'}: 1 message in {language}"
    code, text = await call(tmp_path, "check", LANGUAGE=language)
    (note,) = [line for line in text.splitlines() if not line.startswith("All is well")]
    assert (code, note.partition(": is there")[0]) == (0, f"note: {file}:1")


async def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "my-words").mkdir()
    code, text = await call(tmp_path, "words", "--new")
    assert (code, text.partition(";")[0]) == (1, "my-words is here already")
    assert list((tmp_path / "my-words").iterdir()) == []


def test_own_words_are_found_beside_env_unless_a_setting_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "my-words" / "en" / "affirmations"
    own.mkdir(parents=True)
    assert read_settings().messages_dir == (MESSAGES,)  # it holds no words yet
    (own / "mine.yml").write_text("x: y\n")
    assert read_settings().messages_dir == (tmp_path / "my-words",)
    assert read_settings(messages_dir=str(MESSAGES)).messages_dir == (MESSAGES,)


async def test_settings_are_begun_with_a_key_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert (await call(tmp_path / name, "settings", "--new"))[0] == 0
    one, two = (tmp_path / name / ".env" for name in ("one", "two"))
    keys = [read_settings(_env_file=file).secret_key for file in (one, two)]
    assert None not in keys
    assert keys[0] != keys[1]
    if os.name != "nt":
        assert one.stat().st_mode & 0o777 == 0o600
    example = (PROJECT / ".env.example").read_text().splitlines()
    changed = [line for line in one.read_text().splitlines() if line not in example]
    assert [line.partition("=")[0] for line in changed] == ["SECRET_KEY"]
    text = one.read_text()
    code, said = await call(tmp_path / "one", "settings", "--new")
    assert (code, said) == (1, ".env is here already, and stays as it is\n")
    assert one.read_text() == text


async def test_settings_are_shown_with_their_reasons(tmp_path: Path) -> None:
    assert await call(tmp_path, "settings") == (0, (PROJECT / ".env.example").read_text())
