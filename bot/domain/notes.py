"""Notes for a session: how long one may be, how many there may be, and all of them as plain text to send on. Pure."""

from collections.abc import Iterator, Sequence

from bot.domain.safety_plan import units

LONGEST_NOTE = 1_000  # in UTF-16 units, as Telegram counts
MOST_NOTES = 30  # in one chat
LONGEST_TEXT = 4_000  # UTF-16 units in one message; Telegram takes 4096


def in_plain_text(notes: Sequence[str]) -> Iterator[str]:
    """Yields the notes, one below the other, in as few texts as messages need. No note is cut."""
    text = ""
    for note in notes:
        longer = f"{text}\n\n{note}" if text else note
        if text and units(longer) > LONGEST_TEXT:
            yield text
            longer = note
        text = longer
    if text:
        yield text
