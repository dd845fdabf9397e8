"""The parts of an export: a row of each table, as a person may read it, with what is taken back in. See `exports`."""

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from bot.domain.appointments import Appointments
from bot.domain.exports.fields import (
    EARLIEST,
    LATEST,
    MOST_ROWS,
    Count,
    Cursor,
    DayWords,
    Moment,
    Name,
    NoteText,
    OwnText,
    Rule,
    Sentence,
    Words,
    zone_name,
)
from bot.domain.look_back import Colour, DayWord
from bot.domain.safety_plan import LONGEST_PLAN, PARTS, Plan, units
from bot.domain.schedule import QuietHours


class Part(BaseModel):
    """Base of all parts: frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    json_fields: ClassVar[frozenset[str]] = frozenset()  # whose columns hold JSON as text


class EncryptedPart(Part):
    """A row with an encrypted column; here its text stands in clear, as the field `text` or as a part says."""

    @classmethod
    def from_text(cls, text: str) -> Mapping[str, object]:
        """Returns the fields that a decrypted text gives."""
        return {"text": text}

    def to_text(self) -> str | None:
        """Returns the text to encrypt; None where there is none."""
        text: str | None = getattr(self, "text", None)
        return text

    @classmethod
    def text_fields(cls) -> frozenset[str]:
        """Returns the fields that stand for the encrypted column."""
        return frozenset({"text"})


def _plan(value: object) -> object:
    """Takes appointments only in the form in which they are stored."""
    try:
        plan = Appointments.from_stored(json.dumps(value))
    except (TypeError, ValueError):
        raise ValueError("holds no appointments that can be read") from None
    return json.loads(plan.to_json())


class Settings(Part):
    """What was chosen, and how far the chat is in the messages: columns of `chats`."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None
    practice: Annotated[Words, StringConstraints(max_length=40)] | None
    zone: Annotated[Name, AfterValidator(zone_name)] | None
    home_zone: Annotated[Name, AfterValidator(zone_name)] | None = None  # on a journey
    travels_until: Moment | None = None
    is_asked: bool = True  # after months of silence, whether it should go on
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None
    quiet_start: time | None
    quiet_end: time | None
    is_silent: bool
    shows_pictures: bool
    left_out: tuple[Name, ...] = Field(max_length=MOST_ROWS)
    clock: Literal[12, 24] | None
    paused_until: Moment | None
    stopped_at: Moment | None
    seed: Count
    rotation_cycle: Count
    rotation_cursor: Cursor

    @field_validator("left_out")
    @classmethod
    def _are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("," in name or not name for name in value):
            raise ValueError("holds a name that is none")
        return tuple(sorted(set(value)))

    @model_validator(mode="after")
    def _leaves_waking_hours(self) -> Self:
        if (self.quiet_start is None) != (self.quiet_end is None):
            raise ValueError("has only one end of quiet hours")
        if self.quiet_start is not None and self.quiet_end is not None:
            QuietHours(self.quiet_start, self.quiet_end)
        return self


class Reminder(EncryptedPart):
    """A reminder, with its own text if it has one. When it is due next is computed anew where it is brought in."""

    rule: Rule
    is_paused: bool
    skip_until: Moment | None = None
    is_paired: bool = False
    created_at: Moment
    themes: Annotated[Words, StringConstraints(min_length=1, max_length=2_000)] | None = None
    themes_cycle: Count = 0
    themes_cursor: Cursor = -1
    text: OwnText | None = None


class Note(EncryptedPart):
    """A note for a session."""

    text: NoteText
    kept_at: Moment
    gone_at: Moment


class OwnSentence(EncryptedPart):
    """A sentence of the person's own."""

    text: Sentence
    added_at: Moment


class Mix(Part):
    """What reminders draw from: own sentences, and only favourites."""

    share: Literal["only", "half", "sometimes", "off"]  # own_sentences.Share
    only_kept: bool
    cycle: Count
    cursor: Cursor
    others: Count


class LookEntry(EncryptedPart):
    """How a day was: a word or a colour."""

    day: Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
    word: DayWords | None = None
    colour: Colour | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.word is None) == (self.colour is None):
            raise ValueError("has to hold either a word or a colour")
        return self

    @classmethod
    def from_text(cls, text: str) -> Mapping[str, object]:
        """Returns the word or the colour of a stored text."""
        said = DayWord.from_text(text)
        return {"word": said.word or None, "colour": said.colour}

    def to_text(self) -> str:
        """Returns it as it is stored."""
        return DayWord(self.word or "", self.colour).to_text()

    @classmethod
    def text_fields(cls) -> frozenset[str]:
        """Returns the fields that stand for the encrypted column."""
        return frozenset({"word", "colour"})


class LookAsking(Part):
    """When to ask how a day is."""

    rule: Rule


class AppointmentPlan(Part):
    """When therapy sessions are, and what was chosen to get around them."""

    json_fields = frozenset({"plan"})

    plan: Annotated[Any, AfterValidator(_plan)]  # Any: JSON of domain.appointments.Appointments
    updated_at: Moment


class Favourite(Part):
    """A message that was kept: which one, not its words."""

    affirmation_id: Name
    added_at: Moment


class HiddenAffirmation(Part):
    """A message that is not to come any more."""

    affirmation_id: Name
    hidden_at: Moment


class Visit(Part):
    """How often an exercise or a reflection was begun, and what was chosen in it last."""

    flow: Annotated[Words, StringConstraints(max_length=60)]
    count: Count
    chosen: Annotated[Words, StringConstraints(max_length=16)] | None


class SafetyPlan(EncryptedPart):
    """A safety plan, by part (`domain.safety_plan`)."""

    parts: dict[str, Words]
    updated_at: Moment

    @field_validator("parts")
    @classmethod
    def _fits(cls, value: dict[str, str]) -> dict[str, str]:
        if not value or not value.keys() <= set(PARTS) or not all(value.values()):
            raise ValueError("has a part that is none, or one that says nothing")
        if sum(map(units, value.values())) > LONGEST_PLAN:
            raise ValueError(f"is longer than {LONGEST_PLAN} characters")
        return value

    @classmethod
    def from_text(cls, text: str) -> Mapping[str, object]:
        """Returns the parts of a stored plan."""
        return {"parts": dict(Plan.from_stored(text).parts)}

    def to_text(self) -> str:
        """Returns the plan as it is stored."""
        return Plan(self.parts).to_json()

    @classmethod
    def text_fields(cls) -> frozenset[str]:
        """Returns the field that stands for the encrypted column."""
        return frozenset({"parts"})
