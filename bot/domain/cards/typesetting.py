"""Typesetting of cards: font size and line breaks. Called by `cards` and `cards.invitation`.

The font is Literata, which covers Latin, Greek and Cyrillic; its licence is in fonts/OFL.txt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

FONT = Path(__file__).with_name("fonts") / "Literata_400Regular.ttf"
SIZES = range(88, 39, -2)  # pixels, the largest first
LEADING = 1.34  # line height, as a factor of the font size


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text in one font size, in pixels."""

    lines: tuple[str, ...]
    size: int

    @property
    def step(self) -> int:
        """The line height, in pixels."""
        return round(self.size * LEADING)

    @property
    def height(self) -> int:
        """The height of all lines, in pixels."""
        return self.step * len(self.lines)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Returns the font in a size in pixels."""
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: int) -> float:
    """Returns the width of a line in pixels, with kerning."""
    return font(size).getlength(text)


def set_large(text: str, box: tuple[int, int], sizes: Sequence[int] = SIZES) -> Block:
    """Returns the text in the largest size that fits the box (width and height in pixels) without breaking a word.

    Where none fits, the smallest size is used, and the block may be higher than the box.
    """
    for size in sizes:
        block = Block(break_lines(text, size, box[0]), size)
        if block.height <= box[1] and (size == sizes[-1] or not _breaks_a_word(text, block)):
            return block
    return block


def break_lines(text: str, size: int, room: int) -> tuple[str, ...]:
    """Breaks the text into as few and as even lines as possible; `room` is the line width in pixels.

    Even means: the sum of the squares of the empty space in the lines is the least. A word that is wider than the line
    is broken.
    """
    words = [piece for word in text.split() for piece in _pieces(word, size, room)]
    if not words:
        return ()
    # best[n] is the best way to set the first n words.
    best = [_Break(lines=0, unevenness=0.0, start=0)]
    widths, space = [width(word, size) for word in words], width(" ", size)
    for end in range(1, len(words) + 1):
        best.append(_best_last_line(best, widths[:end], space, room))
    lines: list[str] = []
    end = len(words)
    while end:
        start = best[end].start
        lines.append(" ".join(words[start:end]))
        end = start
    return tuple(reversed(lines))


class _Break(NamedTuple):
    """A way to set the first words of a text: fewer lines are better, then less unevenness. Compared as a tuple."""

    lines: int
    unevenness: float  # the sum of the squares of the empty space in the lines, in pixels
    start: int  # the word with which the last line begins


def _best_last_line(best: Sequence[_Break], widths: Sequence[float], space: float, room: int) -> _Break:
    """Returns the best way to set these words, given the best ways to set any smaller number of them."""
    last = len(widths) - 1
    line_width = widths[last]
    found = _Break(best[last].lines + 1, best[last].unevenness + (room - line_width) ** 2, last)
    for start in range(last - 1, -1, -1):
        line_width += space + widths[start]
        if line_width > room:
            break
        before = best[start]
        found = min(found, _Break(before.lines + 1, before.unevenness + (room - line_width) ** 2, start))
    return found


def _pieces(word: str, size: int, room: int) -> list[str]:
    """Cuts a word into pieces that fit into a line."""
    pieces = [""]
    for character in word:
        if width(pieces[-1] + character, size) > room and pieces[-1]:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _breaks_a_word(text: str, block: Block) -> bool:
    return " ".join(text.split()) != " ".join(block.lines)


def missing(text: str) -> str:
    """Returns the characters of the text that the font has no glyph for, sorted."""
    return "".join(sorted({character for character in text if not character.isspace() and not _has(character)}))


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    return bytes(font(40).getmask(character)) != bytes(font(40).getmask("\uffff"))
