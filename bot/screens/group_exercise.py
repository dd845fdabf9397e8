"""What a group is shown: one exercise as a whole, for everyone and for nobody to answer."""

from bot.content.flows import Flow
from bot.content.interface import Interface
from bot.screens.outgoing import Button, OutgoingMessage


def shared_exercise(words: Interface, flow: Flow, visit: int, private_url: str) -> OutgoingMessage:
    """Its steps from the first to the end in one message; visits take turns in how they are said."""
    parts = [step.say[visit % len(step.say)] for step in flow.course]
    button = Button(words.help.ground_private, url=private_url)
    return OutgoingMessage("\n\n".join(parts), ((button,),))
