"""The texts of /look and of the question that it asks. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Label, Text, Texts, Toast, holds
from bot.content.times import Pattern


class ColourTexts(Texts):
    """The name of each `domain.look_back.Colour`."""

    sun: Label
    rose: Label
    moss: Label
    sea: Label
    dusk: Label
    stone: Label


class LookBackTexts(Texts):
    """/look."""

    about: Text
    off: Text
    each_evening: Label
    once_a_week: Label
    question_weekday: Text
    question_time: Text
    not_a_time: Text
    never_mind: Label
    nothing_changed: Text
    no_zone: Text
    set_zone: Label
    set_up: Annotated[str, holds("rule", "next")]
    asks: Annotated[str, holds("rule")]
    asks_not: Text
    in_settings: Annotated[str, holds("rule")]
    question: Text
    colours: ColourTexts
    not_today: Label
    not_today_reply: Text
    kept: Annotated[str, holds("day", "what")]
    one_word: Annotated[str, holds("limit")]
    day: Pattern
    week: Pattern
    first: Pattern
    last: Pattern
    title: Annotated[str, holds("first", "last", limit=200)]
    line: Annotated[str, holds("day", "what", limit=40)]
    none: Text
    cannot_open: Label
    earlier: Label
    later: Label
    say_now: Label
    when: Label
    stop_asking: Label
    stopped: Text
    remove: Label
    question_remove: Text
    removed: Toast
    already_removed: Toast
    remove_all: Label
    question_all: Text
    yes_all: Label
    all_removed: Text
    back: Label
