"""The documents are true: the README's commands, the command menus and /help; every text fits Telegram's limits."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from telegram.ext import CommandHandler

from bot.content.library import Folders, Library
from bot.content.lint import lint
from bot.content.load import Catalogue
from bot.handlers import all_handlers
from bot.screens.help import rest_of_privacy, whole_privacy
from bot.settings import MESSAGES, PROJECT
from bot.usecases.invitations import CODE

MOST_PICTURE = 300_000  # bytes; it is loaded on phones, in a hard moment
README = (PROJECT / "README.md").read_text()
MAKEFILE = (PROJECT / "Makefile").read_text()


def handled() -> set[str]:
    return {name for handler in all_handlers() if isinstance(handler, CommandHandler) for name in handler.commands}


def texts(part: BaseModel) -> Iterator[str]:
    for value in vars(part).values():
        if isinstance(value, BaseModel):
            yield from texts(value)
        elif isinstance(value, str):
            yield value


def test_the_example_of_a_practices_own_words_is_as_the_page_says(tmp_path: Path, library: Library) -> None:
    """The files of docs/words.md are loaded over the texts, checked, and used."""
    page = (PROJECT / "docs" / "words.md").read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names = (
        *("en/affirmations/rosa.yaml", "en/rules.yaml", "en/interface.yaml", "helplines.yaml", "en/openings.yaml"),
        "en/crisis/our_town.yaml",
    )
    for name, text in zip(names, blocks, strict=True):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    folders = Folders((MESSAGES, tmp_path), "en")
    own = folders.load().of("en")
    assert lint(folders.layers["en"], own) == []
    assert "the-question-everyone-asks" in library.of("en").by_id
    assert "the-question-everyone-asks" not in own.by_id
    assert own.by_id["tears-are-human"].text == "Your tears are human. So are you."
    assert own.openings.patterns.find("waiting") == "the-waiting-room"
    assert own.crisis.phrases.find("going up the old lighthouse tonight") == "oneself"
    assert own.rules.themes["our-room"] == "In our room"
    assert own.interface.start.welcome.startswith("Hello, this is the little bot of Rosa's practice.")
    assert next(line.name for line in own.support.lines_of("DE")) == "Practice of Rosa Meyer"


def test_what_the_page_on_invitations_shows_is_so(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "invitations.md").read_text()
    for code in re.findall(r"\bi-[a-z0-9]+", page):
        assert CODE.fullmatch(code)
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for name in re.findall(r"^  ([a-z-]+)/$", page, re.MULTILINE):
        file = tmp_path / name / "en" / "interface.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    whole = Folders((MESSAGES,), "en", tmp_path).load()
    assert whole.practices == ("lake-house", "rosa-meyer")
    texts = whole.of_practice("rosa-meyer").of("en").interface.invitation
    assert texts.question_words.format(practice=texts.practice).split("?")[0] in page


def test_every_moving_picture_says_what_it_shows_and_plays_without_sound(library: Library) -> None:
    for language in library.languages:
        catalogue = library.of(language)
        shown = [step for flow in catalogue.flows.values() for step in flow.steps.values() if step.picture]
        assert shown
        for step in shown:
            content = catalogue.pictures[step.picture or ""]
            assert step.alt
            assert content[4:8] == b"ftyp"
            assert b"avc1" in content
            assert b"soun" not in content
            assert len(content) < MOST_PICTURE


@pytest.mark.parametrize("language", ["en", "es"])
def test_privacy_says_that_the_chosen_words_are_kept(library: Library, language: str) -> None:
    expected = {"en": "whose messages you chose", "es": "de quién son las frases que elegiste"}
    assert expected[language] in library.of(language).interface.privacy.about_chat["settings"]


def test_every_make_target_named_in_the_readme_is_there() -> None:
    named = {first or second for first, second in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", README, re.MULTILINE)}
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_every_command_in_the_menu_is_handled_and_the_other_way_round(catalogue: Catalogue) -> None:
    commands = catalogue.interface.commands
    menus = set(commands.private) | set(commands.admin) | set(commands.operator)
    assert menus | {"start"} == handled()
    assert set(commands.group) <= handled()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_hard_moment_comes_first_in_every_menu_and_in_help(library: Library, language: str) -> None:
    """The menu of administrators and that of operators begin with those of everyone."""
    interface = library.of(language).interface
    for menu in (interface.commands.private, interface.commands.group):
        assert list(menu)[:2] == ["ground", "support"]
    for text in (interface.help.text, interface.help.commands, interface.help.group):
        assert re.findall(r"/([a-z]+)", text)[:2] == ["ground", "support"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_privacy_is_five_lines_and_each_of_its_pages_fits_into_one_message(library: Library, language: str) -> None:
    interface = library.of(language).interface
    assert len(interface.privacy.short.splitlines()) == 5
    assert len(whole_privacy(interface).text) <= 4096
    assert len(rest_of_privacy(interface, blocked_days=90, stranger_days=30, backup_days=None).text) <= 4096


def test_help_names_every_command_that_is_for_everyone(catalogue: Catalogue) -> None:
    help_texts = catalogue.interface.help
    named = set(re.findall(r"/([a-z]+)", help_texts.commands + help_texts.group))
    assert named | {"start", "help"} == handled() - set(catalogue.interface.commands.operator)


def test_every_command_that_a_text_names_is_there(catalogue: Catalogue) -> None:
    named = {name for text in texts(catalogue.interface) for name in re.findall(r"(?<![\w/])/([a-z]+)\b", text)}
    assert named <= handled()


@pytest.mark.parametrize("word", ["automated", "emergencies", "/support"])
def test_start_description_and_help_say_what_this_is_not(catalogue: Catalogue, word: str) -> None:
    interface = catalogue.interface
    for text in (interface.start.welcome, interface.profile.description, interface.help.text):
        assert word in text
