"""A language is one file: a made-up one with its own order of words is read, a broken one says what is wrong."""

from pathlib import Path

import pytest

from bot.domain.typed_times import languages
from bot.domain.typed_times.duration import SYMBOLS as SPAN_SYMBOLS
from bot.domain.typed_times.duration import span_of
from bot.domain.typed_times.languages import LanguageFileError, load_language
from bot.domain.typed_times.reading import read_pieces
from bot.domain.typed_times.wish import SYMBOLS as WISH_SYMBOLS
from bot.domain.typed_times.wish import wish_of
from tests.domain.typed_times.lists import NOW, span_in_words, wish_in_words

TOY = Path(__file__).with_name("toy.yaml")
FILES = sorted(Path(languages.__file__).with_name(languages.FOLDER).glob("*.yaml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ok zup", "08:30 ?half_of_day"),
        ("ves ok zup", "20:30"),
        ("mo ok lek dik", "07:50"),
        ("8:15", "08:15"),
        ("8 kaj 20", "08:00+20:00"),
        ("8 au 9", "08:00+09:00 ?half_of_day,several"),
        ("tagmez plimin", "12:00 ?around"),
        ("22 7 til", "22:00-07:00"),
        ("lu vi til mo sep", "mon,tue,wed,thu,fri 07:00"),
        ("lu kaj marel", "mon,tue"),
        ("lu maral ne", "wed,thu,fri,sat,sun"),
        ("l j", "mon,thu"),
        ("lu vespere 7", "mon 19:00"),
        ("ciu tag 20:00 bonvolu", "daily 20:00"),
        ("3 tag ciu", "every3d"),
        ("vi finth monate", "nth:-1fri"),
        ("morg 9:00", "2025-11-27 09:00"),
        ("2 sem post", "2025-12-10"),
        ("decemar 24", "2025-12-24"),
        ("ciu tag decemar 24 gis", "daily until:2025-12-24"),
        ("zup ok", "none"),
        ("every day", "none"),
    ],
)
def test_a_made_up_language_is_read_by_its_file(text: str, expected: str) -> None:
    pieces = read_pieces(text, WISH_SYMBOLS, now=NOW, language=load_language(TOY))
    assert wish_in_words(wish_of(pieces, NOW) if pieces else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("vi gis", "2025-11-28 00:00"), ("un sem", "2025-12-03 10:00"), ("gis vi", "none")],
)
def test_a_duration_in_a_made_up_language(text: str, expected: str) -> None:
    pieces = read_pieces(text, SPAN_SYMBOLS, now=NOW, language=load_language(TOY))
    assert span_in_words(span_of(pieces, NOW) if pieces else None) == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_of_the_package_can_be_read(file: Path) -> None:
    assert languages.has_language(file.stem)
    assert load_language(file).words


@pytest.mark.parametrize("code", ["xx", "../en", ""])
def test_an_unknown_language_has_no_file(code: str) -> None:
    assert not languages.has_language(code)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  part:", "  parts:", "toy.yaml: frames.parts: there is no such name; write one of date, day, days, "),
        ("daily:", "dayly:", "toy.yaml: frames.rhythm.dayly: there is no such name; write one of daily, "),
        ("{minutes}", "{minits}", "toy.yaml: frames.spoken.minutes_to: there is no such name; write one of "),
        ('"{hour} zup"', '"[zup"', "toy.yaml: frames.spoken.half_past: a ']' is missing"),
        ('"{hour} zup"', '"zup]"', "toy.yaml: frames.spoken.half_past: 'zup]': ']' closes nothing"),
        ('"{hour} zup"', '"{hour zup"', "toy.yaml: frames.spoken.half_past: '{hour zup': write {slots} in lower case"),
        ('"{hour} zup"', '"[zup]"', "toy.yaml: frames.spoken.half_past: '[zup]' may be empty"),
        ("[lu], ", "", "toy.yaml: weekdays: List should have at least 7 items"),
        ("fillers:", "filers:", "toy.yaml: filers: take it out, or correct its name"),
        ("not_on:", "until:", "toy.yaml: phrases.until: this name is taken; write another"),
        ("numbers:", "numbers: [", "toy.yaml: this is no YAML: "),
    ],
)
def test_a_broken_file_names_file_key_and_cure(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = TOY.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "toy.yaml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(LanguageFileError) as caught:
        load_language(broken)
    assert message in str(caught.value)
