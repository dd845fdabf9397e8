"""What a new version of the bot has no more, and a practice's own folder still has: a note, and the bot starts."""

from pathlib import Path

import pytest

from bot.content.library import Folders, Library
from bot.content.load import CatalogueError, load_catalogue
from bot.settings import MESSAGES
from tests.content.test_library import OWN, load, write


def notes(library: Library, root: Path) -> list[str]:
    assert all(note.is_note for note in library.notes)
    return [str(note).replace(f"{root}/", "") for note in library.notes]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "en/affirmations/own.yaml",
            OWN.replace("tears-in-public", "gone-since"),
            "3: leave_out[1]: names gone-since, which is not there. Take the line out, or correct the id",
        ),
        (
            "en/affirmations/own.yaml",
            OWN.replace("idea: the room,", "idea: the room, weight: 3,"),
            "5: affirmations[1].weight (the-blue-chair): is not known here, and is passed over. "
            "Take it out, or correct its name",
        ),
        (
            "en/interface.yaml",
            "stop:\n  stopped: It is quiet now.\n  of_an_older_version: So it was.\n",
            "3: stop.of_an_older_version: is not known here, and is passed over. Take it out, or correct its name",
        ),
        (
            "en/interface.yaml",
            "stop: {stopped: It is quiet now.}\nwhole_part: {a: b}\n",
            "2: whole_part: is not known here, and is passed over. Take it out, or correct its name",
        ),
        (
            "en/interface.yaml",
            "stop:\n  stoped: It is quiet now.\n",
            "2: stop.stoped: is not known here, and is passed over. "
            "Take it out, or correct its name: did you mean stopped?",
        ),
        (
            "helplines.yaml",
            "of_old: 1\n",
            "1: of_old: is not known here, and is passed over. Take it out, or correct its name",
        ),
    ],
)
def test_what_nothing_uses_is_a_note(tmp_path: Path, name: str, text: str, expected: str) -> None:
    library = load(write(tmp_path, {name: text}))
    # helplines.yaml is read for each language, and said once
    assert notes(library, tmp_path) == [f"{name}:{expected}"]
    if "stopped: It is quiet now." in text:
        assert library.of("en").interface.stop.stopped == "It is quiet now."
    if "own.yaml" in name:
        assert "the-blue-chair" in library.of("en").by_id


def test_what_is_wrong_beside_it_is_an_error_still(tmp_path: Path) -> None:
    write(tmp_path, {"en/interface.yaml": "stop: {stopped: 1, of_an_older_version: x}\n"})
    with pytest.raises(CatalogueError) as told:
        load(tmp_path)
    assert [str(finding).replace(f"{tmp_path}/", "") for finding in told.value.findings] == [
        "en/interface.yaml:1: stop.stopped: is not a text. Put it in quotes",
        "en/interface.yaml:1: stop.of_an_older_version: is not known here, and is passed over. "
        "Take it out, or correct its name",
    ]


def test_in_the_bots_own_words_it_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"en/interface.yaml": "no_such: x\n", "helplines.yaml": (MESSAGES / "helplines.yaml").read_text()})
    with pytest.raises(CatalogueError, match=r"no_such: is not known here. Take it out"):
        load_catalogue(tmp_path / "en")


def test_a_practice_of_many_starts_too(tmp_path: Path) -> None:
    text = OWN.replace("tears-in-public", "gone-since")
    write(
        tmp_path,
        {"rosa/en/affirmations/own.yaml": text, "kim/en/affirmations/own.yaml.txt": OWN, "kim/helplines.yaml": "{}"},
    )
    library = Folders((MESSAGES,), "en", tmp_path).load()
    assert notes(library, tmp_path) == [
        "rosa/en/affirmations/own.yaml:3: leave_out[1]: names gone-since, which is not there. "
        "Take the line out, or correct the id",
        "kim/en/affirmations/own.yaml.txt:1: is not read: its name ends in .txt. Name it own.yaml",
    ]
    assert "the-blue-chair" in library.of_practice("rosa").of("en").by_id
