"""The texts of /privacy and /forget: what is kept, until when, and what remains."""

from typing import Annotated

from bot.content.texts import Counted, Label, Text, Texts, counted, holds


class PrivacyTexts(Texts):
    """/privacy: a short text, and the whole one behind a button."""

    short: Text
    all: Label
    details: Annotated[str, holds("lines")]
    about_chat: dict[str, Text]  # a line for each kind (usecases.stored_data)
    more: Label
    blocked: Annotated[Counted, counted("count")]
    strangers: Annotated[Counted, counted("count")]
    rest: Annotated[str, holds("lines")]
    about_group: dict[str, Text]
    back: Label


class ForgetTexts(Texts):
    question: Text
    question_shared: Text
    yes: Label
    no: Label
    done: Text
    remains: Text
    backups: Annotated[Counted, counted("count")]
    backups_unknown: Text
    kept: Text
    to_confirm: Text
    nothing: Text
