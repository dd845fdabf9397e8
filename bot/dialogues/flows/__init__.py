"""The flow engine: where we are and an answer in, a Turn out. Pure. Called by `conversations`.

A typed answer is told to it only as "words came": it never sees them.
"""

from collections.abc import Mapping

from bot.content.flows import Step
from bot.dialogues.flows.turn_builder import RESTING_OFFERS, TurnBuilder, beneath_of, key_of, wait_of
from bot.dialogues.flows.types import (
    A_MINUTE,
    IDLE,
    Chose,
    Flows,
    Key,
    Line,
    Mode,
    Offer,
    Opens,
    Position,
    Said,
    Turn,
    Visited,
)

__all__ = [
    "A_MINUTE",
    "IDLE",
    "Chose",
    "Flows",
    "Key",
    "Line",
    "Mode",
    "Offer",
    "Opens",
    "Position",
    "Said",
    "Turn",
    "Visited",
    "begin",
    "close",
    "key_of",
    "say_again",
    "take_typed_text",
    "tap",
    "wake",
]


def begin(
    book: Flows, name: str, *, visits: Mapping[str, int], chosen: Mapping[str, str], over: Position | None = None
) -> Turn:
    """Begin a flow; `over` is where the person is already: they come back to it afterwards."""
    walk = TurnBuilder(book, Position(frames=(), visits=dict(visits), chosen=dict(chosen)))
    if over and over.mode is not Mode.CLOSED and _fits(book, over):
        beneath = beneath_of(over) or over.frames
        if beneath[0].flow != name:
            walk.frames = list(beneath)
        walk.turn = over.turn
    walk.enter(name, is_over=bool(walk.frames))
    return walk.arrive()


def tap(book: Flows, position: Position, turn: int, key: str) -> Turn | None:
    """A button was tapped. None for one that is stale or forged: nothing changes."""
    if not _fits(book, position):
        return _changed()
    walk = TurnBuilder(book, position)
    if key == Key.OUT and (turn == position.turn or position.mode is not Mode.CLOSED):
        return walk.leave()  # from the oldest message too, but a double tap leaves only once
    if key == Key.ON:
        return say_again(book, position) if position.mode is Mode.OPEN else walk.reopen()
    if turn != position.turn:
        return None
    if key == Key.MINUTE:
        return walk.rest()
    if position.mode is Mode.RESTING:
        return None
    step = walk.step
    if key == Key.SKIP and step.collect and step.next:
        return walk.go(step.next)
    choice = next((each for each in step.buttons if key_of(each) == key), None)
    if choice is None:
        return None
    if choice.opens:
        return Turn((), position, wait_of(step), (Opens(choice.opens),), is_again=True)
    return walk.choose(choice) if choice.next else None


def take_typed_text(book: Flows, position: Position) -> Turn | None:
    """Words were typed. None when the place is closed: they were not meant for it."""
    if position.mode is Mode.CLOSED:
        return None
    if not _fits(book, position):
        return _changed()
    walk = TurnBuilder(book, position)
    if position.mode is Mode.OPEN and walk.step.collect and walk.step.next:
        return walk.go(walk.step.next, lead=Line.THANKS)
    offers = walk.offers() if position.mode is Mode.OPEN else RESTING_OFFERS
    return Turn((Said((Line.NOT_ASKED,), offers=offers),), position, _wait_in(position, walk.step), is_again=True)


def wake(book: Flows, position: Position) -> Turn:
    """Its time has come: a wait or a minute is over, or nobody has answered for long."""
    if not _fits(book, position):
        return _changed()
    walk = TurnBuilder(book, position)
    if position.mode is Mode.RESTING:
        return walk.reopen(lead=Line.RESTED)
    if position.mode is Mode.OPEN and walk.step.wait is not None and walk.step.next:
        return walk.go(walk.step.next)
    return close(position)


def close(position: Position) -> Turn:
    """Softly, and once. The buttons on the screen go on working."""
    said = Said((Line.CLOSED,), offers=(Offer(Key.ON),))
    return Turn((said,), position.model_copy(update={"mode": Mode.CLOSED}))


def say_again(book: Flows, position: Position) -> Turn:
    """Where we are, in the same words as before; nothing changes."""
    if not _fits(book, position):
        return _changed()
    walk = TurnBuilder(book, position)
    if position.mode is Mode.RESTING:
        said = Said((Line.RESTING,), offers=RESTING_OFFERS)
    elif position.mode is Mode.CLOSED:
        said = Said((Line.CLOSED,), offers=(Offer(Key.ON),))
    else:
        said = walk.said(offers=walk.offers())
    return Turn((said,), position, _wait_in(position, walk.step), is_again=True)


def _wait_in(position: Position, step: Step) -> int | None:
    match position.mode:
        case Mode.OPEN:
            return wait_of(step)
        case Mode.RESTING:
            return A_MINUTE
        case Mode.CLOSED:
            return None


def _fits(book: Flows, position: Position) -> bool:
    """Whether all steps are still in the book: words may change while someone is in the middle of them."""
    return all(each.flow in book and each.step in book[each.flow].steps for each in position.frames)


def _changed() -> Turn:
    return Turn((Said((Line.CHANGED,)),), None)
