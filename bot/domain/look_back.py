"""Looking back: a word or a colour for a day, how it is stored, and which weeks a page shows. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.safety_plan import units

LONGEST_WORD = 30  # in UTF-16 units, as Telegram counts
MOST_WORDS = 3  # "one word" is also "not so bad"
WEEKS = 8  # on a page
WEEK = timedelta(days=7)
LATEST_ANSWER = timedelta(days=7)  # after the day that was asked about
WORD_MARK, COLOUR_MARK = "word:", "colour:"


class Colour(StrEnum):
    """The colours to choose from. The values are stored: never give one another meaning."""

    SUN = "sun"
    ROSE = "rose"
    MOSS = "moss"
    SEA = "sea"
    DUSK = "dusk"
    STONE = "stone"


@dataclass(frozen=True, slots=True)
class DayWord:
    """How a day was: a word, or a colour. Never both."""

    word: str = ""
    colour: Colour | None = None

    def to_text(self) -> str:
        """Returns the text that is encrypted and stored."""
        return f"{COLOUR_MARK}{self.colour.value}" if self.colour else f"{WORD_MARK}{self.word}"

    @classmethod
    def from_text(cls, text: str) -> "DayWord":
        """Reads a stored text. A colour that is not known any more is shown as the word that it was stored by."""
        name = text.removeprefix(COLOUR_MARK)
        if name != text:
            return cls(colour=Colour(name)) if name in list(Colour) else cls(name)
        return cls(text.removeprefix(WORD_MARK))


def as_word(text: str) -> str | None:
    """Returns what was typed with single spaces, or None if it is empty, too long or more than a few words."""
    words = text.split()
    joined = " ".join(words)
    return joined if 0 < len(words) <= MOST_WORDS and units(joined) <= LONGEST_WORD else None


def weeks_of_page(today: date, first_weekday: int, page: int) -> tuple[date, ...]:
    """Returns the first days of the weeks on a page, the oldest first.

    Page 0 ends with this week, each further one is WEEKS older. Weeks begin on `first_weekday`; Monday is 0.
    """
    this_week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    last = this_week - page * WEEKS * WEEK
    return tuple(last - number * WEEK for number in range(WEEKS - 1, -1, -1))
