"""A reminder in a person's own words as a message; what it asks for, an exercise, is one tap away."""

from collections.abc import Iterable, Sequence

from bot.content.load import Catalogue
from bot.content.setup_texts import OwnTextTexts
from bot.domain.folding import fold
from bot.screens.flows import entry
from bot.screens.later import NO_AFFIRMATION, Under, folded
from bot.screens.outgoing import OutgoingMessage


def own_text(catalogue: Catalogue, text: str | None, under: Under) -> OutgoingMessage:
    """The text with its row. None: it cannot be decrypted."""
    said = catalogue.interface.setup.own.cannot_open if text is None else text
    return OutgoingMessage(said, folded(catalogue.interface, under))


def under_own_text(
    catalogue: Catalogue, reminder_id: int, text: str | None, everyones: Iterable[OwnTextTexts]
) -> Under:
    """What the row under the text acts on, and the exercise it asks for. `everyones` are the texts of all languages."""
    name = next((found for own in everyones if (found := _exercise_in(text or "", own))), None)
    exercise = catalogue.interface.setup.own.exercises.get(name or "")
    button = entry(exercise.button, exercise.opens) if exercise and exercise.opens in catalogue.flows else None
    return Under(reminder_id, NO_AFFIRMATION, button)


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
