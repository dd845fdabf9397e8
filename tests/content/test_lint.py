"""The style rules: each is broken once and gives its exact finding; the real texts keep all of them."""

import shutil
from pathlib import Path

import pytest

from bot.content.documents import Document
from bot.content.layers import Layers, languages
from bot.content.library import Library
from bot.content.lint import VisibleText, find_words, lint
from bot.content.load import CatalogueError, load_catalogue
from bot.content.rules import Part, Rules
from bot.settings import MESSAGES, PROJECT

ENGLISH = PROJECT / "messages" / "en"
EXTRA = "affirmations/zz-extra.yaml:4: affirmations[1]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ENGLISH, tmp_path / "en")
    shutil.copy(ENGLISH.parent / "helplines.yaml", tmp_path)
    return tmp_path / "en"


def findings(folder: Path) -> list[str]:
    return [str(finding).replace(f"{folder}/", "") for finding in lint(Layers((folder,)), load_catalogue(folder))]


def write(folder: Path, text: str, *, themes: str = "not-alone") -> None:
    entry = f'    - {{id: extra, text: "{text}", idea: an idea, themes: [{themes}]}}\n'
    (folder / "affirmations" / "zz-extra.yaml").write_text(f"source:\n  title: A title\naffirmations:\n{entry}")


def test_the_catalogue_keeps_its_own_rules() -> None:
    assert findings(ENGLISH) == []


ALLOWED = "Say what is allowed instead, such as: you may, you can, it's okay to [instruction]"
COMMAND = "A kind command is still a task: leave the word out, or say it as a possibility [command]"
BOLD = (
    "Bold claims make some people feel worse (Wood 2009): say something partial, or about what is allowed [bold claim]"
)
BROKEN = {
    "You should rest when it rains.": f'.text (extra): says "should". {ALLOWED}',
    "Some try to look at the kettle.": f'.text (extra): says "try to". {ALLOWED}',
    "Trust your body.": f'.text (extra): says "trust your". {COMMAND}',
    "The kettle hums. Let it all out.": f'.text (extra): says "let". {COMMAND}',
    "Tears :) are fine": '.text (extra): says ":)". Let the words say it [text art]',
    "Just look at the kettle.": f'.text (extra): says "just". {COMMAND}',
    "Crying will heal what hurts.": (
        '.text (extra): says "will heal". Nothing here promises relief; say what many people tell, or leave it out '
        "[promise]"
    ),
    "Tears carry toxins away.": (
        '.text (extra): says "toxins". It is contested; leave it out, or explain it in explainers.yaml with its '
        "research [contested]"
    ),
    "I am strong as a bridge.": f'.text (extra): says "I am strong". {BOLD}',
    "Hope you’re well under that roof.": (
        '.text (extra): says "hope you\'re well". The day may not be fine: leave the greeting out [cheerful day]'
    ),
    "Well done, whoever cried on a bus.": (
        '.text (extra): says "well done". Nobody is scored or praised here: say what happened, or thank [score]'
    ),
    "I hold space for the rain.": (
        '.text (extra): says "I hold space". It is a program and says so: let it speak as one [therapist\'s voice]'
    ),
    "Tears are not hysterical.": (
        '.text (extra): says "hysterical". It hurts or blames: say it plainly, such as: died by suicide [harmful word]'
    ),
    "A kettle and a 水 drop.": (
        ".text (extra): has signs that the type of the cards lacks: 水. "
        "Write it with other signs; Latin, Greek, Cyrillic are there [card]"
    ),
    "A kettle 🫖 and a chair 🪑": ".text (extra): has 2 emoji, and 1 may be here. Take some out [emoji]",
    "A kettle 🫖 and a chair": ".text (extra): has its emoji before the end. Put it at the end, or take it out [emoji]",
    "Vulnerability necessitates considerable institutional familiarity.": (
        ".text (extra): reads at grade 47.7, and 9 is the most. Use shorter words, or two sentences [reading level]"
    ),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.items())
def test_a_broken_rule_is_shown_with_file_line_rule_and_cure(folder: Path, text: str, expected: str) -> None:
    write(folder, text)
    assert findings(folder) == [f"{EXTRA}{expected}"]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "I promise you a kettle.", {"I promise", "promise you"}),
        ("en", "It will pass, kettle and all.", {"will pass"}),
        ("en", "It'll be fine on that bus.", {"it'll be fine"}),
        ("en", "You will get better at kettles.", {"will get better"}),
        ("en", "This won't last, says the kettle.", {"won't last"}),
        ("es", "Te prometo una tetera.", {"te prometo"}),
        ("es", "Esto pasará, dice la tetera.", {"esto pasará"}),
        ("es", "Vas a estar bien con la tetera.", {"vas a estar bien"}),
        ("en", "The bus will stop here, and the kettle is on.", set()),
        ("en", "Nobody has to promise a kettle.", set()),
    ],
)
def test_promises_are_found_as_what_they_are(language: str, text: str, words: set[str], library: Library) -> None:
    document = Document(Path("mine.yaml"), {"text": text})
    found = find_words(VisibleText("affirmations", document, ("text",), text), library.of(language).rules)
    promises = {one.problem for one in found if one.rule in ("promise", "promesa")}
    assert promises == {f'says "{word}"' for word in words}


