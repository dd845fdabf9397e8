"""Builds one Turn: goes from step to step, into called flows and back, until a step waits. Called by `flows`."""

import zlib
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bot.content.flows import END, FlowButton, Flows, Step
from bot.dialogues.flows.types import (
    A_MINUTE,
    IDLE,
    Action,
    Chose,
    Frame,
    Key,
    Line,
    Mode,
    Offer,
    Position,
    Said,
    Turn,
    Visited,
)

RESTING_OFFERS = (Offer(Key.ON), Offer(Key.MINUTE), Offer(Key.OUT))


class _Move(Enum):
    """The result of going on to a step or to END."""

    TO_STEP = auto()  # a step is the current one
    TO_END = auto()  # the outermost flow is over
    TO_INTERRUPTED = auto()  # a flow is over that had interrupted another


@dataclass(slots=True)
class TurnBuilder:
    """The state of a Turn that is being built; `start` is the position before it."""

    flows: Flows
    start: Position
    frames: list[Frame] = field(default_factory=list)
    says: list[Said] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    visits: dict[str, int] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    turn: int = 0

    def __post_init__(self) -> None:
        self.frames = list(self.start.frames)
        self.visits, self.chosen, self.turn = dict(self.start.visits), dict(self.start.chosen), self.start.turn

    @property
    def step(self) -> Step:
        """The current step."""
        return self.flows[self.frames[-1].flow].steps[self.frames[-1].step]

    def enter(self, name: str, *, is_over: bool = False) -> None:
        """Begins a flow above the current frame and counts the visit. `is_over`: it interrupts, and was not called."""
        visit = self.visits.get(name, 0)
        self.visits[name] = visit + 1
        self.actions.append(Visited(name))
        self.frames.append(Frame(flow=name, step=self.flows[name].first, visit=visit, is_over=is_over))

    def go(self, name: str, *, lead: Line | None = None) -> Turn:
        """Goes on to a step, or to END. `lead` is said first."""
        move = self._move(name)
        return self.arrive(lead=lead) if move is _Move.TO_STEP else self._return(move, lead)

    def choose(self, choice: FlowButton) -> Turn:
        """Goes on where a tapped button leads, and remembers it where the last choice comes first."""
        frame, key = self.frames[-1], key_of(choice)
        if self.step.last_first:
            self.chosen[frame.flow] = key
            self.actions.append(Chose(frame.flow, key))
        return self.go(choice.next[frame.visit % len(choice.next)])

    def leave(self) -> Turn:
        """Leaves the flow and all that it called; a flow that it interrupted keeps its place."""
        beneath = beneath_of(self.start)
        self.frames = list(beneath)
        return self._return(_Move.TO_INTERRUPTED if beneath else _Move.TO_END, Line.LEFT)

    def rest(self) -> Turn:
        """Rests for a minute at the current step."""
        position = self._position(Mode.RESTING)
        return Turn((Said((Line.RESTING,), offers=RESTING_OFFERS),), position, A_MINUTE)

    def reopen(self, *, lead: Line | None = None) -> Turn:
        """Says the current step again, and waits for its answer."""
        said = _with_lead(lead, self.said(offers=self.offers()))
        return Turn((said,), self._position(Mode.OPEN), wait_of(self.step))

    def arrive(self, *, lead: Line | None = None) -> Turn:
        """Says the current step and those that follow at once, up to a step that waits, or to the end."""
        while True:
            step = self.step
            if step.call:
                if step.say:
                    self.says.append(self.said())
                self.enter(step.call)
                continue
            if not step.is_passed_through:
                self.says.append(self.said(offers=self.offers()))
                self.says[0] = _with_lead(lead, self.says[0])
                return Turn(tuple(self.says), self._position(Mode.OPEN), wait_of(step), tuple(self.actions))
            self.says.append(self.said())
            move = self._move(step.next or END)
            if move is not _Move.TO_STEP:
                return self._return(move, lead)

    def said(self, *, offers: tuple[Offer, ...] = ()) -> Said:
        """Returns the message of the current step; of several variants, visits take turns."""
        step, visit = self.step, self.frames[-1].visit
        return Said((step.say[visit % len(step.say)],), step.picture or "", offers)

    def offers(self) -> tuple[Offer, ...]:
        """Returns the buttons of the current step."""
        step, last = self.step, self.chosen.get(self.frames[-1].flow)
        buttons = list(step.buttons)
        if step.last_first:
            buttons.sort(key=lambda button: key_of(button) != last)
        own = [Offer(key_of(button), button.label, button.copy_text or "") for button in buttons]
        skip = [Offer(Key.SKIP)] if step.collect else []
        return (*own, *skip, Offer(Key.MINUTE), Offer(Key.OUT))

    def _move(self, name: str) -> _Move:
        """Makes a step the current one; at END goes on in the flow that called this one."""
        while name == END:
            ended = self.frames.pop()
            if ended.is_over or not self.frames:
                return _Move.TO_INTERRUPTED if self.frames else _Move.TO_END
            name = self.step.next or END
        self.frames[-1] = self.frames[-1].model_copy(update={"step": name})
        return _Move.TO_STEP

    def _return(self, move: _Move, lead: Line | None) -> Turn:
        """Leaves a flow that is over: to the end, or back to the flow that it interrupted."""
        if not self.says:
            self.says.append(Said((Line.LEFT if lead is Line.LEFT else Line.ENDED,)))
        self.says[0] = _with_lead(None if lead is Line.LEFT else lead, self.says[0])
        if move is _Move.TO_END:
            return Turn(tuple(self.says), None, None, tuple(self.actions))
        title, last = self.flows[self.frames[-1].flow].title, self.says[-1]
        self.says[-1] = Said((*last.parts, Line.WAY_BACK), last.picture, (Offer(Key.ON), Offer(Key.OUT)), title)
        return Turn(tuple(self.says), self._position(Mode.CLOSED), None, tuple(self.actions))

    def _position(self, mode: Mode) -> Position:
        return Position(
            frames=tuple(self.frames), mode=mode, turn=self.turn + 1, visits=self.visits, chosen=self.chosen
        )


def beneath_of(position: Position) -> tuple[Frame, ...]:
    """Returns the frames that were interrupted last; empty if none were."""
    for index in range(len(position.frames) - 1, -1, -1):
        if position.frames[index].is_over:
            return position.frames[:index]
    return ()


def wait_of(step: Step) -> int:
    """Returns how many seconds a step waits before `wake`."""
    return IDLE if step.wait is None else step.wait


def key_of(choice: FlowButton) -> str:
    """Returns a button's key for callback data. It depends on the label only, not on the button's place."""
    return f"{zlib.crc32(choice.label.encode()):08x}"


def _with_lead(lead: Line | None, said: Said) -> Said:
    return replace(said, parts=(lead, *said.parts)) if lead else said
