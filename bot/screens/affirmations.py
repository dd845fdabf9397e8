"""The messages that the outbox sends: an affirmation, or the note that a pause is over."""

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface
from bot.content.load import Catalogue
from bot.domain.cards import Card
from bot.screens.favourites import row_under
from bot.screens.flows import entry
from bot.screens.learn import credit
from bot.screens.outgoing import OutgoingMessage
from bot.screens.taps import rows_under_sentence


def affirmation(
    catalogue: Catalogue, affirmation_id: str | None, username: str, *, is_private: bool, as_picture: bool = False
) -> OutgoingMessage:
    """The chosen affirmation; the catalogue's example if it was removed since it was chosen.

    In a private chat its buttons keep it, ask for another one and begin grounding. In groups and channels everyone
    can tap "me too"; `username` is the bot's, for the link to the private chat.
    """
    chosen = catalogue.by_id.get(affirmation_id or "", catalogue.example)
    card = card_of(catalogue.interface, chosen) if as_picture else None
    interface = catalogue.interface
    if not is_private:
        return OutgoingMessage(chosen.text, rows_under_sentence(interface, username), card=card)
    rows = (row_under(interface, chosen.id), (entry(interface.flows.entry, "grounding"),))
    return OutgoingMessage(chosen.text, rows, card=card)


def example(catalogue: Catalogue) -> str:
    """The lines of /start that show what a message is like."""
    return catalogue.interface.start.example.format(text=catalogue.example.text)


def card_of(interface: Interface, chosen: Affirmation) -> Card:
    """The card that shows this affirmation with the article that it was drawn from."""
    return Card(chosen.id, chosen.text, credit(interface.learn, chosen.source))


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    """The note that a pause has ended by itself."""
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
