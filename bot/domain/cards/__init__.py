"""Cards: affirmations and invitations as pictures. What stands on a card; `drawing` and `invitation` draw it.

Here nothing of Pillow is imported: every message knows what a card is, and few are drawn.
"""

import hashlib
import re
from dataclasses import dataclass

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels
DESIGN = 2  # raise it when cards look different, so that they are uploaded again
# With joiners, skin tones and the space before, so that "all right \U0001f4a7." leaves no gap.
EMOJI = re.compile(
    r"[^\S\n]*[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    r"\u200b-\u200f\u2060\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]+"
)
QUOTES = {'"': ("\u201c", "\u201d"), "'": ("\u2018", "\u2019")}


@dataclass(frozen=True, slots=True)
class Shape:
    """A format of cards: its size, the box of the sentence and the middle of the credit's line, in pixels."""

    name: str
    size: tuple[int, int]
    text: Box
    credit: int


SQUARE = Shape("square", (1080, 1080), (110, 130, 970, 900), 990)
# For stories: apps lay their own buttons over the outermost strips at the top and the bottom.
PORTRAIT = Shape("portrait", (1080, 1920), (110, 290, 970, 1440), 1622)


@dataclass(frozen=True, slots=True)
class Card:
    """A sentence with its credit, one short line or empty. `key`, the affirmation's id, determines the look.

    `is_personal`: nothing is remembered of it, so that it is drawn and uploaded each time.
    """

    key: str
    text: str
    credit: str
    shape: Shape = SQUARE
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """The texts of an invitation's card; `practice`, the name of the practice, may be empty."""

    link: str
    title: str
    practice: str
    line: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day that has an entry: a word, or the name of a colour (`domain.look_back`)."""

    word: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Weeks:
    """A person's weeks, to be drawn: `weeks` holds the label and the seven days of each, None for plain paper."""

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[Day | None, ...]], ...]


def digest(card: Card) -> str:
    """Returns a hash of everything that determines the picture, as hexadecimal digits."""
    parts = (str(DESIGN), card.shape.name, card.key, card.text, card.credit)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def plain(text: str) -> str:
    """Returns the text for the card: with typographic quotes, and without emoji, which stand in the caption."""
    kept = EMOJI.sub("", text)
    signs: list[str] = []
    for place, sign in enumerate(kept):
        opening, closing = QUOTES.get(sign, (sign, sign))
        before = kept[place - 1] if place else " "
        signs.append(opening if before.isspace() or before in "([\u201c\u2018\u00bf\u00a1-" else closing)
    return " ".join("".join(signs).split())
