"""The questions after a person's first reminder. Each can be skipped."""

from bot.content.interface import Interface
from bot.screens.outgoing import Button, OutgoingMessage

THERAPY, GROUP, BOTH, NEITHER = "therapy", "group", "both", "neither"
WORDS, PICTURES = "words", "pictures"
SKIP = "skip"


def for_whom(interface: Interface, start: str) -> OutgoingMessage:
    """Asks whether they are in therapy or in a group. `start` begins the data of each answer."""
    texts = interface.first_questions
    one = (Button(texts.therapy, f"{start}{THERAPY}"), Button(texts.group, f"{start}{GROUP}"))
    other = (Button(texts.both, f"{start}{BOTH}"), Button(texts.neither, f"{start}{NEITHER}"))
    return OutgoingMessage(texts.for_whom, (one, other, _skip(interface, start)))


def look(interface: Interface, start: str) -> OutgoingMessage:
    """Asks for words or pictures."""
    texts = interface.first_questions
    looks = (Button(texts.as_words, f"{start}{WORDS}"), Button(texts.as_pictures, f"{start}{PICTURES}"))
    return OutgoingMessage(texts.look, (looks, _skip(interface, start)))


def _skip(interface: Interface, start: str) -> tuple[Button, ...]:
    return (Button(interface.first_questions.skip, f"{start}{SKIP}"),)
