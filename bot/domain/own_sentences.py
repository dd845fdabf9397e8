"""Own sentences among affirmations: how often they come, and in which order. Pure. Called by `usecases`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.rotation import BEFORE_FIRST, Choice, Rotation, next_affirmation

LONGEST_SENTENCE = 240  # UTF-16 units, as Telegram counts; it fits under a button that copies it, and onto a card
MOST_SENTENCES = 50  # in one chat
REF = "own:"  # in place of an affirmation's id: which sentence, not its words


class Share(StrEnum):
    """How often own sentences come among the other messages. The values are stored."""

    ONLY = "only"
    HALF = "half"
    SOMETIMES = "sometimes"
    OFF = "off"


EVERY_NTH = {Share.ONLY: 1, Share.HALF: 2, Share.SOMETIMES: 5}  # message is an own one


def ref_of(sentence_id: int) -> str:
    """Returns what a queued message holds in place of an affirmation's id."""
    return f"{REF}{sentence_id}"


def read_ref(affirmation_id: str | None) -> int | None:
    """Returns the id of an own sentence; None for an affirmation."""
    number = (affirmation_id or "").removeprefix(REF)
    return int(number) if affirmation_id and affirmation_id.startswith(REF) and number.isdecimal() else None


@dataclass(slots=True)
class Mixture:
    """What the reminders of one chat draw from. `others` counts the messages since the last own sentence."""

    share: Share
    sentences: tuple[int, ...] = ()  # ids
    kept: frozenset[str] | None = None  # affirmations that alone are wanted; None: all
    cycle: int = 0
    cursor: int = BEFORE_FIRST
    others: int = 0

    def take_own(self, seed: int) -> str | None:
        """Returns an own sentence if it is the turn of one, and moves on; each comes once before one comes again."""
        if not self.sentences or self.share is Share.OFF:
            return None
        if self.others + 1 < EVERY_NTH[self.share]:
            self.others += 1
            return None
        refs = Choice(tuple(ref_of(sentence) for sentence in self.sentences))
        chosen, place = next_affirmation(refs, Rotation(seed, self.cycle, self.cursor))
        self.cycle, self.cursor, self.others = place.cycle, place.cursor, 0
        return chosen

    def narrowed(self, choice: Choice) -> Choice:
        """Returns what is kept of a choice, if only that is wanted."""
        return choice if self.kept is None else choice.without(_others(choice.identifiers, self.kept))


def _others(identifiers: Iterable[str], kept: frozenset[str]) -> frozenset[str]:
    return frozenset(identifiers) - kept
