"""A circle in a group: parts of the arriving exercise, the quiet "I'm here", and how it closes."""

from bot.content.flows import Flow
from bot.content.interface import Interface
from bot.screens.callback_data import CIRCLE_END
from bot.screens.outgoing import Button, OutgoingMessage
from bot.screens.taps import rows_of_circle
from bot.screens.times import say_count


def arriving(words: Interface, flow: Flow, part: int, variant: int) -> OutgoingMessage:
    """One part; of a flow that has become shorter meanwhile, the last one."""
    course = flow.course
    say = course[min(part, len(course) - 1)].say
    return OutgoingMessage(say[variant % len(say)], ((Button(words.circle.stop, CIRCLE_END),),))


def invitation(words: Interface, variant: int) -> OutgoingMessage:
    texts = words.circle.invitation
    return OutgoingMessage(texts[variant % len(texts)], rows_of_circle(words))


def closing(words: Interface, variant: int, count: int) -> OutgoingMessage:
    """How many were here, if anyone said so, and the last words."""
    texts = words.circle.closing
    were_here = say_count(words.times, words.circle.were_here, count, count=count) if count else ""
    return OutgoingMessage("\n\n".join(filter(None, (were_here, texts[variant % len(texts)]))))


def stopped(words: Interface, variant: int) -> OutgoingMessage:
    texts = words.circle.stopped
    return OutgoingMessage(texts[variant % len(texts)])
