"""The values of the flow engine: a Position, and the Turn that follows an answer. Called by `flows`."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

A_MINUTE = 60  # seconds that "I need a minute" lasts
IDLE = 30 * 60  # seconds after which a conversation closes by itself


class Mode(StrEnum):
    """The state of the current step."""

    OPEN = "open"  # it waits for a tap, a text, or time to pass
    RESTING = "resting"  # after "I need a minute"
    CLOSED = "closed"  # nothing waits; the position is kept


class Frame(BaseModel):
    """A step in a flow. `is_over`: the flow interrupted the frame beneath, which did not call it."""

    model_config = ConfigDict(frozen=True)

    flow: str
    step: str
    visit: int = 0  # how often the flow was begun before; chooses between variants
    is_over: bool = False


class Position(BaseModel):
    """Where a person is. `turn` counts their turns; callback data holds it, so that old buttons are recognized."""

    model_config = ConfigDict(frozen=True)

    frames: tuple[Frame, ...]
    mode: Mode = Mode.OPEN
    turn: int = 0
    visits: dict[str, int] = {}
    chosen: dict[str, str] = {}


class Line(StrEnum):
    """Texts around steps; they are in interface.yaml, under `flows`."""

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
    """Buttons that steps have without being written in the flow."""

    SKIP = "skip"
    MINUTE = "minute"
    OUT = "out"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its key and label, which is empty for a Key; `copy` is the text that it copies."""

    key: str
    label: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message: Lines and the texts of steps, in this order, with the buttons below."""

    parts: tuple[Line | str, ...]
    picture: str = ""
    offers: tuple[Offer, ...] = ()
    title: str = ""  # of the interrupted flow, for WAY_BACK


@dataclass(frozen=True, slots=True)
class Visited:
    """A flow was begun."""

    flow: str


@dataclass(frozen=True, slots=True)
class Chose:
    """A button was chosen in a step with `last_first`."""

    flow: str
    key: str


@dataclass(frozen=True, slots=True)
class Opens:
    """Shows something beside the flow: `support` or `affirmation`."""

    what: str


Action = Visited | Chose | Opens


@dataclass(frozen=True, slots=True)
class Turn:
    """What to say, in this order; the position after it (None: the end); and what else to do."""

    says: tuple[Said, ...]
    position: Position | None
    wait: int | None = None  # seconds until `wake`; None: nothing more happens by itself
    actions: tuple[Action, ...] = ()
    is_again: bool = False  # it repeats the current step; nothing has changed
