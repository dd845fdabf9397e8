"""Turns of a flow as messages: the texts of this visit, and the buttons with their callback data."""

from bot.content.interface import Interface
from bot.dialogues.flows import Key, Line, Mode, Offer, Said, Turn
from bot.screens.callback_data import BEGIN_FLOW, FLOW
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired


def say_turn(interface: Interface, turn: Turn, token: str, *, lead: str = "") -> tuple[OutgoingMessage, ...]:
    """Returns the messages to send, in this order. `lead` opens the first one."""
    number = turn.position.turn if turn.position else 0
    is_resting = turn.position is not None and turn.position.mode is Mode.RESTING
    # Each conversation begins somewhere else in what the house says around the steps.
    variant = int(token, 16) + number
    start = FLOW.build(token, number, "")
    messages: list[OutgoingMessage] = []
    for said in turn.says:
        text = "\n\n".join(filter(None, (lead if not messages else "", _text(interface, said, variant))))
        messages.append(OutgoingMessage(text, _rows(interface, said.offers, start, is_resting), said.picture))
    return tuple(messages)


def way_back(interface: Interface, token: str) -> tuple[Button, ...]:
    """Returns a row with the button that goes back into the open flow; it can be put under any message."""
    return (Button(interface.flows.go_on, FLOW.build(token, 0, Key.ON)),)


def entry(label: str, flow: str) -> Button:
    """Returns a button that begins this flow; it can be put under any message."""
    return Button(label, BEGIN_FLOW.build(flow))


def _text(interface: Interface, said: Said, variant: int) -> str:
    parts = [_line(interface, part, said.title, variant) if isinstance(part, Line) else part for part in said.parts]
    return "\n\n".join(parts)


def _line(interface: Interface, line: Line, title: str, variant: int) -> str:
    house = interface.flows
    if line is Line.WAY_BACK:
        return house.way_back.format(title=title)
    ways = {
        Line.RESTING: house.resting,
        Line.RESTED: house.rested,
        Line.THANKS: house.thanks,
        Line.NOT_ASKED: house.not_asked,
        Line.LEFT: house.left,
        Line.ENDED: house.ended,
        Line.CLOSED: house.closed,
        Line.CHANGED: (house.changed,),
    }[line]
    return ways[variant % len(ways)]


def _rows(interface: Interface, offers: tuple[Offer, ...], start: str, is_resting: bool) -> Rows:
    """The flow's own buttons first, then always in the same place: a minute's rest and the way out."""
    labels = {
        Key.SKIP: interface.flows.skip,
        Key.MINUTE: interface.flows.another_minute if is_resting else interface.flows.minute,
        Key.OUT: interface.flows.out,
        Key.ON: interface.flows.go_on,
    }
    own: list[Button] = []
    house: list[Button] = []
    for offer in offers:
        label = offer.label or labels[Key(offer.key)]
        button = Button(label, copy=offer.copy) if offer.copy else Button(label, f"{start}{offer.key}")
        (house if offer.key in (Key.MINUTE, Key.OUT) else own).append(button)
    return (*paired(own), tuple(house)) if house else paired(own)
