"""What the engine speaks in: a Position, and the Turn that an answer leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.content.flows import Flow

Flows = Mapping[str, Flow]

A_MINUTE = 60  # seconds that "I need a minute" lasts
IDLE = 30 * 60  # seconds after which a conversation closes by itself


class Mode(StrEnum):
    """What the step where we are is doing."""

    OPEN = "open"  # it waits for a tap, for words, or for time to pass
    RESTING = "resting"  # "I need a minute"
    CLOSED = "closed"  # nothing waits any more; the place is kept


class Frame(BaseModel):
    """A step in a flow. `is_over`: it was begun in the middle of the frame beneath, which did not call it."""

    model_config = ConfigDict(frozen=True)

    flow: str
    step: str
    visit: int = 0  # how often it was begun before: chooses between the ways to say something
    is_over: bool = False


class Position(BaseModel):
    """Where a person is. `turn` counts their steps, and stands in the buttons: an old button is known by it."""

    model_config = ConfigDict(frozen=True)

    frames: tuple[Frame, ...]
    mode: Mode = Mode.OPEN
    turn: int = 0
    visits: dict[str, int] = {}
    chosen: dict[str, str] = {}


class Line(StrEnum):
    """What the house says around steps; the words are in interface.yaml, under `flows`."""

    RESTING = "resting"
    RESTED = "rested"
    THANKS = "thanks"
    NOT_ASKED = "not_asked"
    LEFT = "left"
    ENDED = "ended"
    CLOSED = "closed"
    WAY_BACK = "way_back"
    CHANGED = "changed"


class Key(StrEnum):
    """Buttons that every step has without its author."""

    SKIP = "skip"
    MINUTE = "minute"
    OUT = "out"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its key, with a label of its own or, for a Key, the house's."""

    key: str
    label: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message: lines of the house and a step's words, in this order, with the buttons under them."""

    parts: tuple[Line | str, ...]
    picture: str = ""
    offers: tuple[Offer, ...] = ()
    title: str = ""  # of the flow that waits, for WAY_BACK


@dataclass(frozen=True, slots=True)
class Visited:
    """A flow was begun."""

    flow: str


@dataclass(frozen=True, slots=True)
class Chose:
    """A button was chosen where the last choice stands first."""

    flow: str
    key: str


@dataclass(frozen=True, slots=True)
class Opens:
    """Something is shown over the flow: `support` or `affirmation`."""

    what: str


Action = Visited | Chose | Opens


@dataclass(frozen=True, slots=True)
class Turn:
    """What to say, in this order, where we are then (None: at the end), and what else to do."""

    says: tuple[Said, ...]
    position: Position | None
    wait: int | None = None  # seconds until `wake`; None: nothing more happens by itself
    actions: tuple[Action, ...] = ()
    is_again: bool = False  # nothing has changed: it only says again where we are
