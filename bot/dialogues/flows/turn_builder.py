"""One turn while it is being made: from step to step, through calls and back, until something waits."""

import zlib
from dataclasses import dataclass, field, replace

from bot.content.flows import END, Choice, Step
from bot.dialogues.flows.types import (
    A_MINUTE,
    IDLE,
    Action,
    Chose,
    Flows,
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


@dataclass(slots=True)
class TurnBuilder:
    """One turn while it is being made."""

    book: Flows
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
        return self.book[self.frames[-1].flow].steps[self.frames[-1].step]

    def enter(self, name: str, *, is_over: bool = False) -> None:
        visit = self.visits.get(name, 0)
        self.visits[name] = visit + 1
        self.actions.append(Visited(name))
        self.frames.append(Frame(flow=name, step=self.book[name].first, visit=visit, is_over=is_over))

    def go(self, name: str, *, lead: Line | None = None) -> Turn:
        """On to a step, or to the end."""
        interrupted = self._move(name)
        return self.arrive(lead=lead) if interrupted is None else self._return(interrupted, lead)

    def choose(self, choice: Choice) -> Turn:
        frame, key = self.frames[-1], key_of(choice)
        if self.step.last_first:
            self.chosen[frame.flow] = key
            self.actions.append(Chose(frame.flow, key))
        return self.go(choice.next[frame.visit % len(choice.next)])

    def leave(self) -> Turn:
        """Out of all of it; what it was begun over keeps its place."""
        beneath = beneath_of(self.start)
        self.frames = list(beneath)
        return self._return(bool(beneath), Line.LEFT)

    def rest(self) -> Turn:
        position = self._position(Mode.RESTING)
        return Turn((Said((Line.RESTING,), offers=RESTING_OFFERS),), position, A_MINUTE)

    def reopen(self, *, lead: Line | None = None) -> Turn:
        said = _with_lead(lead, self.said(offers=self.offers()))
        return Turn((said,), self._position(Mode.OPEN), wait_of(self.step))

    def arrive(self, *, lead: Line | None = None) -> Turn:
        """Say the step where we are, and all that are only passed through, up to one that waits, or the end."""
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
            interrupted = self._move(step.next or END)
            if interrupted is not None:
                return self._return(interrupted, lead)

    def said(self, *, offers: tuple[Offer, ...] = ()) -> Said:
        step, visit = self.step, self.frames[-1].visit
        return Said((step.say[visit % len(step.say)],), step.picture or "", offers)

    def offers(self) -> tuple[Offer, ...]:
        step, last = self.step, self.chosen.get(self.frames[-1].flow)
        buttons = list(step.buttons)
        if step.last_first:
            buttons.sort(key=lambda each: key_of(each) != last)
        own = [Offer(key_of(each), each.label, each.copy_text or "") for each in buttons]
        skip = [Offer(Key.SKIP)] if step.collect else []
        return (*own, *skip, Offer(Key.MINUTE), Offer(Key.OUT))

    def _move(self, name: str) -> bool | None:
        """Set the next step, coming up out of flows that end. At the very end: whether something was interrupted."""
        while name == END:
            ended = self.frames.pop()
            if ended.is_over or not self.frames:
                return bool(self.frames)
            name = self.step.next or END
        self.frames[-1] = self.frames[-1].model_copy(update={"step": name})
        return None

    def _return(self, is_interrupted: bool, lead: Line | None) -> Turn:
        """Out of a flow that is over: to the end, or to the place that it was begun over."""
        if not self.says:
            self.says.append(Said((Line.LEFT if lead is Line.LEFT else Line.ENDED,)))
        self.says[0] = _with_lead(None if lead is Line.LEFT else lead, self.says[0])
        if not is_interrupted:
            return Turn(tuple(self.says), None, None, tuple(self.actions))
        title, last = self.book[self.frames[-1].flow].title, self.says[-1]
        self.says[-1] = Said((*last.parts, Line.WAY_BACK), last.picture, (Offer(Key.ON), Offer(Key.OUT)), title)
        return Turn(tuple(self.says), self._position(Mode.CLOSED), None, tuple(self.actions))

    def _position(self, mode: Mode) -> Position:
        return Position(
            frames=tuple(self.frames), mode=mode, turn=self.turn + 1, visits=self.visits, chosen=self.chosen
        )


def beneath_of(position: Position) -> tuple[Frame, ...]:
    """The frames that the newest interruption lies over."""
    for index in range(len(position.frames) - 1, -1, -1):
        if position.frames[index].is_over:
            return position.frames[:index]
    return ()


def wait_of(step: Step) -> int:
    return IDLE if step.wait is None else step.wait


def key_of(choice: Choice) -> str:
    """A button's key: the same wherever it stands in the row, another when its words were changed."""
    return f"{zlib.crc32(choice.label.encode()):08x}"


def _with_lead(lead: Line | None, said: Said) -> Said:
    return replace(said, parts=(lead, *said.parts)) if lead else said
