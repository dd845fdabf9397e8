"""The texts of own sentences, and of what reminders draw from. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Label, Text, Texts, Toast, holds


class ShareTexts(Texts):
    """One text for each `domain.own_sentences.Share`."""

    only: Text
    half: Text
    sometimes: Text
    off: Text


class OwnSentenceTexts(Texts):
    """/mine."""

    question: Annotated[str, holds("limit")]
    never_mind: Label
    not_kept: Text
    danger_not_kept: Text
    kept: Annotated[str, holds("share")]
    too_long: Annotated[str, holds("limit", "length")]
    too_many: Annotated[str, holds("most")]
    unavailable: Text
    title: Text
    none: Text
    line: Annotated[str, holds("number", "text")]
    cannot_open: Text
    newer: Label
    older: Label
    add: Label
    often: Label
    copy_text: Label
    card: Label
    no_card: Toast
    remove: Label
    removed: Toast
    already_removed: Toast
    back: Label
    question_often: Text
    share: ShareTexts
    share_said: ShareTexts
    only_kept: Label
    only_kept_said: Text
    none_kept: Text
    chosen: Annotated[str, holds("label", limit=60)]
