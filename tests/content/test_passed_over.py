"""Files of words under names that people and systems give them: read, passed over without a word, or told."""

from pathlib import Path

import pytest

from tests.content.test_checking import notes
from tests.content.test_library import OWN, load, write


@pytest.mark.parametrize(
    "name",
    [
        "en/affirmations/own.yml",
        "en/affirmations/own.YAML",
        "EN/affirmations/own.yaml",
        "En/affirmations/own.yml",
    ],
)
def test_endings_and_letters_of_any_kind_are_read(tmp_path: Path, name: str) -> None:
    library = load(write(tmp_path, {name: OWN}))
    assert "the-blue-chair" in library.of("en").by_id
    assert notes(library, tmp_path) == []


@pytest.mark.parametrize("name", ["en/interface.yml", "en/Interface.yaml", "EN/INTERFACE.YML"])
def test_the_files_of_a_language_are_found_so_too(tmp_path: Path, name: str) -> None:
    library = load(write(tmp_path, {name: "stop: {stopped: It is quiet now.}\n"}))
    assert library.of("en").interface.stop.stopped == "It is quiet now."
    assert notes(library, tmp_path) == []


def test_what_a_mac_leaves_is_no_file(tmp_path: Path) -> None:
    write(tmp_path, {"en/affirmations/own.yaml": OWN})
    for name in (
        "._own.yaml",
        ".DS_Store",
        "affirmations/._own.yaml",
        "pictures/._moon.png",
        "flows/._x.yaml",
        "crisis/._y.yml",
    ):
        file = tmp_path / "en" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"\0\5\26\7\0\2\0\0Mac OS X")
    (tmp_path / "._en").write_bytes(b"\0\5\26\7")
    library = load(tmp_path)
    assert "the-blue-chair" in library.of("en").by_id
    assert notes(library, tmp_path) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("en/affirmations/rosa.yaml.txt", "is not read: its name ends in .txt. Name it rosa.yaml"),
        (
            "en/affirmations/rosa.txt",
            "is not read: its name ends in .txt. Save it as plain text with the name rosa.yaml",
        ),
        (
            "en/affirmations/rosa.docx",
            "is not read: its name ends in .docx. Save it as plain text with the name rosa.yaml",
        ),
        ("en/pictures/moon.jpg", "is not read: its name ends in .jpg. Use one of .gif, .mp4, .png"),
        ("en/affirmation/rosa.yaml", "is not read: it lies in no folder that is. Name that folder affirmations"),
        (
            "en/interfaces.yaml",
            "is not read: no file of a language is called so, or there is another one. "
            "Name it interface.yaml, or put it into one of affirmations, crisis, flows",
        ),
        (
            "en/rosa.yaml",
            "is not read: no file of a language is called so, or there is another one. "
            "Put it into one of affirmations, crisis, flows",
        ),
        (
            "affirmations/rosa.yaml",
            "is not read: it lies in the folder of no language. Put it into one, such as en/affirmations/",
        ),
        ("helpline.yaml", "is not read: it is called otherwise than what it may be meant for. Name it helplines.yaml"),
    ],
)
def test_what_is_not_read_is_told(tmp_path: Path, name: str, expected: str) -> None:
    library = load(write(tmp_path, {"en/affirmations/own.yaml": OWN, name: "x: y\n"}))
    assert notes(library, tmp_path) == [f"{name}:1: {expected}"]


def test_of_two_folders_of_a_language_one_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"en/affirmations/own.yaml": OWN, "EN/affirmations/more.yaml": OWN})
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this disk takes en and EN for one folder")
    assert notes(load(tmp_path), tmp_path) == [
        "EN/affirmations/more.yaml:1: is not read: en is here, too. Move it into en"
    ]


@pytest.mark.parametrize(
    "name", ["readme.txt", "en/README.md", "en/affirmations/readme.txt", "en/notes.docx", "LICENSE"]
)
def test_what_is_about_the_words_is_nobodys_business(tmp_path: Path, name: str) -> None:
    assert notes(load(write(tmp_path, {"en/affirmations/own.yaml": OWN, name: "Ours.\n"})), tmp_path) == []
