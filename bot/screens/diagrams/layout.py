"""Computes the positions of cards and arrows in a flow's picture. Cards form a grid; arrows run between them."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.content.flows import END, Flow, Step

CARD = 316  # pixels, a card's width
PADDING = 16
LINE, PILL, GAP = 18, 26, 8  # heights of a line of words, of a button with its gap, and between parts
MOST_IN_A_ROW = 4  # cards; a fifth begins another row
LANE = 7  # between two arrows side by side
MARGIN, ROOM = 28, 18  # around everything, and between a card and the nearest arrow
TITLE_HEIGHT = 92  # height of the heading above the cards
CHARACTERS = (CARD - 2 * PADDING) // 7  # that surely fit into a line: 13 px letters are 6.5 px wide on average


@dataclass(frozen=True, slots=True)
class Way:
    """A button, or the transition without a tap, with the steps that it leads to; END may be one of them."""

    label: str
    targets: tuple[str, ...]
    is_button: bool = True


@dataclass(slots=True)
class StepBox:
    """One step: `x` and `y` are its upper left corner, `marks` the notes under its text."""

    name: str
    text_lines: list[str]
    marks: list[str]
    ways: list[Way]
    row: int = 0
    column: int = 0
    x: int = 0
    y: int = 0

    @property
    def height(self) -> int:
        lines = len(self.text_lines) + len(self.marks)
        return PADDING + LINE + GAP + lines * LINE + GAP + len(self.ways) * (PILL + 4) + GAP

    def way_y(self, index: int) -> int:
        """Returns the middle of a way, in pixels from the top of the picture."""
        above = PADDING + LINE + GAP + (len(self.text_lines) + len(self.marks)) * LINE + GAP
        return self.y + above + index * (PILL + 4) + PILL // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the right side of a way, through the free space, to the top of a card."""

    target: str
    points: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Drawing:
    width: int = 0
    height: int = 0
    cards: list[StepBox] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


def lay_out(flow: Flow, marks: dict[str, list[str]]) -> Drawing:
    """Returns the picture with the first step at the top; `marks` maps each step to the notes under its text."""
    cards = {name: _card(name, step, marks[name]) for name, step in flow.steps.items()}
    rows = _rows(flow)
    for number, row in enumerate(rows):
        for column, name in enumerate(row):
            cards[name].row, cards[name].column = number, column
    side = _lanes(cards, lambda card, target: card.column)
    above = _lanes(cards, lambda card, target: cards[target].row)
    picture = Drawing(cards=list(cards.values()))
    _place(picture, rows, cards, side, above)
    picture.arrows = [arrow for card in picture.cards for arrow in _arrows(card, cards, side, above)]
    return picture


def _card(name: str, step: Step, marks: list[str]) -> StepBox:
    text_lines = [line for text in step.say[:1] for part in text.splitlines() for line in _wrap(part)]
    ways = [Way(button.label, button.next) for button in step.buttons]
    if step.next:
        ways.append(Way("", (step.next,), is_button=False))
    return StepBox(name, text_lines, [line for mark in marks for line in _wrap(mark)], ways)


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, CHARACTERS, break_on_hyphens=False) or [""]


def _rows(flow: Flow) -> list[list[str]]:
    """Puts each step below the steps that lead to it, except where a loop leads back; breaks rows that are too wide."""
    depths: dict[str, int] = {}

    def visit(name: str, depth: int, path: tuple[str, ...]) -> None:
        if name in path or name == END or depths.get(name, -1) >= depth:
            return
        depths[name] = depth
        for target in flow.steps[name].targets:
            visit(target, depth + 1, (*path, name))

    visit(flow.first, 0, ())
    rows: list[list[str]] = []
    for depth in range(max(depths.values()) + 1):
        # In the order of the buttons, so that a branch stands below its button.
        names = sorted((name for name in depths if depths[name] == depth), key=list(depths).index)
        rows += [names[start : start + MOST_IN_A_ROW] for start in range(0, len(names), MOST_IN_A_ROW)]
    return rows


Lanes = dict[tuple[int, str], int]


def _lanes(cards: dict[str, StepBox], where: Callable[[StepBox, str], int]) -> Lanes:
    """Gives each target a lane of its own in each space that arrows run through."""
    lanes: Lanes = {}
    for card in cards.values():
        for target in (target for way in card.ways for target in way.targets if target != END):
            space = where(card, target)
            lanes.setdefault((space, target), sum(1 for taken, _ in lanes if taken == space))
    return lanes


def _place(picture: Drawing, rows: list[list[str]], cards: dict[str, StepBox], side: Lanes, above: Lanes) -> None:
    y = TITLE_HEIGHT + MARGIN
    for number, row in enumerate(rows):
        y += _room(above, number)
        for name in row:
            cards[name].y = y
        y += max(cards[name].height for name in row)
    x = MARGIN
    for column in range(max(map(len, rows))):
        for card in cards.values():
            if card.column == column:
                card.x = x
        x += CARD + _room(side, column)
    picture.width, picture.height = x + MARGIN, y + MARGIN


def _room(lanes: Lanes, space: int) -> int:
    return 2 * ROOM + LANE * sum(1 for taken, _ in lanes if taken == space)


def _arrows(card: StepBox, cards: dict[str, StepBox], side: Lanes, above: Lanes) -> list[Arrow]:
    arrows = []
    for index, way in enumerate(card.ways):
        for target in (target for target in way.targets if target != END):
            to = cards[target]
            lane_x = card.x + CARD + ROOM + LANE * side[card.column, target]
            lane_y = to.y - ROOM - LANE * above[to.row, target]
            middle, start_y = to.x + CARD // 2, card.way_y(index)
            points = ((card.x + CARD - PADDING, start_y), (lane_x, start_y), (lane_x, lane_y), (middle, lane_y))
            arrows.append(Arrow(target, (*points, (middle, to.y))))
    return arrows
