"""/help and /privacy in a private chat: a few lines at once, and the whole behind a button, in the same message."""

from collections.abc import Mapping

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.content.interface import Interface
from bot.content.texts import Counted
from bot.screens.callback_data import HELP_SHORT, HELP_WHOLE, PRIVACY_REST, PRIVACY_SHORT, PRIVACY_WHOLE
from bot.screens.flows import entry, people
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.screens.times import count_text


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
    """Everything that is kept about this chat, and for how long."""
    texts = interface.privacy
    buttons = ((Button(texts.more, PRIVACY_REST),), (Button(texts.back, PRIVACY_SHORT),))
    return OutgoingMessage(texts.details.format(lines=_listed(texts.about_chat)), buttons)


def rest_of_privacy(
    interface: Interface, *, blocked_days: int, stranger_days: int, backup_days: int | None
) -> OutgoingMessage:
    """What is kept about groups, what is not kept, who can see it, and what remains after /forget."""
    texts = interface.privacy
    text = joined(
        texts.rest.format(lines=_listed(texts.about_group)),
        _after_days(interface, texts.strangers, stranger_days),
        _after_days(interface, texts.blocked, blocked_days),
        backups_text(interface, backup_days),
    )
    return OutgoingMessage(text, ((Button(texts.back, PRIVACY_WHOLE),),))


def _after_days(interface: Interface, text: Counted, days: int) -> str:
    """Says after how many days something is erased by itself; empty if it is not."""
    return count_text(interface.times, text, days, count=days) if days else ""


def backups_text(interface: Interface, days: int | None) -> str:
    """Says how long what was erased stays in backups, as the operator has declared; empty if none are made."""
    texts = interface.forget
    if days is None:
        return texts.backups_unknown
    return count_text(interface.times, texts.backups, days, count=days) if days else ""


def _listed(lines: Mapping[str, str]) -> str:
    return "\n".join(f"- {line}" for line in lines.values())
