"""What the outbox sends: an affirmation, or that a pause is over."""

from bot.catalogue.load import Catalogue
from bot.render.flows import entry
from bot.render.kept import row_under
from bot.render.outgoing import OutgoingMessage


def affirmation(catalogue: Catalogue, affirmation_id: str | None, *, is_private: bool) -> OutgoingMessage:
    """The words as they are now; if they were taken out since they were chosen, the first that there are.

    In a private chat it can be kept, another one asked for, and grounding is one tap away.
    """
    chosen = catalogue.by_id.get(affirmation_id or "", catalogue.affirmations[0])
    if not is_private:
        return OutgoingMessage(chosen.text)
    words = catalogue.interface
    return OutgoingMessage(chosen.text, (row_under(words.kept, chosen.id), (entry(words.flows.entry, "grounding"),)))


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
