"""The models of the texts of /settings, and of journeys. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Counted, Label, Text, Texts, Toast, counted, holds


class SettingsTexts(Texts):
    title: Text
    zone: Annotated[str, holds("city", "time")]
    zone_unset: Text
    quiet: Annotated[str, holds("start", "end")]
    quiet_none: Text
    sound: Text
    silent: Text
    pictures: Text
    words: Text
    language: Annotated[str, holds("language")]
    clock_24: Annotated[str, holds("time")]
    clock_12: Annotated[str, holds("time")]
    practice: Annotated[str, holds("practice")]
    all_themes: Text
    themes_off: Annotated[Counted, counted("count")]
    chosen: Annotated[str, holds("choice", limit=40)]
    reminders: Label
    stored: Label
    ask_after_silence: Label
    take_words_back: Label
    change_themes: Label
    be_pictures: Label
    be_words: Label
    change_zone: Label
    change_quiet: Label
    be_silent: Label
    be_audible: Label
    be_12: Label
    be_24: Label
    question_quiet: Text
    question_long_quiet: Text
    hours: Annotated[str, holds("start", "end", limit=40)]
    no_quiet: Label
    not_hours: Text
    back: Label
    saved: Toast


class TravelTexts(Texts):
    """A journey: another time zone until a day."""

    line: Annotated[str, holds("home", "day")]
    button: Label
    question_place: Text
    question_until: Annotated[str, holds("place")]
    not_a_day: Text
    a_week: Label
    two_weeks: Label
    a_month: Label
    away: Annotated[str, holds("place", "time", "home", "day")]
    home_now: Label
    elsewhere: Label
