"""A reminder in a person's own words as a message; what it asks for, an exercise, is one tap away."""

from collections.abc import Iterable, Sequence

from bot.content.load import Catalogue
from bot.content.setup_texts import OwnTextTexts
from bot.domain.folding import fold
from bot.screens.flows import entry
from bot.screens.outgoing import OutgoingMessage

HARD_MOMENT = "grounding"  # the flow that a button under every message begins


def own_text(catalogue: Catalogue, text: str | None, everyones: Iterable[OwnTextTexts]) -> OutgoingMessage:
    """The text with its buttons. None: it cannot be decrypted. `everyones` are the texts of all languages."""
    texts = catalogue.interface.setup.own
    rows = [(entry(catalogue.interface.flows.entry, HARD_MOMENT),)]
    name = next((found for own in everyones if (found := _exercise_in(text or "", own))), None)
    exercise = texts.exercises.get(name or "")
    if exercise and exercise.opens in catalogue.flows:
        # The button for a hard moment begins the same: one of both is enough.
        rows = [(entry(exercise.button, exercise.opens),), *(rows if exercise.opens != HARD_MOMENT else [])]
    return OutgoingMessage(texts.cannot_open if text is None else text, tuple(rows))


def _exercise_in(text: str, own: OwnTextTexts) -> str | None:
    """Returns the exercise that the text begins or ends with; "ground coffee" in the middle is none."""
    words = _words(text)
    for name, exercise in own.exercises.items():
        for typed in map(_words, exercise.typed):
            if typed in (words[: len(typed)], words[-len(typed) :]):
                return name
    return None


def _words(text: str) -> Sequence[str]:
    return fold(text).strip(" .!¡").split()
