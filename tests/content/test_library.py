"""Texts in several languages, overridden by a practice's own: what replaces what, and which errors are reported."""

from pathlib import Path

import pytest

from bot.content.layers import Layers, over_own
from bot.content.library import Folders, Library
from bot.content.lint import lint
from bot.content.load import CatalogueError
from bot.content.parity import compare
from bot.settings import MESSAGES, SettingsError, read_settings

OWN = """
source: {title: From our practice}
leave_out: [tears-in-public]
affirmations:
  - {id: the-blue-chair, text: "The blue chair is used to tears.", idea: the room, themes: [our-room]}
  - {id: trust-grows-slowly, text: "Trust may take its time.", idea: trust, themes: [at-your-own-pace]}
"""


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def load(*roots: Path) -> Library:
    return Folders((MESSAGES, *roots), "en").load()


def mistakes(*roots: Path) -> list[str]:
    with pytest.raises(CatalogueError) as raised:
        load(*roots)
    return [str(finding).replace(f"{roots[-1]}/", "") for finding in raised.value.findings]


def test_own_affirmations_are_added_replaced_and_left_out(tmp_path: Path, library: Library) -> None:
    own = load(write(tmp_path, {"en/affirmations/own.yaml": OWN})).of("en")
    before = library.of("en")
    assert set(own.by_id) == set(before.by_id) - {"tears-in-public"} | {"the-blue-chair"}
    assert own.by_id["trust-grows-slowly"].text == "Trust may take its time."
    assert own.by_id["trust-grows-slowly"].source.title == "From our practice"


def test_a_file_of_the_same_name_replaces_the_other_one(tmp_path: Path, library: Library) -> None:
    text = OWN.replace("leave_out: [tears-in-public]\n", "")
    own = load(write(tmp_path, {"en/affirmations/embracing-tears.yaml": text})).of("en")
    titles = [affirmation.source.title for affirmation in own.affirmations]
    assert titles.count("From our practice") == 2
    assert not any(title.startswith("Embracing Tears") for title in titles)


def test_single_texts_are_overridden_key_by_key(tmp_path: Path, library: Library) -> None:
    own = load(write(tmp_path, {"en/interface.yaml": 'stop: {stopped: "It is quiet now."}'})).of("en")
    before = library.of("en")
    assert own.interface.stop.stopped == "It is quiet now."
    assert own.interface.stop.already_stopped == before.interface.stop.already_stopped
    assert own.interface.help == before.interface.help


def test_own_themes_stand_beside_the_others(tmp_path: Path, library: Library) -> None:
    files = {"en/affirmations/own.yaml": OWN, "en/rules.yaml": "least_in_a_theme: 1\nthemes: {our-room: In our room}\n"}
    layers = Layers.of((MESSAGES, write(tmp_path, files)), "en")
    own = load(tmp_path).of("en")
    assert own.rules.themes == {**library.of("en").rules.themes, "our-room": "In our room"}
    assert lint(layers, own) == []


def test_the_same_rules_hold_for_own_texts(tmp_path: Path) -> None:
    write(tmp_path, {"en/affirmations/own.yaml": OWN.replace("is used to tears", "should hold you")})
    layers = Layers.of((MESSAGES, tmp_path), "en")
    found = [
        str(finding).replace(f"{tmp_path}/en/affirmations/", "") for finding in lint(layers, load(tmp_path).of("en"))
    ]
    assert [finding.split(". ")[0] for finding in found] == [
        'own.yaml:5: affirmations[1].text (the-blue-chair): says "should"',
        "own.yaml:5: affirmations[1].themes (the-blue-chair): names a theme our-room that is not in rules.yaml",
    ]


def test_an_own_flow_replaces_the_whole_file(tmp_path: Path, library: Library) -> None:
    flow = "title: Ours\nfirst: one\nsteps: {one: {say: Hello., wait: 30 seconds, next: END}}\n"
    own = load(write(tmp_path, {"en/flows/grounding-room.yaml": flow})).of("en")
    assert own.flows["grounding-room"].title == "Ours"
    assert own.flows.keys() == library.of("en").flows.keys()


def test_an_error_names_the_file_that_has_it(tmp_path: Path) -> None:
    files = {
        "en/interface.yaml": 'start:\n  welcome: "Hello {nobody}."\n',
        "en/affirmations/own.yaml": OWN.replace("tears-in-public", "no-such-id"),
    }
    assert mistakes(write(tmp_path, files)) == [
        "en/affirmations/own.yaml:3: leave_out[1]: names no-such-id, which is not there. "
        "Take the line out, or correct the id",
        "en/interface.yaml:2: start.welcome: has a placeholder {nobody} that nothing fills. Known here: none",
    ]


def test_own_texts_in_one_language_only_are_a_note(tmp_path: Path) -> None:
    write(tmp_path, {"en/affirmations/own.yaml": OWN})
    roots = (MESSAGES, tmp_path)
    found = compare(Layers.of(roots, "en"), Layers.of(roots, "es"))
    back = compare(Layers.of(roots, "es"), Layers.of(roots, "en"))
    expected = (
        f"{tmp_path}/en/affirmations/own.yaml:1: is there in en only: who reads another language gets none of it. "
    )
    assert [(str(finding).removeprefix(expected), finding.is_note) for finding in found] == [
        (f"Write it in {tmp_path}/es/affirmations/own.yaml too, or leave it so [language]", True)
    ]
    assert back == found


