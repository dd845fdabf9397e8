"""A message ready to send, as a plain value that knows nothing of Telegram's library."""

from dataclasses import dataclass


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
    """`picture` names one of the catalogue's; the text is then its caption, of at most 1024 characters."""

    text: str
    rows: Rows = ()
    picture: str = ""


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Buttons side by side, `width` in a row."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
