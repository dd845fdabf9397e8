"""The question after months of silence, its answers, and the one line after a return."""

from bot.content.interface import Interface
from bot.screens.callback_data import BRING_BACK, PRESENCE
from bot.screens.outgoing import Button, OutgoingMessage

GO_ON, LESS, REST = "on", "less", "rest"


def silence_question(interface: Interface) -> OutgoingMessage:
    """Asks whether it should go on."""
    texts = interface.presence
    rows = (
        (Button(texts.go_on, PRESENCE.build(GO_ON)), Button(texts.less_often, PRESENCE.build(LESS))),
        (Button(texts.rest, PRESENCE.build(REST)),),
    )
    return OutgoingMessage(texts.question, rows)


def resting(interface: Interface) -> OutgoingMessage:
    """The answer to "rest", with the way back."""
    return OutgoingMessage(interface.presence.resting, ((Button(interface.presence.bring_back, BRING_BACK),),))
