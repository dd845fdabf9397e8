"""The emergency numbers and helplines: one file for all languages, over which a practice lays its own."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.helplines import Helpline, Helplines, dated_ahead
from bot.content.layers import HELPLINES
from bot.content.library import Folders, Library
from bot.content.load import CatalogueError, load_catalogue
from bot.settings import MESSAGES, PROJECT

WAYS = ("phone", "text", "whatsapp", "chat")


@pytest.fixture
def helplines(library: Library) -> Helplines:
    return library.of("en").support.helplines


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "helplines.yaml").write_text(text)
    return folder


def shown(library: Library, country: str, language: str = "en") -> list[str]:
    return [line.name for line in library.of(language).support.lines_of(country)]


# What comes with the bot


def test_every_shown_line_says_where_and_when_it_was_checked(helplines: Helplines) -> None:
    lines = [line for country in helplines.countries for line in helplines.shown(country)]
    assert len(lines) > 40
    assert all(line.checked_against and line.checked_on for line in lines)


def test_a_line_that_could_not_be_checked_is_kept_and_not_shown(helplines: Helplines) -> None:
    unchecked = [line for line in helplines.lines if line.unchecked]
    assert unchecked
    assert not {id(line) for line in unchecked} & {id(line) for c in helplines.countries for line in helplines.shown(c)}


def test_all_languages_have_the_same_numbers(library: Library) -> None:
    assert len({library.of(language).support.helplines.model_dump_json() for language in library.languages}) == 1


def test_every_country_has_its_emergency_numbers_and_their_sources_stand_once(helplines: Helplines) -> None:
    assert len(helplines.countries) > 200
    for country in helplines.countries.values():
        assert country.emergency or (country.police and country.ambulance)
    assert helplines.emergency_checked_against


@pytest.mark.parametrize("country", ["JP", "BR", "CL", "PE", "ZA"])
def test_where_the_ambulance_has_another_number_the_police_has_its_own(helplines: Helplines, country: str) -> None:
    assert helplines.countries[country].police != helplines.countries[country].ambulance


def test_readers_of_spanish_get_the_spanish_service_of_the_united_states(library: Library) -> None:
    (line,) = [line for line in library.of("es").support.lines_of("US") if line.phone == "988"]
    assert (line.press, line.text, line.word) == ("2", "988", "AYUDA")
    (line,) = [line for line in library.of("en").support.lines_of("US") if line.phone == "988"]
    assert (line.press, line.text, line.word) == (None, "988", None)


def test_whatsapp_is_told_from_sms(helplines: Helplines) -> None:
    (line,) = helplines.shown("CO")
    assert (line.whatsapp, line.text) == ("300 754 8933", None)


@pytest.mark.parametrize(
    ("country", "name", "ways"),
    [
        ("BE", "Zelfmoordlijn", ("phone", "chat")),
        ("CH", "Die Dargebotene Hand / La Main Tendue / Telefono Amico", ("phone", "chat")),
        ("CZ", "Pražská linka důvěry", ("phone", "chat")),
        ("CZ", "Linka důvěry STŘED", ("chat",)),
        ("FR", "S.O.S Amitié", ("chat",)),
        ("HK", "Open噏 Open Up, for young people", ("text", "chat")),
        ("IL", 'סה"ר', ("chat",)),
        ("MX", "Consejo Ciudadano, Chat de Confianza", ("phone", "whatsapp")),
    ],
)
def test_who_cannot_call_can_write(library: Library, country: str, name: str, ways: tuple[str, ...]) -> None:
    (line,) = [line for line in library.of("en").support.lines_of(country) if line.name == name]
    assert tuple(way for way in WAYS if getattr(line, way)) == ways


def test_a_line_that_may_not_answer_is_off_the_card(helplines: Helplines) -> None:
    assert "7333" not in [line.phone for line in helplines.shown("UA")]
    assert "09 2525 0116" not in [line.phone for line in helplines.lines]
    assert [line.helps_with for line in helplines.shown("UA")] == ["distress", "violence"]


def test_the_documents_say_how_each_country_can_be_helped(helplines: Helplines) -> None:
    found: dict[tuple[bool, bool], list[str]] = {}
    for code, country in helplines.countries.items():
        if country.lines:
            lines = [line for line in helplines.shown(code) if line.helps_with == "distress"]
            call = any(line.phone for line in lines)
            write = any(line.text or line.whatsapp or line.chat for line in lines)
            found.setdefault((call, write), []).append(code)
    rows = re.findall(r"^\| .+ \| ((?:[A-Z]{2} ?)+) \|$", (PROJECT / "docs" / "safety.md").read_text(), re.MULTILINE)
    ways = ((True, True), (True, False), (False, True), (False, False))
    assert rows == [" ".join(sorted(found[way])) for way in ways]


def test_countries_are_named_in_each_language(library: Library) -> None:
    assert library.of("es").support.name_of("DE") == "Alemania"
    assert library.of("en").support.name_of("HK") == "Hong Kong"


# A practice's own


OWN = """countries:
  DE:
    lines:
      - name: Praxis Rosa Meyer
        phone: "030 1234567"
        hours: 09:00-18:00
        languages: [de]
        web: https://example.org
        checked_on: 2026-11-28
        checked_against: https://example.org
