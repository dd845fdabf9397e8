"""Practices that share one bot: the texts of each override the bot's own, for the chats that chose them."""

from pathlib import Path

import pytest

from bot.content.library import Folders, Library
from bot.content.load import CatalogueError
from bot.settings import MESSAGES, SettingsError, read_settings
from tests.content.test_library import write

ROSA = {
    "rosa-meyer/en/affirmations/rosa.yaml": """
source: {title: From our practice}
affirmations:
  - {id: the-blue-chair, text: "The blue chair is used to tears.", idea: the room, themes: [being-seen]}
""",
    "lake-house/en/interface.yaml": 'stop: {stopped: "It is quiet now."}\n',
}


def load(practices: Path) -> Library:
    return Folders((MESSAGES,), "en", practices).load()


def mistakes(practices: Path) -> list[str]:
    with pytest.raises(CatalogueError) as raised:
        load(practices)
    return [str(finding).replace(f"{practices}/", "") for finding in raised.value.findings]


def test_each_practice_overrides_the_bots_texts(tmp_path: Path, library: Library) -> None:
    whole = load(write(tmp_path, ROSA))
    assert whole.practices == ("lake-house", "rosa-meyer")
    everyones, rosas = library.of("en"), whole.of_practice("rosa-meyer").of("en")
    assert set(rosas.by_id) == {*everyones.by_id, "the-blue-chair"}
    assert "the-blue-chair" in whole.of_practice("rosa-meyer").choice("en", "").identifiers
    assert whole.of_practice("lake-house").of("en").interface.stop.stopped == "It is quiet now."
    assert whole.of("en").interface == everyones.interface


def test_a_language_that_a_practice_does_not_override_is_read_once(tmp_path: Path) -> None:
    whole = load(write(tmp_path, ROSA))
    assert whole.of_practice("rosa-meyer").languages == ("en", "es")
    assert whole.of_practice("rosa-meyer").of("es") is whole.of("es")


def test_practices_with_the_same_words_of_danger_share_their_patterns(tmp_path: Path) -> None:
    whole = load(write(tmp_path, ROSA | {"lake-house/en/openings.yaml": "fillers: [verily]\n"}))
    everyones, lake = whole.of("en"), whole.of_practice("lake-house").of("en")
    assert lake is not everyones
    assert lake.crisis.phrases is everyones.crisis.phrases
    assert lake.openings.patterns is not everyones.openings.patterns


def test_a_practice_is_found_from_the_library_of_another_one(tmp_path: Path) -> None:
    whole = load(write(tmp_path, ROSA))
    rosas = whole.of_practice("rosa-meyer")
    assert rosas.practices == whole.practices
    assert rosas.of_practice("lake-house") is whole.of_practice("lake-house")
    assert rosas.of_practice(None) is whole


@pytest.mark.parametrize("practice", [None, "", "gone"])
def test_without_a_practice_and_for_one_that_is_gone_the_bots_texts_are_used(
    tmp_path: Path, practice: str | None
) -> None:
    whole = load(write(tmp_path, ROSA))
    assert whole.of_practice(practice) is whole


def test_renewed_texts_are_found_in_the_same_library(tmp_path: Path) -> None:
    whole = load(write(tmp_path, ROSA))
    write(tmp_path, {"lake-house/en/interface.yaml": 'stop: {stopped: "The lake is still."}\n'})
    whole.renew(load(tmp_path))
    lake = whole.of_practice("lake-house")
    assert lake.of("en").interface.stop.stopped == "The lake is still."
    assert lake.of_practice(None) is whole


def test_errors_of_all_practices_are_reported(tmp_path: Path) -> None:
    files = {"one/en/interface.yaml": "start: {}\nstop: x\n", "two/en/interface.yaml": "stop: {stopped: 1}\n"}
    assert mistakes(write(tmp_path, files)) == [
        "one/en/interface.yaml:2: stop: is not a list of names and values. "
        "Write `name: value` lines, indented by two spaces",
        "two/en/interface.yaml:1: stop.stopped: is not a text. Put it in quotes",
    ]


def test_a_folder_without_texts_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    assert mistakes(tmp_path) == [
        "empty:1: holds no words. Put a folder such as en/ with .yaml files there, or take it out of PRACTICES_DIR"
    ]


@pytest.mark.parametrize("name", ["Rosa Meyer", "rosa_meyer", "a" * 33])
def test_a_name_that_no_practice_can_have_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert mistakes(tmp_path) == [
        f"{name}:1: has a name that no practice can have. Name it like rosa-meyer, with 32 characters at most"
    ]


def test_the_setting_names_a_folder(tmp_path: Path) -> None:
    assert read_settings(_env_file=None, practices_dir=str(tmp_path)).practices_dir == tmp_path
    with pytest.raises(SettingsError, match=rf"PRACTICES_DIR is no folder: {tmp_path}/nowhere"):
        read_settings(_env_file=None, practices_dir=f"{tmp_path}/nowhere")