def test_settings_name_a_folder_that_overrides_the_bots_texts(tmp_path: Path) -> None:
    write(tmp_path, {"mine/en/affirmations/own.yaml": OWN})
    folders = read_settings(_env_file=None, messages_dir=f"{tmp_path}/mine").messages_dir
    assert over_own(MESSAGES, folders, "en") == (MESSAGES, tmp_path / "mine")
    both = read_settings(_env_file=None, messages_dir=f"{MESSAGES}, {tmp_path}/mine").messages_dir
    assert over_own(MESSAGES, both, "en") == both == (MESSAGES, tmp_path / "mine")


def test_a_whole_folder_stands_alone(tmp_path: Path) -> None:
    for file in (MESSAGES / "en").glob("*.yaml"):
        write(tmp_path, {f"en/{file.name}": file.read_text()})
    assert over_own(MESSAGES, (tmp_path,), "en") == (tmp_path,)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"MESSAGES_DIR is no folder: {tmp_path}/nowhere"):
        read_settings(_env_file=None, messages_dir=f"{MESSAGES},{tmp_path}/nowhere")


@pytest.mark.parametrize(
    ("code", "language"), [("es", "es"), ("es-MX", "es"), ("EN-gb", "en"), ("de", None), (None, None)]
)
def test_telegrams_code_finds_a_language(library: Library, code: str | None, language: str | None) -> None:
    assert library.fit(code) == language


def test_themes_that_are_left_out_are_not_wanted(library: Library) -> None:
    choice = library.choice("en", "in-a-group,not-alone")
    left = [library.of("en").by_id[affirmation_id] for affirmation_id in choice.wanted]
    assert left
    assert not any({"in-a-group", "not-alone"} & set(affirmation.themes) for affirmation in left)
    assert len(choice.identifiers) == len(library.of("en").affirmations)


def test_the_example_is_there_for_everyone_whatever_a_practice_leaves_out(tmp_path: Path, library: Library) -> None:
    assert library.of("en").example.id == "tears-are-human"
    text = "source: {title: Ours}\nleave_out: [tears-are-human]\n"
    own = load(write(tmp_path, {"en/affirmations/own.yaml": text})).of("en")
    assert own.example == own.for_everyone[0]
    assert own.rules.themes_for.unasked().isdisjoint(own.example.themes)


def test_what_is_for_some_only_is_left_out_where_nobody_was_asked(library: Library) -> None:
    themes_for = library.of("en").rules.themes_for
    assert {"before-a-session", "after-a-session"} <= set(themes_for.therapy)
    assert themes_for.group == ("in-a-group",)
    assert themes_for.unasked_in("private") == themes_for.unasked_in("channel") == themes_for.unasked()
    for kind in ("group", "supergroup"):
        assert themes_for.unasked_in(kind) == set(themes_for.therapy)


OUR_TOWN = "opens: oneself\npatterns: [walking .. lighthouse]\nlook_alikes: [lighthouse tour]\n"


def test_own_words_of_danger_are_added_in_a_file_of_their_own(tmp_path: Path, library: Library) -> None:
    own = load(write(tmp_path, {"en/crisis/our_town.yaml": OUR_TOWN}))
    assert own.find_crisis("I am walking to the lighthouse") == "oneself"
    assert not own.find_crisis("I am walking to the lighthouse tour")
    assert not library.find_crisis("I am walking to the lighthouse")
    assert own.find_crisis("I want to die") == "oneself"


def test_a_file_of_danger_with_the_same_name_is_laid_over_key_by_key(tmp_path: Path) -> None:
    own = load(write(tmp_path, {"en/crisis/look_alikes.yaml": "but: [nevertheless]\n"}))
    assert own.of("en").crisis.look_alikes.but == ("nevertheless",)
    assert own.of("en").crisis.look_alikes.denials
    assert not own.find_crisis("I don't want to die but")


def test_a_pattern_of_danger_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    files = {"en/crisis/our_town.yaml": "opens: oneself\npatterns:\n  - walking\n  - lighthouse {no_such}\n"}
    (finding,) = mistakes(write(tmp_path, files))
    assert finding.startswith(
        "en/crisis/our_town.yaml:4: patterns[2]: 'lighthouse {no_such}' names the word list no_such"
    )


def test_words_of_danger_in_one_file_are_not_read_any_more(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, {"en/crisis.yaml": "fillers: [verily]\n"})) == [
        "en/crisis.yaml:1: is not read any more. Move it into files of crisis/"
    ]


def test_crisis_phrases_are_found_in_every_language(library: Library) -> None:
    assert library.find_crisis("I want to die")
    assert library.find_crisis("quiero morir")
    assert library.find_crisis("Me quiero MORÍR")
    assert not library.find_crisis("me muero de hambre")
