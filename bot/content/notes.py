"""The texts of notes for a session. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Counted, Label, Text, Texts, Toast, counted, holds


class NoteTexts(Texts):
    """/note, /notes, and the button under a reflection."""

    question: Annotated[str, holds("limit", "days")]
    never_mind: Label
    not_kept: Text
    kept: Annotated[str, holds("day")]
    too_long: Annotated[str, holds("limit", "length")]
    too_many: Annotated[str, holds("most")]
    off: Text
    keep_this: Label
    is_kept: Label
    kept_this: Annotated[str, holds("day", limit=160)]
    already_kept: Toast
    cannot_see: Toast
    does_not_fit: Toast
    title: Annotated[Counted, counted("count")]
    about: Text
    none: Text
    one_by_one: Label
    in_session: Label
    send: Label
    add: Label
    all_go: Label
    place: Annotated[str, holds("number", "count")]
    until: Annotated[str, holds("day")]
    cannot_open: Text
    newer: Label
    older: Label
    let_go: Label
    back: Label
    gone: Toast
    already_gone: Toast
    those_are_all: Text
    copies: Text
    afterwards: Label
    question_after: Text
    keep_them: Label
    let_them_go: Label
    they_stay: Annotated[str, holds("day")]
    all_gone: Text
