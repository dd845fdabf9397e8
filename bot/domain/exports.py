"""The JSON of /export: its form, its version, and how it is read back. docs/export.md explains it.

Called by `usecases.exports`, which fills it, and `usecases.imports`, which takes it in. The fields of a part are named
as the columns of its table (`usecases.stored_data`), so that a table joins with a part and a line there.
"""

import json
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.domain.appointments import Appointments
from bot.domain.look_back import LONGEST_WORD, Colour, DayWord
from bot.domain.notes import LONGEST_NOTE, MOST_NOTES
from bot.domain.own_sentences import LONGEST_SENTENCE, MOST_SENTENCES
from bot.domain.own_text import LONGEST_TEXT
from bot.domain.safety_plan import LONGEST_PLAN, PARTS, Plan, units
from bot.domain.schedule import QuietHours, read_rule
from bot.domain.zones import known_zone

FORMAT: Literal["gentle-tears"] = "gentle-tears"
VERSION: Literal[1] = 1
MOST_BYTES = 1_000_000  # of the file; what one person can have takes a fraction
MOST_REMINDERS = 10  # in one chat; more would be a flood, and a list nobody reads
MOST_ROWS = 2_000  # of any other kind
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_INTEGER = 2**31 - 1  # what a column holds


class Wrong(StrEnum):
    """Why a file is not taken; each has a text in `interface.bring.wrong`."""

    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    NOT_OURS = "not_ours"
    VERSION = "version"
    VALUE = "value"


class ExportError(Exception):
    """A file that cannot be taken. `where` is the place in it, such as "reminders, 2, rule"; neither quotes a value."""

    def __init__(self, wrong: Wrong, where: str = "", why: str = "") -> None:
        super().__init__(f"{wrong}: {where} {why}".strip())
        self.wrong, self.where, self.why = wrong, where, why


def _plain(text: str) -> str:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a character that no text has")
    return text


def _in_utc(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("is no moment of this time")
    return moment.astimezone(UTC)


def _rule(text: str) -> str:
    try:
        read_rule(text)
    except ValueError:
        raise ValueError("is no rule of a reminder") from None
    return text


def _zone(name: str) -> str:
    if known_zone(name) is None:
        raise ValueError("is no time zone")
    return name


Words = Annotated[str, AfterValidator(_plain)]
Name = Annotated[Words, StringConstraints(max_length=64)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Rule = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_rule)]
Count = Annotated[int, Field(ge=0, le=MOST_INTEGER)]
Cursor = Annotated[int, Field(ge=-1, le=MOST_INTEGER)]


def _fits(most: int) -> AfterValidator:
    """Returns a validator for a text of 1 to `most` UTF-16 units."""

    def check(text: str) -> str:
        if not text or units(text) > most:
            raise ValueError(f"says nothing, or is longer than {most} characters")
        return text

    return AfterValidator(check)


OwnText = Annotated[Words, _fits(LONGEST_TEXT)]
NoteText = Annotated[Words, _fits(LONGEST_NOTE)]
DayWords = Annotated[Words, _fits(LONGEST_WORD)]
Sentence = Annotated[Words, _fits(LONGEST_SENTENCE)]


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
    zone: Annotated[Name, AfterValidator(_zone)] | None
    home_zone: Annotated[Name, AfterValidator(_zone)] | None = None  # on a journey
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


class Chat(Part):
    """What only this server can use of the chat itself."""

    telegram_id: int
    kind: str
    created_at: Moment
    last_seen_at: Moment | None
    asked_at: Moment | None
    hushed_until: Moment | None
    caught_up_at: Moment | None


class NextTime(Part):
    """When a reminder is due next; `reminder` counts them from 1."""

    reminder: int
    due_at: Moment


class Message(Part):
    """What was due in the last days, and what became of it."""

    kind: str
    affirmation_id: str | None
    notice_ref: str | None
    occurrence_at: Moment
    send_after: Moment
    send_before: Moment
    state: str
    claimed_until: Moment | None
    attempts: int
    sent_at: Moment | None
    error: str | None


class Conversation(Part):
    """A question or a flow that is open: the step, and what was chosen so far."""

    json_fields = frozenset({"draft"})

    subject: str
    step: str
    draft: Any  # whatever JSON the subject keeps
    wake_at: Moment | None
    updated_at: Moment


class Facilitator(Part):
    """A group or channel that this person set up."""

    telegram_id: int  # of the group or channel
    thread_id: int
    since: Moment


class Tap(Part):
    """A tap under a message in a group or channel."""

    telegram_id: int  # of the group or channel
    message_id: int
    kind: str
    is_counted: bool
    posted_at: Moment


class Here(Part):
    """What is of use on this server only: shown, and not brought along."""

    chat: Chat | None = None
    next_times: tuple[NextTime, ...] = ()
    messages: tuple[Message, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    facilitators: tuple[Facilitator, ...] = ()
    taps: tuple[Tap, ...] = ()


class Export(Part):
    """Everything that is stored about one person."""

    format: Literal["gentle-tears"] = FORMAT
    version: Literal[1] = VERSION
    exported_at: Moment
    settings: Settings | None
    reminders: Annotated[tuple[Reminder, ...], Field(max_length=MOST_REMINDERS)] = ()
    safety_plan: Annotated[tuple[SafetyPlan, ...], Field(max_length=1)] = ()
    notes: Annotated[tuple[Note, ...], Field(max_length=MOST_NOTES)] = ()
    own_sentences: Annotated[tuple[OwnSentence, ...], Field(max_length=MOST_SENTENCES)] = ()
    mix: Annotated[tuple[Mix, ...], Field(max_length=1)] = ()
    look_back: Annotated[tuple[LookEntry, ...], Field(max_length=MOST_ROWS)] = ()
    look_asking: Annotated[tuple[LookAsking, ...], Field(max_length=1)] = ()
    appointments: Annotated[tuple[AppointmentPlan, ...], Field(max_length=1)] = ()
    favourites: Annotated[tuple[Favourite, ...], Field(max_length=MOST_ROWS)] = ()
    hidden: Annotated[tuple[HiddenAffirmation, ...], Field(max_length=MOST_ROWS)] = ()
    visits: Annotated[tuple[Visit, ...], Field(max_length=MOST_ROWS)] = ()
    unreadable: dict[str, Count] = Field(default_factory=dict)  # field -> rows that no key opens
    here: Any = Field(default_factory=Here)  # a Here; what a file says there is not read

    @field_validator("favourites", "hidden", "visits", "look_back")
    @classmethod
    def _are_each_there_once(cls, value: tuple[Part, ...]) -> tuple[Part, ...]:
        names = ("affirmation_id", "flow", "day")
        keys: list[Hashable] = [next(getattr(part, name) for name in names if hasattr(part, name)) for part in value]
        if len(set(keys)) < len(keys):
            raise ValueError("names one twice")
        return value

    def to_json(self) -> str:
        """Returns the file: JSON that a person can read, too."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def read_export(content: bytes) -> Export:
    """Reads a file. Raises ExportError, which says what is wrong and where, and quotes nothing."""
    if len(content) > MOST_BYTES:
        raise ExportError(Wrong.TOO_BIG)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ExportError(Wrong.NOT_JSON) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ExportError(Wrong.NOT_OURS)
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        raise ExportError(Wrong.VERSION)
    try:
        return Export.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise ExportError(Wrong.VALUE, _place(first["loc"]), first["msg"]) from None


def _place(steps: tuple[int | str, ...]) -> str:
    """Returns the way to a value; rows are counted from 1."""
    return ", ".join(str(step + 1) if isinstance(step, int) else step for step in steps)
