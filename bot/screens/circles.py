"""The messages of a circle in a group: parts of the arriving exercise, the "I'm here" button, and the closing."""

from bot.content.flows import Flow
from bot.content.interface import Interface
from bot.screens.callback_data import CIRCLE_END
from bot.screens.outgoing import Button, OutgoingMessage
from bot.screens.taps import rows_of_circle
from bot.screens.times import count_text


def arriving(interface: Interface, flow: Flow, part: int, variant: int) -> OutgoingMessage:
    """Part number `part` of the exercise, from 0; the last one if the flow has become shorter meanwhile."""
    course = flow.course
    say = course[min(part, len(course) - 1)].say
    return OutgoingMessage(say[variant % len(say)], ((Button(interface.circle.stop, CIRCLE_END),),))


def invitation(interface: Interface, variant: int) -> OutgoingMessage:
    """The message with the "I'm here" button."""
    texts = interface.circle.invitation
    return OutgoingMessage(texts[variant % len(texts)], rows_of_circle(interface))


def closing(interface: Interface, variant: int, count: int) -> OutgoingMessage:
    """The last message: how many tapped "I'm here", if anyone did, and the closing words."""
    texts = interface.circle.closing
    were_here = count_text(interface.times, interface.circle.were_here, count, count=count) if count else ""
    return OutgoingMessage("\n\n".join(filter(None, (were_here, texts[variant % len(texts)]))))


def stopped(interface: Interface, variant: int) -> OutgoingMessage:
    """The message for a circle that was ended early."""
    texts = interface.circle.stopped
    return OutgoingMessage(texts[variant % len(texts)])
