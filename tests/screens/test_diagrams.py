"""Diagrams of flows: complete, readable, and the same each time."""

from html import escape
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.content.flows import Flow
from bot.content.load import Catalogue
from bot.screens.diagrams import draw
from bot.screens.diagrams.layout import CARD, CHARACTERS, Drawing, lay_out
from bot.settings import PROJECT

NAMES = sorted(file.stem for file in (PROJECT / "messages" / "en" / "flows").glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(catalogue: Catalogue, name: str) -> str:
    return draw(catalogue.flows[name], catalogue.interface.diagram, minute="A minute", out="Out")


def laid_out(flow: Flow) -> Drawing:
    return lay_out(flow, {name: [] for name in flow.steps})


def overlaps(picture: Drawing) -> bool:
    """Returns whether two cards overlap."""
    boxes = [(card.x, card.y, card.x + CARD, card.y + card.height) for card in picture.cards]
    return any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for one, other in combinations(boxes, 2)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_holds_every_step_its_words_and_its_buttons(catalogue: Catalogue, name: str) -> None:
    svg, flow = drawn(catalogue, name), catalogue.flows[name]
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own text
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    shown = " ".join(" ".join(texts).split())
    assert {flow.title, *flow.steps} <= set(texts)
    assert "A minute" in shown
    for step in flow.steps.values():
        assert {button.label for button in step.buttons} <= set(texts)
        assert " ".join(step.say[0].split() if step.say else []) in shown
    assert len(list(root.iter(f"{SVG}circle"))) == sum(
        "END" in targets
        for step in flow.steps.values()
        for targets in [*(button.next for button in step.buttons), (step.next,)]
    )


@pytest.mark.parametrize("name", NAMES)
def test_cards_and_arrows_keep_clear_of_each_other(catalogue: Catalogue, name: str) -> None:
    picture = laid_out(catalogue.flows[name])
    assert not overlaps(picture)
    for card in picture.cards:
        assert card.x >= 0
        assert card.x + CARD <= picture.width
        assert card.y + card.height <= picture.height
        assert max(len(line) for line in card.text_lines or [""]) <= CHARACTERS
    for arrow in picture.arrows:
        for (x1, y1), (x2, y2) in zip(arrow.points[1:], arrow.points[2:], strict=False):
            for card in picture.cards:
                crosses_x = min(x1, x2) < card.x + CARD and max(x1, x2) > card.x
                crosses_y = min(y1, y2) < card.y + card.height and max(y1, y2) > card.y
                assert not (crosses_x and crosses_y), f"an arrow to {arrow.target} runs through {card.name}"


@pytest.mark.parametrize("name", NAMES)
def test_every_button_that_leads_on_has_an_arrow(catalogue: Catalogue, name: str) -> None:
    flow = catalogue.flows[name]
    targets = [target for step in flow.steps.values() for target in step.targets if target != "END"]
    assert sorted(arrow.target for arrow in laid_out(flow).arrows) == sorted(targets)


def test_the_same_flow_gives_the_same_picture(catalogue: Catalogue) -> None:
    assert drawn(catalogue, "reflection") == drawn(catalogue, "reflection")


def test_words_with_signs_of_markup_stay_words(catalogue: Catalogue, tmp_path: Path) -> None:
    flow = Flow.model_validate(
        {"title": "<b>&", "first": "one", "steps": {"one": {"say": "1 < 2 & <script>", "next": "END"}}}
    )
    svg = draw(flow, catalogue.interface.diagram, minute="<", out=">")
    assert "<script>" not in svg
    assert escape("1 < 2 & <script>") in svg
    ElementTree.fromstring(svg)  # noqa: S314 - our own text
