"""A message ready to send, as a plain value that knows nothing of Telegram's library."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.cards import Card
from bot.screens.callback_data import about_chat


@dataclass(frozen=True, slots=True)
class Button:
    """A label and what it does: `data` (1-64 bytes) comes back, `url` opens, `copy` (1-256 characters) is copied."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """`picture` names one of the catalogue's, `card` is drawn; the text is then the caption: 1024 characters at most.

    A card is for where pictures can be sent: the words alone say all. `keys` come in place of the person's keyboard, in
    a private chat, until they are taken away; a message has either them or rows.
    """

    text: str
    rows: Rows = ()
    picture: str = ""
    card: Card | None = None
    keys: "Keys" = ()
    takes_keys_away: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keyboard: it lets a group or a channel be chosen, or types its label."""

    label: str
    chooses: Literal["group", "channel", ""] = ""


Keys = tuple[tuple[Key, ...], ...]


def joined(*parts: str) -> str:
    """Those that say something, one below the other."""
    return "\n\n".join(filter(None, parts))


SIDE_BY_SIDE = 16  # characters; shorter labels stand two in a row


def paired(buttons: list[Button]) -> Rows:
    """Two short ones side by side; a longer one has a row of its own."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        last = rows[-1] if rows else ()
        if len(last) == 1 and max(len(last[0].label), len(button.label)) <= SIDE_BY_SIDE:
            rows[-1] = (last[0], button)
        else:
            rows.append((button,))
    return tuple(rows)


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Buttons side by side, `width` in a row."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def about(rows: Rows, row_id: int) -> Rows:
    """The same buttons about the chat of this row; those that open or copy something stay as they are."""
    return tuple(
        tuple(replace(button, data=about_chat(row_id, button.data)) if button.data else button for button in row)
        for row in rows
    )
