"""The exercise that a group gets as one message: everyone can follow it, and nobody has to answer."""

from bot.content.flows import Flow
from bot.content.interface import Interface
from bot.screens.outgoing import Button, OutgoingMessage


def shared_exercise(interface: Interface, flow: Flow, visit: int, private_url: str) -> OutgoingMessage:
    """All steps in one message. `visit` counts the group's visits, so that the variants of a text take turns."""
    parts = [step.say[visit % len(step.say)] for step in flow.course]
    button = Button(interface.help.ground_private, url=private_url)
    return OutgoingMessage("\n\n".join(parts), ((button,),))
