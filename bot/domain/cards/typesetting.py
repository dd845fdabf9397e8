"""Typesetting of cards: font size and line breaks. Called by `cards` and `cards.invitation`.

A line ends where the sentence does, or a part of it, before it ends where the width does. The font is Literata, which
covers Latin, Greek and Cyrillic; its licence is in fonts/OFL.txt.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

FONT = Path(__file__).with_name("fonts") / "Literata_400Regular.ttf"
SIZES = (112, 104, 96, 90, 84, 78, 72, 67, 62, 58, 54, 50, 46, 42)  # pixels, the largest first
LEADING = 1.3  # line height, as a factor of the font size
PAUSE = 0.42  # the space between two sentences of several lines, as a part of the line height

# What it costs to end a line at a place, from a sentence's end to a short word that belongs to the next.
SENTENCE, CLAUSE, JOINT, WORD, SHORT_WORD = 0.0, 0.08, 0.3, 0.62, 1.1
SHORT = 3  # letters; a word of no more, such as an article, belongs to the next one in most languages
JOINING = {"and", "or", "but", "because", "y", "e", "o", "u", "pero", "porque", "und", "oder", "aber"}
ENDS_SENTENCE = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*$")
ENDS_CLAUSE = re.compile(r"[,;:\u2014\u2013][\"'\u201d\u2019\u00bb)\]]*$")
SPLIT_SENTENCE, SPLIT_CLAUSE = 1.0, 0.5  # a line that holds the end of a sentence, or of a part, which go on around it
UNEVEN = 1.1  # for a line without words, less by the square for a longer one
# Of the longest line, for several words and for one; what a shorter line costs that is no sentence of its own.
SHORTEST, SHORTEST_WORD, TOO_SHORT = 0.45, 0.8, 0.9
EACH_LINE = 0.06
SMALLER = 4.0  # for a size that is smaller by a factor e
TINY, TINIER = 62, 5.0  # pixels, below which each size costs more
SURE = 0.97  # of the room: letters are not quite in proportion to their size
MEASURES = (1, 0.85, 0.72)  # line widths to try, as parts of the room


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text in one font size, in pixels. After the lines in `pauses`, counted from 0, there is some space."""

    lines: tuple[str, ...]
    size: int
    pauses: tuple[int, ...] = ()

    @property
    def step(self) -> int:
        """The line height, in pixels."""
        return round(self.size * LEADING)

    @property
    def tops(self) -> list[int]:
        """The top of each line, in pixels from the top of the block."""
        pause = round(self.step * PAUSE)
        return [
            index * self.step + pause * sum(index > after for after in self.pauses) for index in range(len(self.lines))
        ]

    @property
    def height(self) -> int:
        """The height of all lines, in pixels."""
        return self.tops[-1] + self.step if self.lines else 0

    @property
    def width(self) -> int:
        """The width of the widest line, in pixels."""
        return math.ceil(max((width(line, self.size) for line in self.lines), default=0))


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Returns the font in a size in pixels."""
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: int) -> float:
    """Returns the width of a line in pixels, with kerning."""
    return font(size).getlength(text)


@lru_cache(maxsize=4096)
def _width_of_word(word: str, size: int) -> float:
    return width(word, size)


def set_large(text: str, box: tuple[int, int], sizes: Sequence[int] = SIZES) -> Block:
    """Returns the text in the largest size that fits the box (width and height in pixels) without breaking a word.

    Where none fits, the smallest size is used, and the block may be higher than the box.
    """
    for size in sizes:
        block = Block(break_lines(text, size, box[0]), size)
        if block.height <= box[1] and (size == sizes[-1] or not _breaks_a_word(text, block)):
            return block
    return block


def set_as_verse(text: str, box: tuple[int, int], sizes: Sequence[int] = SIZES) -> Block:
    """Returns the text in the box, as large as it can stand with lines that end where the sense does."""
    words = text.split()
    whole = _Written.of(words, sizes[0])  # measured once: to measure costs more than all the rest
    best, least = None, math.inf
    for size in sizes:
        smaller = SMALLER * math.log(sizes[0] / size) + TINIER * max(0.0, math.log(TINY / size))
        if smaller >= least:
            break
        room = box[0] * sizes[0] / size * SURE
        if max(whole.widths, default=0) > room:
            continue
        most_lines = box[1] // round(size * LEADING)
        for measure in MEASURES:
            if sum(whole.widths) > room * measure * most_lines:
                break
            ends = whole.break_at(room * measure)
            cost = smaller + whole.cost(ends)
            block = Block(whole.lines(ends), size, whole.pauses(ends))
            if cost < least and block.height <= box[1]:
                best, least = block, cost
    return best if best and best.width <= box[0] else set_large(text, box, sizes)


def break_lines(text: str, size: int, room: int) -> tuple[str, ...]:
    """Breaks the text into lines; `room` is their width in pixels. A word that is wider is broken."""
    written = _Written.of([piece for word in text.split() for piece in _pieces(word, size, room)], size)
    return written.lines(written.break_at(room))


class _Way(NamedTuple):
    """A way to set the first words of a text; less cost is better. Compared as a tuple."""

    cost: float
    start: int  # the word with which the last line begins


@dataclass(frozen=True, slots=True)
class _Written:
    """The words of a text in one size. `breaks[n]` is what it costs to end a line before word n."""

    words: tuple[str, ...]
    widths: tuple[float, ...]
    space: float
    breaks: tuple[float, ...]

    @classmethod
    def of(cls, words: Sequence[str], size: int) -> "_Written":
        breaks = (SENTENCE, *(_break_between(before, after) for before, after in pairwise(words)), SENTENCE)
        return cls(tuple(words), tuple(_width_of_word(word, size) for word in words), width(" ", size), breaks)

    def break_at(self, measure: float) -> list[int]:
        """Returns the ends of the best lines within this width: each is the number of the word after it."""
        ways = [_Way(0.0, 0)]
        for end in range(1, len(self.words) + 1):
            ways.append(self._best_last_line(ways, end, measure))
        ends: list[int] = []
        end = len(self.words)
        while end:
            ends.append(end)
            end = ways[end].start
        return ends[::-1]

    def _best_last_line(self, ways: Sequence[_Way], end: int, measure: float) -> _Way:
        """Returns the best way to set the first `end` words, given the best ways to set fewer."""
        line, inside, found = -self.space, math.inf, _Way(math.inf, end - 1)
        for start in range(end - 1, -1, -1):
            line += self.space + self.widths[start]
            if line > measure and start < end - 1:
                break
            uneven = UNEVEN * max(0.0, 1 - line / measure) ** 2 * (0.4 if self.breaks[end] == SENTENCE else 1)
            cost = ways[start].cost + uneven + self._cost_of_line(start, end, inside)
            found = min(found, _Way(cost, start))
            inside = min(inside, self.breaks[start])
        return found

    def _cost_of_line(self, start: int, end: int, inside: float) -> float:
        """Returns what this line costs by its sense; `inside` is the best place for a break within it."""
        around = max(self.breaks[start], self.breaks[end])
        split = SPLIT_SENTENCE if inside == SENTENCE < around else SPLIT_CLAUSE if inside == CLAUSE < around else 0
        return EACH_LINE + self.breaks[end] + split

    def cost(self, ends: Sequence[int]) -> float:
        """Returns what these lines cost, seen together."""
        spans = list(pairwise((0, *ends)))
        lengths = [sum(self.widths[start:end]) + self.space * (end - start - 1) for start, end in spans]
        longest, total = max(lengths, default=1), 0.0
        for (start, end), length in zip(spans, lengths, strict=True):
            total += self._cost_of_line(start, end, min(self.breaks[start + 1 : end], default=math.inf))
            if self.breaks[start] == SENTENCE == self.breaks[end]:
                continue
            is_too_short = length < SHORTEST * longest or (end - start == 1 and length < SHORTEST_WORD * longest)
            total += UNEVEN * (1 - length / longest) ** 2 + (TOO_SHORT if is_too_short else 0)
        return total

    def lines(self, ends: Sequence[int]) -> tuple[str, ...]:
        return tuple(" ".join(self.words[start:end]) for start, end in pairwise((0, *ends)))

    def pauses(self, ends: Sequence[int]) -> tuple[int, ...]:
        """Returns the lines after which a sentence ends, if every sentence but the last one has several lines."""
        after = [index for index, end in enumerate(ends[:-1]) if self.breaks[end] == SENTENCE]
        return tuple(after) if after and len(ends) > len(after) + 1 else ()


def _break_between(before: str, after: str) -> float:
    if not any(map(str.isalnum, after)):
        return SHORT_WORD  # a dash stays with what is before it
    if ENDS_SENTENCE.search(before):
        return SENTENCE
    if ENDS_CLAUSE.search(before):
        return CLAUSE
    if after.casefold() in JOINING:
        return JOINT
    return SHORT_WORD if len(before) <= SHORT else WORD


def _pieces(word: str, size: int, room: int) -> list[str]:
    """Cuts a word into pieces that fit into a line."""
    if width(word, size) <= room:
        return [word]
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
