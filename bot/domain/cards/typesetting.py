"""How words are set on a card: the size of the type and where the lines break. Called by the room itself.

The type is Literata, which covers Latin, Greek and Cyrillic; its licence stands beside it (fonts/OFL.txt).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT = Path(__file__).with_name("fonts") / "Literata_400Regular.ttf"
SIZES = range(88, 39, -2)  # pixels, the largest first
LEADING = 1.34  # from line to line, of the size


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size; `height` is what they take from the first to the last, in pixels."""

    lines: tuple[str, ...]
    size: int

    @property
    def step(self) -> int:
        return round(self.size * LEADING)

    @property
    def height(self) -> int:
        return self.step * len(self.lines)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: int) -> float:
    """In pixels, kerned."""
    return font(size).getlength(text)


def set_large(text: str, box: tuple[int, int], sizes: Sequence[int] = SIZES) -> Block:
    """In the largest of the sizes at which the whole text stands in the box. At the smallest, whatever its height."""
    for size in sizes:
        block = Block(break_lines(text, size, box[0]), size)
        if block.height <= box[1] and (size == sizes[-1] or not _breaks_a_word(text, block)):
            return block
    return block


def break_lines(text: str, size: int, room: int) -> tuple[str, ...]:
    """As few lines as possible, as even as possible: the squares of what they fall short of the room are the least.

    A word that is longer than the room is broken.
    """
    words = [part for word in text.split() for part in _pieces(word, size, room)]
    if not words:
        return ()
    space = width(" ", size)
    widths = [width(word, size) for word in words]
    best: list[tuple[int, float, int]] = [
        (0, 0.0, 0)
    ]  # for the first n words: lines, unevenness, where the last begins
    for end in range(1, len(words) + 1):
        total, found = -space, None
        for start in range(end - 1, -1, -1):
            total += widths[start] + space
            if total > room and start < end - 1:
                break
            lines, uneven, _ = best[start]
            candidate = (lines + 1, uneven + (room - total) ** 2, start)
            if found is None or candidate < found:
                found = candidate
        assert found is not None  # noqa: S101 - a line holds at least one piece
        best.append(found)
    broken: list[str] = []
    end = len(words)
    while end:
        start = best[end][2]
        broken.append(" ".join(words[start:end]))
        end = start
    return tuple(reversed(broken))


def _pieces(word: str, size: int, room: int) -> list[str]:
    pieces = [""]
    for sign in word:
        if width(pieces[-1] + sign, size) > room and pieces[-1]:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _breaks_a_word(text: str, block: Block) -> bool:
    return " ".join(text.split()) != " ".join(block.lines)


def missing(text: str) -> str:
    """The characters that the type has no sign for."""
    return "".join(sorted({sign for sign in text if not sign.isspace() and not _has(sign)}))


@lru_cache(maxsize=4096)
def _has(sign: str) -> bool:
    return bytes(font(40).getmask(sign)) != bytes(font(40).getmask("\uffff"))
