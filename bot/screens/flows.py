"""Turns of a flow as messages: the texts of this visit, and the buttons with their callback data."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.content.disclosures import Told
from bot.content.interface import Interface
from bot.dialogues.flows import Key, Line, Mode, Offer, Said, Turn
from bot.screens.callback_data import BEGIN_FLOW, FLOW, SUPPORT
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired

TYPED = frozenset({Line.THANKS, Line.NOT_ASKED})  # they answer typed text


def turn_messages(
    interface: Interface, turn: Turn, token: str, *, lead: str = "", told: Told | None = None, typed_id: int = 0
) -> tuple[OutgoingMessage, ...]:
    """Returns the messages to send, in this order. `lead` opens the first one.

    `told`: how the typed message that is answered, `typed_id`, is acknowledged, if it tells of something.
    """
    number = turn.position.turn if turn.position else 0
    is_resting = turn.position is not None and turn.position.mode is Mode.RESTING
    # The token is random, so that each conversation begins with another variant of the texts around the steps.
    variant = int(token, 16) + number
    start = FLOW.build(token, number, "")
    messages: list[OutgoingMessage] = []
    for said in turn.says:
        # A step that takes no words stays where it is: there the messages themselves take turns.
        turns = variant if Line.NOT_ASKED not in said.parts else variant + typed_id // 2
        worded = _acknowledging(said, told, turns, is_over=turn.position is None)
        text = "\n\n".join(filter(None, (lead if not messages else "", _text(interface, worded, turns))))
        rows = _rows(interface, said.offers, start, is_resting)
        if not TYPED.isdisjoint(said.parts) and all(offer.label != interface.flows.people for offer in said.offers):
            rows = (*rows, people(interface))
        messages.append(OutgoingMessage(text, rows, said.picture))
    return tuple(messages)


def with_offer(turn: Turn, messages: Sequence[OutgoingMessage], offer: Button, typed_id: int) -> list[OutgoingMessage]:
    """Puts a button that keeps what was typed under the thanks for it, which then reply to that message.

    Only so is it known later what was typed: it is stored nowhere.
    """
    return [
        replace(message, rows=(*message.rows[:-1], (offer,), *message.rows[-1:]), replies_to=typed_id)
        if Line.THANKS in said.parts and message.rows
        else message
        for said, message in zip(turn.says, messages, strict=True)
    ]


def people(interface: Interface) -> tuple[Button, ...]:
    """Returns a row with the button to the support card: what was typed may have been a disclosure."""
    return (Button(interface.flows.people, SUPPORT.build("back")),)


def way_back(interface: Interface, token: str) -> tuple[Button, ...]:
    """Returns a row with the button that goes back into the open flow; it can be put under any message."""
    return (Button(interface.flows.go_on, FLOW.build(token, 0, Key.ON)),)


@lru_cache(maxsize=256)
def entry(label: str, flow: str) -> Button:
    """Returns a button that begins this flow; it can be put under any message."""
    return Button(label, BEGIN_FLOW.build(flow))


def acknowledgement(told: Told, variant: int) -> str:
    """Returns the sentence that answers what somebody told."""
    return told.lines[variant % len(told.lines)]


def _acknowledging(said: Said, told: Told | None, variant: int, *, is_over: bool) -> Said:
    """Returns the message with what answers a told thing in place of the thanks, or of "I can't reply"."""
    if told is None or TYPED.isdisjoint(said.parts):
        return said
    after = told.with_buttons if Line.NOT_ASKED in said.parts else () if is_over else told.going_on
    said_first = (acknowledgement(told, variant), *((after[variant % len(after)],) if after else ()))
    return replace(said, parts=(*said_first, *(part for part in said.parts if part not in TYPED)))


def _text(interface: Interface, said: Said, variant: int) -> str:
    parts = [_line(interface, part, said.title, variant) if isinstance(part, Line) else part for part in said.parts]
    return "\n\n".join(parts)


def _line(interface: Interface, line: Line, title: str, variant: int) -> str:
    texts = interface.flows
    if line is Line.WAY_BACK:
        return texts.way_back.format(title=title)
    variants = {
        Line.RESTING: texts.resting,
        Line.RESTED: texts.rested,
        Line.THANKS: texts.thanks,
        Line.NOT_ASKED: texts.not_asked,
        Line.LEFT: texts.left,
        Line.ENDED: texts.ended,
        Line.CLOSED: texts.closed,
        Line.CHANGED: (texts.changed,),
    }[line]
    return variants[variant % len(variants)]


def _rows(interface: Interface, offers: tuple[Offer, ...], start: str, is_resting: bool) -> Rows:
    """Returns the flow's own buttons, then a row that always comes last: a minute's rest and the way out."""
    labels = {
        Key.SKIP: interface.flows.skip,
        Key.MINUTE: interface.flows.another_minute if is_resting else interface.flows.minute,
        Key.OUT: interface.flows.out,
        Key.ON: interface.flows.go_on,
    }
    own: list[Button] = []
    last: list[Button] = []
    for offer in offers:
        label = offer.label or labels[Key(offer.key)]
        button = Button(label, copy=offer.copy) if offer.copy else Button(label, f"{start}{offer.key}")
        (last if offer.key in (Key.MINUTE, Key.OUT) else own).append(button)
    return (*paired(own), tuple(last)) if last else paired(own)
