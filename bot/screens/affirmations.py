"""The messages that the outbox sends: an affirmation, or the note that a pause is over."""

from dataclasses import replace

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface
from bot.content.load import Catalogue
from bot.domain.cards import PORTRAIT, SQUARE, Card
from bot.screens.favourites import row_under
from bot.screens.flows import entry
from bot.screens.learn import credit
from bot.screens.outgoing import OutgoingMessage, Rows
from bot.screens.taps import rows_under_sentence


def affirmation(
    catalogue: Catalogue, affirmation_id: str | None, username: str, *, is_private: bool, as_picture: bool = False
) -> OutgoingMessage:
    """The chosen affirmation; the catalogue's example if it was removed since it was chosen.

    In a private chat its buttons keep it, ask for another one and begin grounding. In groups and channels everyone
    can tap "me too"; `username` is the bot's, for the link to the private chat.
    """
    chosen = catalogue.by_id.get(affirmation_id or "", catalogue.example)
    interface = catalogue.interface
    if is_private:
        rows: Rows = (row_under(interface, chosen.id), (entry(interface.flows.entry, "grounding"),))
    else:
        rows = rows_under_sentence(interface, username)
    shown = as_card(interface, chosen) if as_picture else OutgoingMessage(chosen.text)
    return replace(shown, rows=rows)


def example(catalogue: Catalogue) -> str:
    """The lines of /start that show what a message is like."""
    return catalogue.interface.start.example.format(text=catalogue.example.text)


def as_card(interface: Interface, chosen: Affirmation, *, is_portrait: bool = False) -> OutgoingMessage:
    """The affirmation as a card, with the article that it was drawn from below its words."""
    card = card_of(chosen, is_portrait=is_portrait)
    return OutgoingMessage(chosen.text, card=card, credit=credit(interface.learn, chosen.source))


def card_of(chosen: Affirmation, *, is_portrait: bool = False) -> Card:
    """The card that shows this affirmation; a portrait is for stories."""
    return Card(chosen.id, chosen.text, chosen.source.on_a_card, PORTRAIT if is_portrait else SQUARE)


def pause_is_over(catalogue: Catalogue) -> OutgoingMessage:
    """The note that a pause has ended by itself."""
    return OutgoingMessage(catalogue.interface.pause.back_by_itself)
