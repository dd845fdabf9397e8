"""A turn of a flow as messages: the house's lines in the words of this visit, and the buttons with their data."""

from bot.content.interface import Interface
from bot.dialogues.flows import Key, Line, Mode, Offer, Said, Turn
from bot.screens.callback_data import BEGIN_FLOW, FLOW
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired


def say_turn(words: Interface, turn: Turn, token: str, *, lead: str = "") -> tuple[OutgoingMessage, ...]:
    """What to send, in this order; `lead` opens the first message."""
    number = turn.position.turn if turn.position else 0
    is_resting = turn.position is not None and turn.position.mode is Mode.RESTING
    # Each conversation begins somewhere else in what the house says around the steps.
    variant = int(token, 16) + number
    start = FLOW.build(token, number, "")
    messages: list[OutgoingMessage] = []
    for said in turn.says:
        text = "\n\n".join(filter(None, (lead if not messages else "", _text(words, said, variant))))
        messages.append(OutgoingMessage(text, _rows(words, said.offers, start, is_resting), said.picture))
    return tuple(messages)


def way_back(words: Interface, token: str) -> tuple[Button, ...]:
    """A row that leads back into a flow, from wherever it stands."""
    return (Button(words.flows.go_on, FLOW.build(token, 0, Key.ON)),)


def entry(label: str, flow: str) -> Button:
    """A button that begins a flow, under any message."""
    return Button(label, BEGIN_FLOW.build(flow))


def _text(words: Interface, said: Said, variant: int) -> str:
    parts = [_line(words, part, said.title, variant) if isinstance(part, Line) else part for part in said.parts]
    return "\n\n".join(parts)


def _line(words: Interface, line: Line, title: str, variant: int) -> str:
    house = words.flows
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


def _rows(words: Interface, offers: tuple[Offer, ...], start: str, is_resting: bool) -> Rows:
    """The author's buttons first; then, always in the same place, a minute and the way out."""
    labels = {
        Key.SKIP: words.flows.skip,
        Key.MINUTE: words.flows.another_minute if is_resting else words.flows.minute,
        Key.OUT: words.flows.out,
        Key.ON: words.flows.go_on,
    }
    own: list[Button] = []
    house: list[Button] = []
    for each in offers:
        label = each.label or labels[Key(each.key)]
        button = Button(label, copy=each.copy) if each.copy else Button(label, f"{start}{each.key}")
        (house if each.key in (Key.MINUTE, Key.OUT) else own).append(button)
    return (*paired(own), tuple(house)) if house else paired(own)
