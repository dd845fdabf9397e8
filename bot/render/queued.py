"""What the outbox sends: an affirmation, or that a pause is over."""

from bot.cards import Card
from bot.catalogue.affirmations import Affirmation
from bot.catalogue.interface import Interface
from bot.catalogue.load import Catalogue
from bot.render.flows import entry
from bot.render.kept import row_under
from bot.render.learn import credit
from bot.render.outgoing import OutgoingMessage
from bot.render.posts import rows_under_sentence


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
