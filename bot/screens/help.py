"""/help and /privacy in a private chat: a few lines at once, and the whole behind a button, in the same message."""

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.content.interface import Interface
from bot.screens.callback_data import HELP_SHORT, HELP_WHOLE, PRIVACY_SHORT, PRIVACY_WHOLE
from bot.screens.flows import entry, people
from bot.screens.outgoing import Button, OutgoingMessage


def short_help(interface: Interface, contact_url: str | None) -> OutgoingMessage:
    """What a shaking person can read, with the ways to grounding and to people first."""
    texts = interface.help
    contact = ((Button(texts.contact, url=contact_url),),) if contact_url else ()
    ground = entry(interface.flows.entry, FLOWS_OF_COMMANDS["ground"])
    return OutgoingMessage(texts.text, ((ground,), people(interface), (Button(texts.all, HELP_WHOLE),), *contact))


def whole_help(interface: Interface) -> OutgoingMessage:
    """Every command."""
    return OutgoingMessage(interface.help.commands, ((Button(interface.help.back, HELP_SHORT),),))


def short_privacy(interface: Interface) -> OutgoingMessage:
    """What is kept, in a few lines."""
    return OutgoingMessage(interface.privacy.short, ((Button(interface.privacy.all, PRIVACY_WHOLE),),))


def whole_privacy(interface: Interface) -> OutgoingMessage:
    """Everything that is kept, and for how long."""
    return OutgoingMessage(interface.privacy.details, ((Button(interface.privacy.back, PRIVACY_SHORT),),))
