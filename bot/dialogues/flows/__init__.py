"""The flow engine: takes a position and an answer, returns a Turn. Pure. Called by `usecases.conversations`.

It learns that a person typed something, and never what.
"""

from collections.abc import Mapping

from bot.content.flows import Flows, Step
from bot.dialogues.flows.turn_builder import RESTING_OFFERS, TurnBuilder, beneath_of, key_of, wait_of
from bot.dialogues.flows.types import (
    A_MINUTE,
    IDLE,
    Chose,
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
    "Key",
    "Line",
    "Mode",
    "Offer",
    "Opens",
    "Position",
    "Said",
    "Turn",
    "Visited",
    "asks_for_words",
    "begin",
    "close",
    "key_of",
    "say_again",
    "take_typed_text",
    "tap",
    "wake",
]


def begin(
    flows: Flows, name: str, *, visits: Mapping[str, int], chosen: Mapping[str, str], over: Position | None = None
) -> Turn:
    """Begins a flow. `over` is the position that it interrupts and returns to; `visits` counts visits by flow."""
    builder = TurnBuilder(flows, Position(frames=(), visits=dict(visits), chosen=dict(chosen)))
    if over and over.mode is not Mode.CLOSED and _fits(flows, over):
        beneath = beneath_of(over) or over.frames
        if beneath[0].flow != name:
            builder.frames = list(beneath)
        builder.turn = over.turn
    builder.enter(name, is_over=bool(builder.frames))
    return builder.arrive()


def tap(flows: Flows, position: Position, turn: int, key: str) -> Turn | None:
    """Answers a tap. Returns None for a stale or forged button: nothing changes."""
    if not _fits(flows, position):
        return _changed()
    builder = TurnBuilder(flows, position)
    if key == Key.OUT and (turn == position.turn or position.mode is not Mode.CLOSED):
        return builder.leave()  # from the oldest message too, but a double tap leaves only once
    if key == Key.ON:
        return say_again(flows, position) if position.mode is Mode.OPEN else builder.reopen()
    if turn != position.turn:
        return None
    if key == Key.MINUTE:
        return builder.rest()
    if position.mode is Mode.RESTING:
        return None
    step = builder.step
    if key == Key.SKIP and step.collect and step.next:
        return builder.go(step.next)
    choice = next((button for button in step.buttons if key_of(button) == key), None)
    if choice is None:
        return None
    if choice.opens:
        return Turn((), position, wait_of(step), (Opens(choice.opens),), is_again=True)
    return builder.choose(choice) if choice.next else None


def take_typed_text(flows: Flows, position: Position) -> Turn | None:
    """Answers typed text, which is not passed. Returns None when closed: the text was not meant for the flow."""
    if position.mode is Mode.CLOSED:
        return None
    if not _fits(flows, position):
        return _changed()
    builder = TurnBuilder(flows, position)
    if position.mode is Mode.OPEN and builder.step.collect and builder.step.next:
        return builder.go(builder.step.next, lead=Line.THANKS)
    offers = builder.offers() if position.mode is Mode.OPEN else RESTING_OFFERS
    return Turn((Said((Line.NOT_ASKED,), offers=offers),), position, _wait_in(position, builder.step), is_again=True)


def asks_for_words(flows: Flows, position: Position) -> bool:
    """Returns whether the current step waits for typed words."""
    return position.mode is Mode.OPEN and _fits(flows, position) and TurnBuilder(flows, position).step.collect


def wake(flows: Flows, position: Position) -> Turn:
    """Goes on when a wait or a minute's rest is over, or closes a conversation that nobody answers."""
    if not _fits(flows, position):
        return _changed()
    builder = TurnBuilder(flows, position)
    if position.mode is Mode.RESTING:
        return builder.reopen(lead=Line.RESTED)
    if position.mode is Mode.OPEN and builder.step.wait is not None and builder.step.next:
        return builder.go(builder.step.next)
    return close(position)


def close(position: Position) -> Turn:
    """Closes a conversation and says so. Its buttons go on working."""
    said = Said((Line.CLOSED,), offers=(Offer(Key.ON),))
    return Turn((said,), position.model_copy(update={"mode": Mode.CLOSED}))


def say_again(flows: Flows, position: Position) -> Turn:
    """Repeats the current step in the same words; nothing changes."""
    if not _fits(flows, position):
        return _changed()
    builder = TurnBuilder(flows, position)
    if position.mode is Mode.RESTING:
        said = Said((Line.RESTING,), offers=RESTING_OFFERS)
    elif position.mode is Mode.CLOSED:
        said = Said((Line.CLOSED,), offers=(Offer(Key.ON),))
    else:
        said = builder.said(offers=builder.offers())
    return Turn((said,), position, _wait_in(position, builder.step), is_again=True)


def _wait_in(position: Position, step: Step) -> int | None:
    match position.mode:
        case Mode.OPEN:
            return wait_of(step)
        case Mode.RESTING:
            return A_MINUTE
        case Mode.CLOSED:
            return None


def _fits(flows: Flows, position: Position) -> bool:
    """Whether all steps of the position still exist: texts may be replaced during a conversation."""
    return all(frame.flow in flows and frame.step in flows[frame.flow].steps for frame in position.frames)


def _changed() -> Turn:
    return Turn((Said((Line.CHANGED,)),), None)
