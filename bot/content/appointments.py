"""The texts of /session, and of what comes around a session by itself. Part of `interface`."""

from typing import Annotated, Literal, Self, get_args

from pydantic import model_validator

from bot.content.texts import Label, Text, Texts, Toast, entries, holds

Act = Literal["when", "skip", "move", "holiday", "end"]
Choice = Literal["before", "shortly", "quiet", "evening", "midweek"]
Said = Annotated[tuple[Annotated[str, holds(limit=300)], ...], entries(1)]  # sessions take turns in them


class PromptTexts(Texts):
    """What comes by itself. Others may read its first line on a lock screen: it names no therapy."""

    before: Said
    shortly: Said
    evening: Said
    midweek: Said
    ending: Text
    notes: Label
    questions_before: Label
    settle: Label
    afraid: Label
    questions_after: Label
    reflect: Label
    change: Label


class AppointmentTexts(Texts):
    """/session. `typed` are the words with which a typed change begins."""

    question: Text
    not_read: Text
    question_day: Text
    question_time: Text
    past: Text
    too_many: Annotated[str, holds("most")]
    a_week_later: Label
    set: Text
    in_settings: Annotated[str, holds("next")]
    title: Text
    line: Annotated[str, holds("rule", "minutes")]
    line_elsewhere: Annotated[str, holds("rule", "minutes", "city")]
    next: Annotated[str, holds("next", "city")]
    none_coming: Text
    skipped: Annotated[str, holds("day")]
    holiday: Annotated[str, holds("first", "back")]
    last: Annotated[str, holds("day")]
    around: Text
    choices: dict[Choice, Annotated[str, holds(limit=30)]]
    with_time: Annotated[str, holds("choice", "time", limit=40)]
    quiet_until: Annotated[str, holds("time", limit=40)]
    on: Annotated[str, holds("choice", limit=20)]
    off: Annotated[str, holds("choice", limit=20)]
    skip: Label
    move: Label
    bring_back: Label
    holidays: Label
    add: Label
    length: Label
    end: Label
    remove: Label
    here_now: Annotated[str, holds("city", limit=50)]
    never_mind: Label
    nothing_changed: Toast
    none_to_change: Toast
    was_skipped: Annotated[str, holds("moment")]
    was_brought_back: Annotated[str, holds("moment")]
    question_move: Annotated[str, holds("moment")]
    was_moved: Annotated[str, holds("moment")]
    question_holiday: Text
    not_a_holiday: Text
    question_first: Text
    on_day: Annotated[str, holds("day", limit=60)]
    was_holiday: Annotated[str, holds("first", "back")]
    no_holidays: Label
    was_no_holiday: Text
    question_length: Text
    minutes: Annotated[str, holds("minutes", limit=40)]
    not_a_length: Annotated[str, holds("least", "most")]
    question_end: Text
    after_next: Annotated[str, holds("day", limit=60)]
    over_already: Label
    not_yet: Label
    not_an_end: Text
    was_end: Annotated[str, holds("day")]
    goes_on: Label
    was_going_on: Text
    question_remove: Text
    remove_all: Label
    was_removed: Text
    stays_where_it_is: Annotated[str, holds("time", "city")]
    prompts: PromptTexts
    typed: dict[Act, tuple[str, ...]]

    @model_validator(mode="after")
    def _every_choice_is_there(self) -> Self:
        if missing := [name for name in get_args(Choice) if name not in self.choices]:
            raise ValueError(f"choices has no {missing[0]}; write what it is called")
        if missing := [name for name in get_args(Act) if name not in self.typed]:
            raise ValueError(f"typed has no {missing[0]}; write what people type for it")
        return self
