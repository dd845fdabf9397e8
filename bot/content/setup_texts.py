"""The texts of /start, of setting up a reminder, and of the questions after the first one. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Counted, Label, Text, Texts, WholeMessages, counted, entries, form, holds


class StartTexts(Texts):
    welcome: Text
    practice: Annotated[str, holds("practice")]
    example: Annotated[str, holds("text")]
    again: Text
    stopped: Text
    bring_back: Label
    not_now: Label
    not_now_reply: Text


class ExerciseTexts(Texts):
    """An exercise that an own text asks for: one of `typed` stands in it. `button` begins the flow `opens`."""

    typed: Annotated[tuple[str, ...], entries(1)]
    button: Label
    opens: str


Hour = Annotated[str, form(r"^\d\d:\d\d$", "an hour and minutes, such as 08:30")]


class OwnTextTexts(Texts):
    """What a person writes for a reminder of their own: "remind me to drink some water at 15:00"."""

    typed: Annotated[tuple[str, ...], entries(1)]  # what it begins with
    fillers: Annotated[tuple[str, ...], entries(1)]  # small words that are left out beside the beginning or the time
    words: Annotated[str, holds("text")]
    too_long: Annotated[str, holds("limit", "length")]
    danger_not_set: Text
    unavailable: Text
    cannot_open: Text
    exercises: dict[str, ExerciseTexts]


class SetupTexts(Texts):
    question_rhythm: Text
    question_rhythm_at: Annotated[str, holds("time")]  # once a time was typed
    not_a_rhythm: Text
    morning_and_evening: Annotated[tuple[str, ...], entries(1)]  # what people type for a time in each
    parts_of_day: dict[Hour, WholeMessages]  # what people type for an hour where one is asked for
    clock_words: Annotated[tuple[str, ...], entries(1)]  # around a time in place of a place: "it's 4 pm here"
    daily: Label
    weekdays: Label
    spread: Label
    once: Label
    question_time: Text
    not_a_time: Text
    question_times: Annotated[str, holds("start", "end")]
    times: Annotated[Counted, counted("times", limit=40)]
    not_a_count: Text
    question_moment: Text
    this_evening: Annotated[str, holds("time", limit=40)]
    tomorrow: Annotated[str, holds("time", limit=40)]
    in_a_week: Annotated[str, holds("time", limit=40)]
    not_a_moment: Text
    moment_past: Text
    question_zone: Text
    place: Annotated[str, holds("city", "time", limit=60)]
    another_place: Label
    by_clock: Label
    by_location: Label
    question_clock: Text
    zones_at: Annotated[str, holds("time")]
    question_location: Text
    location_key: Label
    no_location: Label
    location_declined: Text
    question_region: Text
    question_place: Annotated[str, holds("region")]
    zone_candidates: Text
    zone_taken: Annotated[str, holds("place", "time")]
    zone_others: Text
    not_a_zone: Text
    more: Label
    back: Label
    cancel: Label
    cancelled: Text
    confirm: Annotated[str, holds("rule", "next", "city")]
    confirm_once: Annotated[str, holds("rule", "city")]
    confirm_first: Text
    confirm_yes: Label
    confirm_other: Annotated[str, holds("time", limit=40)]
    confirm_change: Label
    not_a_change: Text
    noted: Annotated[str, holds("rule")]
    change_words: Annotated[tuple[str, ...], entries(1)]  # small words around a change that is typed
    done: Annotated[str, holds("rule", "next", "city")]
    done_once: Annotated[str, holds("rule", "city")]
    changed: Annotated[str, holds("rule", "next", "city")]
    changed_once: Annotated[str, holds("rule", "city")]
    moved_by_quiet_hours: Annotated[str, holds("quiet")]
    come_then: Annotated[str, holds("quiet", limit=60)]
    come_then_loud: Label
    hint: Text
    too_many: Annotated[str, holds("most")]
    send_one_now: Label
    see_reminders: Label
    regions: dict[str, Label]
    own: OwnTextTexts


class ReminderThemeTexts(Texts):
    """The themes of one reminder."""

    choose: Label
    question: Annotated[str, holds("rule")]
    about: Annotated[str, holds("themes")]
    any: Label
    is_any: Label


class FirstQuestionTexts(Texts):
    """The questions that follow a person's first reminder."""

    for_whom: Text
    therapy: Label
    group: Label
    both: Label
    neither: Label
    look: Text
    as_words: Label
    as_pictures: Label
    skip: Label
    done: Text
