"""The texts of /export and /bring: captions, the words of the page, and why a file is not taken."""

from typing import Annotated

from bot.content.texts import Label, Text, Texts, holds


class ExportTexts(Texts):
    """/export: the captions of its two files, and the words of the page."""

    page: Annotated[str, holds(limit=1024)]
    file: Annotated[str, holds(limit=1024)]
    nothing: Text
    unreadable: Annotated[str, holds("what", limit=500)]
    title: Label
    intro: Annotated[str, holds("when", "zone")]
    plain: Text
    here: Label
    here_intro: Text
    none: Label
    is_so: Label
    is_not_so: Label
    sections: dict[str, Label]  # by the fields of `domain.exports.Export` and `Here`
    labels: dict[str, Label]  # by the fields of their parts
    values: dict[str, Label]  # by what columns hold


class WrongFileTexts(Texts):
    """Why a file is not taken, by `domain.exports.Wrong`."""

    too_big: Text
    not_json: Text
    not_ours: Text
    version: Text
    value: Annotated[str, holds("where", limit=3500)]


class BringTexts(Texts):
    """/bring."""

    question: Text
    found: Annotated[str, holds("when", "lines", limit=3000)]
    line: Annotated[str, holds("what", "number")]
    stays: Annotated[str, holds("what")]
    yes: Label
    no: Label
    done: Text
    done_stopped: Text
    not_done: Text
    gone: Text
    wrong: WrongFileTexts
