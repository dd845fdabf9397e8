"""The models of flows: scripted conversations, one per file. Called by `load`."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.content.affirmations import Identifier, Source
from bot.content.texts import Label, Texts, entries, form, holds

END = "END"
# The flow that each command begins, and each deep link with the command's name as its payload.
FLOWS_OF_COMMANDS = {
    "ground": "grounding",
    "reflect": "reflection",
    "before": "before-a-session",
    "after": "after-a-session",
}
SHARED_GROUNDING = "grounding-in-a-group"  # /ground in a group begins it
ARRIVING = "arriving-together"  # the beginning of a circle
MIN_WAIT_SECONDS, MAX_WAIT_SECONDS = 5, 15 * 60
MAX_CAPTION_CHARACTERS = 500  # Telegram takes 1024 in a caption, and the lines before and after need room too
MOST_BUTTONS = 8  # even these are many for a person in distress

StepName = Annotated[
    str,
    form(
        r"^[a-z][a-z0-9-]{0,39}$|^END$", "a step's name, small letters, digits and hyphens, such as look-around; or END"
    ),
]
# Reading is hard for a person in distress, so this is far below Telegram's limit for a message.
StepText = Annotated[str, holds(limit=900)]


def _as_list(value: Any) -> Any:  # Any: whatever stands in the file
    return [value] if isinstance(value, str) else value


def _as_seconds(value: Any) -> Any:  # Any: whatever stands in the file
    found = re.fullmatch(r"(\d{1,4}) (second|minute)s?", value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError('is not a length of time; write it like "40 seconds" or "2 minutes"')
    seconds = int(found[1]) * (60 if found[2] == "minute" else 1)
    if not MIN_WAIT_SECONDS <= seconds <= MAX_WAIT_SECONDS:
        raise ValueError("is too short or too long; choose 5 seconds to 15 minutes")
    return seconds


Seconds = Annotated[int, BeforeValidator(_as_seconds)]
OneOrMore = Annotated[tuple[StepName, ...], BeforeValidator(_as_list), entries(1)]
StepVariants = Annotated[tuple[StepText, ...], BeforeValidator(_as_list), entries(1)]


class FlowButton(Texts):
    """A button. It leads to a step (`next`; of several, visits take turns), copies a text, or opens something else."""

    label: Label
    next: OneOrMore = ()
    copy_text: Annotated[str | None, Field(alias="copy", min_length=1, max_length=256)] = None
    opens: Annotated[str | None, form(r"^(support|affirmation)$", "support or affirmation")] = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum((bool(self.next), self.copy_text is not None, self.opens is not None)) != 1:
            raise ValueError("does not say what the button does; give it one of next, copy or opens")
        return self


class Step(Texts):
    """One step of a flow. It says something; then it offers buttons, collects a text, waits, calls a flow, or goes on.

    `alt` says what the picture shows, for people who do not see it. `wait` is in seconds. With `last_first`, the button
    that was chosen last time comes first.
    """

    say: StepVariants = ()
    picture: Annotated[str | None, form(r"^[a-z0-9-]+\.(gif|mp4|png)$", "the name of a file, such as waves.gif")] = None
    alt: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    breath: bool = False
    last_first: bool = False
    buttons: Annotated[tuple[FlowButton, ...], entries(0, MOST_BUTTONS)] = ()
    collect: bool = False
    wait: Seconds | None = None
    call: Identifier | None = None
    next: StepName | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if not self.say and not self.call:
            raise ValueError("says nothing; write its words under `say`")
        if self.picture and max(map(len, self.say)) > MAX_CAPTION_CHARACTERS:
            raise ValueError(
                f"is longer than the {MAX_CAPTION_CHARACTERS} characters that fit under a picture; shorten it"
            )
        if sum((self.collect, self.wait is not None, self.call is not None)) > 1:
            raise ValueError("has more than one of collect, wait and call; make a step of each")
        if self.call and self.buttons:
            raise ValueError("calls another flow and has buttons too; make a step of each")
        goes_on = any(button.next for button in self.buttons)
        if self.next is None and not goes_on:
            raise ValueError("leads nowhere; give it a `next`, or buttons with one")
        if self.next and self.buttons and not (self.collect or self.wait):
            raise ValueError("has both buttons and a `next`, and would not wait for a tap; take one out")
        labels = [button.label.casefold() for button in self.buttons]
        if len(set(labels)) < len(labels):
            raise ValueError("has two buttons with one label; name them differently")
        return self

    @property
    def is_passed_through(self) -> bool:
        """Whether it goes on at once, without waiting for a person or for time to pass."""
        return not (self.buttons or self.collect or self.wait is not None)

    @property
    def targets(self) -> tuple[str, ...]:
        """Every step that may come next; END may be among them."""
        chosen = [name for button in self.buttons for name in button.next]
        return (*chosen, self.next) if self.next else tuple(chosen)


class Flow(Texts):
    """A scripted conversation. It begins with the step `first`; every step leads on, finally to END."""

    title: Label
    source: Source | None = None
    in_groups: bool = False
    first: StepName
    steps: Annotated[dict[StepName, Step], Field(min_length=1)]

    @property
    def course(self) -> tuple[Step, ...]:
        """The steps that say something, along `next` from the first to END: the flow when nobody taps."""
        names: list[str] = []
        here = self.first
        while here != END and here not in names:
            names.append(here)
            here = self.steps[here].next or END
        return tuple(self.steps[name] for name in names if self.steps[name].say)


Flows = Mapping[str, Flow]  # by name: the name of its file
