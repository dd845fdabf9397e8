"""What the outbox sends: an affirmation, or that a pause is over."""

from bot.catalogue.load import Catalogue
from bot.render.flows import entry
from bot.render.outgoing import OutgoingMessage


def affirmation(catalogue: Catalogue, affirmation_id: str | None, *, is_private: bool) -> OutgoingMessage:
    """The words as they are now; if they were taken out since they were chosen, the first that there are.

    In a private chat grounding is one tap away.
    """
    text = catalogue.by_id.get(affirmation_id or "", catalogue.affirmations[0]).text
    return OutgoingMessage(text, ((entry(catalogue.interface.flows.entry, "grounding"),),) if is_private else ())


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
