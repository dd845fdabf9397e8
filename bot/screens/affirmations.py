"""What the outbox sends: an affirmation, or that a pause is over."""

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
    """The words as they are now; if they were taken out since they were chosen, the first that there are.

    In a private chat it can be kept, another one asked for, and grounding is one tap away. In groups and channels
    everyone can say "me too"; `username` is the bot's, for the way to the private chat.
    """
    chosen = catalogue.by_id.get(affirmation_id or "", catalogue.affirmations[0])
    card = card_of(catalogue.interface, chosen) if as_picture else None
    words = catalogue.interface
    if not is_private:
        return OutgoingMessage(chosen.text, rows_under_sentence(words, username), card=card)
    rows = (row_under(words, chosen.id), (entry(words.flows.entry, "grounding"),))
    return OutgoingMessage(chosen.text, rows, card=card)


def card_of(words: Interface, chosen: Affirmation) -> Card:
    """With the article that it was drawn from."""
    return Card(chosen.id, chosen.text, credit(words.learn, chosen.source))


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