"""


def test_own_lines_take_the_place_of_those_of_their_country(tmp_path: Path, library: Library) -> None:
    own = Folders((MESSAGES, write(tmp_path / "own", OWN)), "en").load()
    assert shown(own, "DE") == shown(own, "DE", "es") == ["Praxis Rosa Meyer"]
    assert own.of("en").support.countries["DE"].police == "110"
    assert shown(own, "AT") == shown(library, "AT")


def test_a_practice_that_shares_the_bot_may_have_nothing_but_lines(tmp_path: Path, library: Library) -> None:
    write(tmp_path / "rosa-meyer", OWN)
    everyone = Folders((MESSAGES,), "en", tmp_path).load()
    assert shown(everyone.of_practice("rosa-meyer"), "DE", "es") == ["Praxis Rosa Meyer"]
    assert shown(everyone, "DE") == shown(library, "DE")


def test_unchecked_lines_are_shown_where_a_practice_says_so(tmp_path: Path, library: Library) -> None:
    own = Folders((MESSAGES, write(tmp_path / "own", "show_unchecked: true\n")), "en").load()
    assert "Samaritans of Singapore" in shown(own, "SG")
    assert shown(library, "SG") == []


# What is wrong


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  AF: {police", "  AF: {polis", "countries.AF.polis: is not known here. Take it out, or correct its name"),
        (
            '  AG: {emergency: "911"}',
            "  AG: {lines: []}",
            "countries.AG: has no emergency number. Write emergency, or police and ambulance where they differ",
        ),
        (
            '  AF: {police: "119", ambulance: "112"}',
            '  AF: {police: "119"}',
            "countries.AF: has no emergency number. Write emergency, or police and ambulance where they differ",
        ),
        ("  de: DE\n", "  de: XX\n", "the language de leads to XX, which is not under countries. Add it"),
        (
            "  de: DE\n",
            "  german: DE\n",
            "languages.german: is not written as it has to be. Write the code of a language, such as en",
        ),
        (
            'phone: "1737"',
            "phone: call us",
            "countries.NZ.lines[1].phone: is not written as it has to be. Write a number, with digits and spaces alone",
        ),
        (
            "checked_against: https://988lifeline.org/get-help/what-to-expect",
            "other_languages: false",
            "countries.US.lines[1]: was it checked? Write checked_on and checked_against. Or else unchecked: true",
        ),
    ],
)
def test_what_does_not_fit_is_shown(tmp_path: Path, old: str, new: str, expected: str) -> None:
    shutil.copytree(MESSAGES / "en", tmp_path / "en")
    text = (MESSAGES / "helplines.yaml").read_text()
    assert text.count(old) == 1
    write(tmp_path, text.replace(old, new))
    with pytest.raises(CatalogueError) as error:
        load_catalogue(tmp_path / "en")
    assert expected in [re.sub(r"^.*?\.yaml:\d+: ", "", str(finding)) for finding in error.value.findings]


def test_a_day_that_is_still_to_come_is_shown_where_it_stands(tmp_path: Path) -> None:
    own = Folders((MESSAGES, write(tmp_path / "own", OWN + "emergency_checked_on: 2026-11-29\n")), "en")
    document, helplines = own.layers["en"].shared_document(HELPLINES), own.load().of("en").support.helplines
    assert list(dated_ahead(document, helplines, date(2026, 11, 29))) == []
    problems = [str(finding) for finding in dated_ahead(document, helplines, date(2026, 11, 27))]
    cure = "Write the day on which you compared the number, or set the clock of this machine"
    assert [problem for problem in problems if problem.startswith(f"{tmp_path}/own/")] == [
        f"{tmp_path}/own/helplines.yaml:11: emergency_checked_on: is 2026-11-29, which is still to come. {cure}",
        f"{tmp_path}/own/helplines.yaml:9: countries.DE.lines[1].checked_on: "
        f"is 2026-11-28, which is still to come. {cure}",
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(MESSAGES / "en", tmp_path / "en")
    with pytest.raises(CatalogueError, match=r"helplines\.yaml:1: cannot be read \(No such file or directory\)"):
        load_catalogue(tmp_path / "en")


def test_a_line_without_any_way_is_refused() -> None:
    with pytest.raises(ValueError, match="has no phone, text, whatsapp or chat"):
        Helpline(name="A line", hours="always", languages=("en",), web="https://example.org", unchecked=True)