def test_the_same_in_other_words_is_shown_with_what_it_repeats(folder: Path) -> None:
    write(folder, "Your tears are so human.")
    (found,) = findings(folder)
    assert found.startswith(
        f'{EXTRA}.text (extra): says much the same as "Your tears are human." (healing-power-of-tears.yaml:'
    )
    assert found.endswith("Say something else, or take one of them out [repetition]")


def test_a_theme_that_nobody_can_choose_is_shown(folder: Path) -> None:
    write(folder, "A kettle can boil twice.", themes="kettles")
    (found,) = findings(folder)
    assert found.startswith(
        f"{EXTRA}.themes (extra): names a theme kettles that is not in rules.yaml. Add it there, or name one of"
    )


def test_a_theme_that_is_too_small_is_a_note(folder: Path) -> None:
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("  not-alone:", "  kettles: Kettles\n  not-alone:"))
    (found,) = lint(Layers((folder,)), load_catalogue(folder))
    assert found.is_note
    assert found.problem == "has 0 affirmations, and 12 are the least"


def test_words_that_are_excused_are_fine(folder: Path) -> None:
    write(folder, "There is nothing you have to hold up, roof included.")
    assert findings(folder) == []


def test_flows_are_read_too(folder: Path) -> None:
    flow = folder / "flows" / "grounding-room.yaml"
    flow.write_text(flow.read_text().replace("Any color you like", "Cheer up: any color you like"))
    (found,) = findings(folder)
    assert found.startswith("flows/grounding-room.yaml:")
    assert f'says "cheer up". {ALLOWED}' in found


def test_a_step_with_more_words_than_a_hard_moment_takes_is_shown(folder: Path) -> None:
    flow = folder / "flows" / "grounding-room.yaml"
    flow.write_text(flow.read_text().replace("Any color you like", f"{'Very ' * 41}any color you like"))
    (found,) = findings(folder)
    assert found.startswith("flows/grounding-room.yaml:")
    assert found.endswith(
        "say[1]: has 50 words, and 45 are the most in a step. Shorten it, or make two steps of it [long step]"
    )


def test_how_many_words_a_step_may_have_is_the_practices_own(folder: Path) -> None:
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("most_words_in_a_step: 45", "most_words_in_a_step: 40"))
    assert findings(folder)
    assert all("and 40 are the most in a step" in found for found in findings(folder))


def test_a_rule_that_cannot_be_read_is_shown(folder: Path) -> None:
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("where: [everywhere]", "where: [anywhere]"))
    with pytest.raises(CatalogueError, match=r"rules\.yaml:\d+: words\[9\]\.where\[1\]"):
        load_catalogue(folder)


RULES = [
    (language, rule, word, is_opening)
    for language in languages((MESSAGES,))
    for rule in load_catalogue(MESSAGES / language).rules.words
    for is_opening, words in ((False, rule.words), (True, rule.opens))
    for word in words
]


def test_every_word_of_every_rule_in_every_language_is_found() -> None:
    """A rule is tried in each part of the texts that it is for; `opens` at the beginning of a sentence."""
    missed = []
    for _, rule, word, is_opening in RULES:
        part: Part = "affirmations" if "everywhere" in rule.where else rule.where[0]  # type: ignore[assignment] # "everywhere" was taken out above
        text = f"A kettle. {word} the rain." if is_opening else f"A kettle {word} rain."
        rules = Rules(
            reading_grade=9, similarity=1, least_in_a_theme=1, themes={"a-theme": "A theme"}, words=(rule,), emoji={}
        )
        visible = VisibleText(part, Document(Path("any.yaml"), None), ("text",), text)
        if not any(
            finding.rule == rule.rule and f'"{word}"' in finding.problem for finding in find_words(visible, rules)
        ):
            missed.append((rule.rule, word))
    assert len(RULES) > 300
    assert missed == []


def test_themes_for_some_and_the_example_have_to_be_there(folder: Path) -> None:
    rules = folder / "rules.yaml"
    text = rules.read_text()
    begin, end = text.index("themes_for:"), text.index("# Words that are not wanted")
    rules.write_text(f"{text[:begin]}themes_for: {{therapy: [before-a-sesion]}}\nexample: no-such\n{text[end:]}")
    line = text[:begin].count("\n") + 1
    found = findings(folder)
    assert len(found) == 2
    assert found[0].startswith(
        f"rules.yaml:{line}: themes_for.therapy[1]: names a theme before-a-sesion that is not there. Name one of: dont-"
    )
    assert found[1] == (
        f"rules.yaml:{line + 1}: example: names no-such, which is not there for everyone. "
        "Name another affirmation's id [example]"
    )
