"""Draws the picture as SVG: calm colours, no script, only fonts that the reader has."""

from collections.abc import Iterator
from html import escape

from bot.content.flow_texts import DiagramTexts
from bot.content.flows import END, Flow, Step
from bot.screens.diagrams.layout import CARD, LINE, MARGIN, PADDING, PILL, TITLE_HEIGHT, Arrow, StepBox, Way, lay_out

# Colours of arrows, one for each target in turn; dark enough on the background (WCAG 2.1, 1.4.11: 3 to 1).
INKS = ("#2f6f73", "#8a5a2b", "#6a4f8f", "#41708f", "#8b4a62", "#5f7032")
STYLE = """
text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #23312f; }
.title { font-size: 20px; font-weight: 600; } .small { font-size: 12px; fill: #52605e; }
.name { font-size: 12px; font-weight: 600; fill: #20595d; }
.card { fill: #ffffff; stroke: #c9c2b6; } .first { stroke: #20595d; stroke-width: 2; }
.pill { fill: #e3ecec; stroke: #b9cbcb; } .stop { fill: #8b3a3a; }
.arrow { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
"""


def draw(flow: Flow, texts: DiagramTexts, *, minute: str, out: str) -> str:
    """Returns the whole document. `minute` and `out` are the labels of the two buttons that every step has."""
    picture = lay_out(flow, {name: list(_marks(step, texts)) for name, step in flow.steps.items()})
    colours = {name: INKS[index % len(INKS)] for index, name in enumerate(flow.steps)}
    heading = "\n".join(_heading(flow, texts, minute, out))
    arrows = "\n".join(_arrow(arrow, colours[arrow.target]) for arrow in picture.arrows)
    cards = "\n".join(part for card in picture.cards for part in _card(card, flow, texts, colours))
    width = max(picture.width, 720)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{picture.height}" '
        f'viewBox="0 0 {width} {picture.height}">\n'
        f"<title>{escape(flow.title)}</title>\n<desc>{escape(texts.description.format(title=flow.title))}</desc>\n"
        f"<style>{STYLE}</style>\n"
        f"<defs>{''.join(_head(ink) for ink in INKS)}</defs>\n"
        f'<rect width="{width}" height="{picture.height}" fill="#f7f4ee"/>\n{heading}\n{arrows}\n{cards}\n</svg>\n'
    )


def _marks(step: Step, texts: DiagramTexts) -> Iterator[str]:
    """Yields notes: what a step does besides its text, and what its buttons do besides leading to a step."""
    marks = {
        texts.variants.format(count=len(step.say)): len(step.say) > 1,
        texts.calls.format(flow=step.call): step.call,
        texts.collects: step.collect,
        texts.waits.format(seconds=step.wait): step.wait,
        texts.shows.format(picture=step.picture): step.picture,
        texts.breath: step.breath,
        texts.last_first: step.last_first,
    }
    yield from (note for note, is_so in marks.items() if is_so)
    for button in step.buttons:
        if button.copy_text:
            yield texts.copies.format(label=button.label, text=button.copy_text)
        if button.opens:
            yield texts.opens.format(label=button.label, what=button.opens)


def _heading(flow: Flow, texts: DiagramTexts, minute: str, out: str) -> Iterator[str]:
    yield _text(MARGIN, 44, flow.title, "title")
    if flow.source:
        credit = ", ".join(filter(None, (flow.source.title, flow.source.author)))
        yield _text(MARGIN, 66, credit, "small")
    yield _text(MARGIN, TITLE_HEIGHT - 4, texts.every_step.format(minute=minute, out=out), "small")


def _card(card: StepBox, flow: Flow, texts: DiagramTexts, colours: dict[str, str]) -> Iterator[str]:
    kind = "card first" if card.name == flow.first else "card"
    yield f'<rect class="{kind}" x="{card.x}" y="{card.y}" width="{CARD}" height="{card.height}" rx="12"/>'
    y = card.y + PADDING + 10
    yield _text(card.x + PADDING, y, card.name, "name")
    y += LINE + 6
    for line in card.text_lines:
        yield _text(card.x + PADDING, y, line)
        y += LINE
    for line in card.marks:
        yield _text(card.x + PADDING, y, line, "small")
        y += LINE
    for index, way in enumerate(card.ways):
        yield from _way(card, way, card.way_y(index), texts, colours)


def _way(card: StepBox, way: Way, y: int, texts: DiagramTexts, colours: dict[str, str]) -> Iterator[str]:
    x, width = card.x + PADDING, CARD - 2 * PADDING
    if way.is_button:
        yield f'<rect class="pill" x="{x}" y="{y - PILL // 2}" width="{width}" height="{PILL}" rx="13"/>'
        yield _text(x + 12, y + 4, way.label)
    else:
        yield _text(x, y + 4, texts.then, "small")
    if END in way.targets:
        yield f'<circle class="stop" cx="{x + width - 12}" cy="{y}" r="6"><title>{escape(texts.end)}</title></circle>'
        yield _text(x + width - 24, y + 4, texts.end, "small", anchor="end")
    elif way.targets:
        name = " / ".join(way.targets)
        if len(way.label) + len(name) <= 34:
            ink = colours[way.targets[0]]
            yield _text(x + width - 10, y + 4, name, "small", anchor="end", fill=ink)


def _arrow(arrow: Arrow, ink: str) -> str:
    path = " L ".join(f"{x} {y}" for x, y in arrow.points)
    return f'<path class="arrow" d="M {path}" stroke="{ink}" marker-end="url(#{ink[1:]})"/>'


def _head(ink: str) -> str:
    return (
        f'<marker id="{ink[1:]}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M 0 0 L 8 4 L 0 8 z" fill="{ink}"/></marker>'
    )


def _text(x: int, y: int, text: str, kind: str = "", *, anchor: str = "", fill: str = "") -> str:
    extra = "".join(
        (
            f' class="{kind}"' if kind else "",
            f' text-anchor="{anchor}"' if anchor else "",
            f' style="fill: {fill}"' if fill else "",
        )
    )
    return f'<text x="{x}" y="{y}"{extra}>{escape(text)}</text>'
