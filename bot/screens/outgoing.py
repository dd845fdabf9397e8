"""A message that is ready to send, as a plain value that knows nothing of Telegram's library."""

import re
from dataclasses import dataclass, replace
from typing import Literal, Self

from bot.domain.cards import Card, Weeks


@dataclass(frozen=True, slots=True)
class Button:
    """A label and one action: send `data` (1-64 bytes), open `url`, or copy `copy` (1-256 characters)."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class ReplyButton:
    """A button of the reply keyboard: lets a person choose a group or channel, sends a location, or types its label."""

    label: str
    chooses: Literal["group", "channel", ""] = ""
    asks_location: bool = False


ReplyKeyboard = tuple[tuple[ReplyButton, ...], ...]


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Text with buttons, and with a picture or a card if wanted.

    `picture` names one of the catalogue's pictures, `card` is drawn; with either, the caption is the text and below it
    `credit`, if there is one: at most 1024 characters. Where pictures cannot be sent, the text alone says everything.
    `keyboard` replaces the person's own in a private chat until it is removed; a message has either a keyboard or rows.
    `bold` holds parts of the text, from and to, in characters; a caption has none (see `marked`). `spoilers` are parts
    that are hidden until they are tapped. `replies_to` is the message id of what it answers to, in the same chat.
    """

    text: str
    rows: Rows = ()
    picture: str = ""
    card: Card | Weeks | None = None
    credit: str = ""
    keyboard: ReplyKeyboard = ()
    removes_keyboard: bool = False
    bold: tuple[tuple[int, int], ...] = ()
    spoilers: tuple[tuple[int, int], ...] = ()
    replies_to: int = 0

    def with_heading(self, heading: str) -> Self:
        """Returns the message with a paragraph before its text."""
        lead = f"{heading}\n\n"
        bold, spoilers = (
            tuple((start + len(lead), end + len(lead)) for start, end in parts) for parts in (self.bold, self.spoilers)
        )
        return replace(self, text=f"{lead}{self.text}", bold=bold, spoilers=spoilers)

    def with_rows(self, rows: Rows) -> "OutgoingMessage":
        """Returns the message with these buttons. Each reminder's message has its own, and `replace` is slow."""
        return OutgoingMessage(
            self.text,
            rows,
            self.picture,
            self.card,
            self.credit,
            self.keyboard,
            self.removes_keyboard,
            self.bold,
            self.spoilers,
            self.replies_to,
        )

    @property
    def caption(self) -> str:
        """The text under a picture."""
        return joined(self.text, self.credit)


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A document that is made for one chat, kept nowhere and sent once. The caption has at most 1024 characters."""

    name: str
    content: bytes
    caption: str


# They stand around words that are bold, until `marked` takes them out. No text holds them: Telegram takes none either.
BOLD_FROM, BOLD_TO = "\x0e", "\x0f"
MARKS = re.compile(f"[{BOLD_FROM}{BOLD_TO}]")


def bold(words: str) -> str:
    """Marks words as bold, for a text that becomes a message by `marked`."""
    return f"{BOLD_FROM}{words}{BOLD_TO}"


def marked(text: str, rows: Rows = ()) -> OutgoingMessage:
    """Returns a message with the marked words in bold."""
    parts: list[tuple[int, int]] = []
    plain = ""
    for piece in re.split(f"({BOLD_FROM}[^{BOLD_FROM}{BOLD_TO}]*{BOLD_TO})", text):
        words = MARKS.sub("", piece)
        if piece.startswith(BOLD_FROM) and piece.endswith(BOLD_TO) and words:
            parts.append((len(plain), len(plain) + len(words)))
        plain += words
    return OutgoingMessage(plain, rows, bold=tuple(parts))


def joined(*parts: str) -> str:
    """Joins the parts that are not empty, with a blank line between them."""
    return "\n\n".join(filter(None, parts))


SIDE_BY_SIDE = 16  # characters; shorter labels stand two in a row


def paired(buttons: list[Button]) -> Rows:
    """Puts two short buttons in a row; a longer one has a row of its own."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        last = rows[-1] if rows else ()
        if len(last) == 1 and max(len(last[0].label), len(button.label)) <= SIDE_BY_SIDE:
            rows[-1] = (last[0], button)
        else:
            rows.append((button,))
    return tuple(rows)


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Puts `width` buttons in a row."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
