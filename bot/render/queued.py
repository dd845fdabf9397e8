"""What the outbox sends: an affirmation, or that a pause is over."""

from bot.catalogue.load import Catalogue
from bot.render.outgoing import OutgoingMessage


def affirmation(catalogue: Catalogue, affirmation_id: str | None) -> OutgoingMessage:
    """The words as they are now; if they were taken out since they were chosen, the first that there are."""
    return OutgoingMessage(catalogue.by_id.get(affirmation_id or "", catalogue.affirmations[0]).text)


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
