"""What the fields of an export may hold, so that it can be taken in again. For `parts`."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
)

from bot.domain.look_back import LONGEST_WORD
from bot.domain.notes import LONGEST_NOTE
from bot.domain.own_sentences import LONGEST_SENTENCE
from bot.domain.own_text import LONGEST_TEXT
from bot.domain.safety_plan import units
from bot.domain.schedule import read_rule
from bot.domain.zones import known_zone

MOST_ROWS = 2_000  # of any other kind
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_INTEGER = 2**31 - 1  # what a column holds


def _plain(text: str) -> str:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a character that no text has")
    return text


def _in_utc(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("is no moment of this time")
    return moment.astimezone(UTC)


def _rule(text: str) -> str:
    try:
        read_rule(text)
    except ValueError:
        raise ValueError("is no rule of a reminder") from None
    return text


def zone_name(name: str) -> str:
    """Returns the name of a time zone. Raises ValueError for another text."""
    if known_zone(name) is None:
        raise ValueError("is no time zone")
    return name


Words = Annotated[str, AfterValidator(_plain)]
Name = Annotated[Words, StringConstraints(max_length=64)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Rule = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_rule)]
Count = Annotated[int, Field(ge=0, le=MOST_INTEGER)]
Cursor = Annotated[int, Field(ge=-1, le=MOST_INTEGER)]


def fits(most: int) -> AfterValidator:
    """Returns a validator for a text of 1 to `most` UTF-16 units."""

    def check(text: str) -> str:
        if not text or units(text) > most:
            raise ValueError(f"says nothing, or is longer than {most} characters")
        return text

    return AfterValidator(check)


OwnText = Annotated[Words, fits(LONGEST_TEXT)]
NoteText = Annotated[Words, fits(LONGEST_NOTE)]
DayWords = Annotated[Words, fits(LONGEST_WORD)]
Sentence = Annotated[Words, fits(LONGEST_SENTENCE)]
