"""Draws an affirmation as a picture. Pure. Called by `delivery.uploads` and by `python -m bot cards`."""

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import ImageDraw

from bot.domain.cards.backgrounds import BACKGROUNDS, Background, paper
from bot.domain.cards.brushes import SIDE
from bot.domain.cards.typesetting import Block, font, missing, set_large

__all__ = ["BACKGROUNDS", "CREDIT_BOX", "TEXT_BOX", "Card", "background_of", "digest", "draw", "missing", "plain"]

DESIGN = 1  # raise it when cards look different, so that they are uploaded again
QUALITY = 90
# Left, top, right, bottom, in pixels: the sentence, and the credit below it.
TEXT_BOX = (110, 170, SIDE - 110, 850)
CREDIT_BOX = (110, 892, SIDE - 110, 1018)
CREDIT_SIZES = range(25, 13, -1)  # pixels; only a credit of very wide letters needs a smaller size than the first
# With joiners, skin tones and the space before, so that "all right \U0001f4a7." leaves no gap.
EMOJI = re.compile(
    r"[^\S\n]*[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    r"\u200b-\u200f\u2060\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]+"
)
QUOTES = {'"': ("\u201c", "\u201d"), "'": ("\u2018", "\u2019")}


@dataclass(frozen=True, slots=True)
class Card:
    """A sentence with its credit, which may be empty. `key`, the affirmation's id, determines the background."""

    key: str
    text: str
    credit: str


def draw(card: Card) -> bytes:
    """Returns a JPEG of 1080 by 1080 pixels that holds the whole text. Slow: call it in a thread."""
    background = background_of(card.key)
    picture = paper(background)
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = TEXT_BOX
    sentence = set_large(plain(card.text), (right - left, bottom - top))
    _write(pen, sentence, background, TEXT_BOX)
    if card.credit:
        left, top, right, bottom = CREDIT_BOX
        _write(pen, set_large(plain(card.credit), (right - left, bottom - top), CREDIT_SIZES), background, CREDIT_BOX)
    with io.BytesIO() as file:
        picture.save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def digest(card: Card) -> str:
    """Returns a hash of everything that determines the picture, as hexadecimal digits."""
    return hashlib.sha256("\0".join((str(DESIGN), card.key, card.text, card.credit)).encode()).hexdigest()


def background_of(key: str) -> Background:
    """Returns the background of an affirmation, the same for its id every time."""
    number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest())
    return BACKGROUNDS[number % len(BACKGROUNDS)]


def plain(text: str) -> str:
    """Returns the text for the card: with typographic quotes, and without emoji, which stand in the caption."""
    kept = EMOJI.sub("", text)
    signs: list[str] = []
    for place, sign in enumerate(kept):
        opening, closing = QUOTES.get(sign, (sign, sign))
        before = kept[place - 1] if place else " "
        signs.append(opening if before.isspace() or before in "([\u201c\u2018\u00bf\u00a1-" else closing)
    return " ".join("".join(signs).split())


def _write(pen: ImageDraw.ImageDraw, block: Block, background: Background, box: tuple[int, int, int, int]) -> None:
    """Write the block in the middle of the box."""
    left, top, right, bottom = box
    type_ = font(block.size)
    y = (top + bottom - block.height) / 2 + block.step / 2
    for line in block.lines:
        pen.text(((left + right) / 2, y), line, fill=background.ink, font=type_, anchor="mm")
        y += block.step
