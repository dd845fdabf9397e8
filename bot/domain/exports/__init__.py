"""The JSON of /export: its form, its version, and how it is read back. docs/export.md explains it.

Called by `usecases.exports`, which fills it, and `usecases.imports`, which takes it in. The fields of a part are named
as the columns of its table (`usecases.stored_data`), so that a table joins with a part and a line there.
"""

import json
from collections.abc import Hashable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from bot.domain.exports.fields import MOST_ROWS, Count, Moment
from bot.domain.exports.here import Chat, Conversation, Facilitator, Here, Message, NextTime, Tap
from bot.domain.exports.parts import (
    AppointmentPlan,
    EncryptedPart,
    Favourite,
    HiddenAffirmation,
    LookAsking,
    LookEntry,
    Mix,
    Note,
    OwnSentence,
    Part,
    Reminder,
    SafetyPlan,
    Settings,
    Visit,
)
from bot.domain.notes import MOST_NOTES
from bot.domain.own_sentences import MOST_SENTENCES

__all__ = [
    "FORMAT",
    "MOST_BYTES",
    "MOST_REMINDERS",
    "MOST_ROWS",
    "VERSION",
    "AppointmentPlan",
    "Chat",
    "Conversation",
    "EncryptedPart",
    "Export",
    "ExportError",
    "Facilitator",
    "Favourite",
    "Here",
    "HiddenAffirmation",
    "LookAsking",
    "LookEntry",
    "Message",
    "Mix",
    "NextTime",
    "Note",
    "OwnSentence",
    "Part",
    "Reminder",
    "SafetyPlan",
    "Settings",
    "Tap",
    "Visit",
    "Wrong",
    "read_export",
]

FORMAT: Literal["gentle-tears"] = "gentle-tears"
VERSION: Literal[1] = 1
MOST_BYTES = 1_000_000  # of the file; what one person can have takes a fraction
MOST_REMINDERS = 10  # in one chat; more would be a flood, and a list nobody reads


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
