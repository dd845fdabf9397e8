"""Draws an affirmation as a picture. Pure. Called by `delivery.uploads` and by `python -m bot cards`."""

import io
from dataclasses import dataclass

from PIL import ImageDraw

from bot.domain.cards import Box, Card, plain
from bot.domain.cards.contrast import veil
from bot.domain.cards.looks import Look, look_of, paper
from bot.domain.cards.typesetting import Block, font, missing, set_as_verse, width

QUALITY = 90
AA, AAA = 4.5, 7.0  # the contrast of small and of large text: WCAG 2.2, success criteria 1.4.3 and 1.4.6
BELOW_MOON = 64  # pixels that stay free
CREDIT_SIZES = range(28, 17, -1)  # pixels; only a long credit needs a smaller size than the first


@dataclass(frozen=True, slots=True)
class Placed:
    """A text at its place: `box` is what it covers, in pixels."""

    block: Block
    box: Box


def draw(card: Card) -> bytes:
    """Returns a JPEG that holds the whole text. Slow: call it in a thread."""
    look = look_of(card.key, card.shape.size)
    picture = paper(look, card.shape.size)
    sentence, credit = place(card, look)
    ink = look.background.ink
    veil(picture, sentence.box, ink, AAA, softens=look.background.is_busy)
    if credit.block.lines:
        veil(picture, credit.box, ink, AA)
    pen = ImageDraw.Draw(picture)
    for placed in (sentence, credit):
        left, top, right, _ = placed.box
        x, anchor = (left, "lm") if look.is_left else ((left + right) / 2, "mm")
        for line, line_top in zip(placed.block.lines, placed.block.tops, strict=True):
            y = top + line_top + placed.block.step / 2
            pen.text((x, y), line, fill=ink, font=font(placed.block.size), anchor=anchor)
    with io.BytesIO() as file:
        picture.save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def can_hold(card: Card) -> bool:
    """Whether the whole text can be drawn: the font has its characters, and the smallest size fits into the box."""
    words, (left, _, right, bottom) = plain(card.text), card.shape.text
    if not words or missing(words):
        return False
    box = place(card, look_of(card.key, card.shape.size))[0].box
    return box[3] <= bottom and box[2] - box[0] <= right - left


def place(card: Card, look: Look) -> tuple[Placed, Placed]:
    """Returns the sentence and the credit, each at its place on the card."""
    left, top, right, bottom = card.shape.text
    if look.foot_of_moon:
        top = max(top, look.foot_of_moon + BELOW_MOON)
    block = set_as_verse(plain(card.text), (right - left, bottom - top))
    start = top + round(max(0, bottom - top - block.height) * look.height)
    credit = _one_line(plain(card.credit), right - left)
    return (
        Placed(block, _box(block, card.shape.text, start, look)),
        Placed(credit, _box(credit, card.shape.text, card.shape.credit - credit.height // 2, look)),
    )


def _one_line(text: str, room: int) -> Block:
    """Returns the text as one line; its end is left out where even the smallest size does not fit."""
    size = next((size for size in CREDIT_SIZES if width(text, size) <= room), CREDIT_SIZES[-1])
    shown = text
    while width(shown, size) > room:
        text = text[:-1]
        shown = f"{text.rstrip()}\u2026"
    return Block((shown,) if shown else (), size)


def _box(block: Block, text: Box, top: int, look: Look) -> Box:
    """Returns what the block covers when it begins at `top`."""
    left, _, right, _ = text
    start = left if look.is_left else (left + right - block.width) // 2
    return start, top, start + block.width, top + block.height
