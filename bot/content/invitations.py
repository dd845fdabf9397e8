"""The texts of invitations, for those who open them and those who make them. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Label, Text, Texts, Toast, holds


class InvitationTexts(Texts):
    """For a person who opens an invitation's deep link, and on its printed card."""

    practice: Annotated[str, holds(limit=60)]
    suggests: Text
    suggests_language: Annotated[str, holds("language")]
    suggests_words: Annotated[str, holds("practice")]
    suggests_own_words: Text
    suggests_rhythm: Annotated[str, holds("rule")]
    nothing_is_chosen: Text
    is_so_already: Text
    question_language: Annotated[str, holds("language")]
    question_words: Annotated[str, holds("practice")]
    question_own_words: Annotated[str, holds("practice")]
    question_rhythm: Annotated[str, holds("rule")]
    question_another_rhythm: Annotated[str, holds("rule")]
    yes: Label
    no: Label
    another_time: Label
    no_reminders: Label
    words_chosen: Annotated[str, holds("practice")]
    own_words_chosen: Text
    not_chosen: Text
    not_an_answer: Text
    ended: Text
    card_title: Annotated[str, holds(limit=80)]
    card_line: Annotated[str, holds(limit=80)]


class InvitationAdminTexts(Texts):
    """/invite, for operators."""

    title: Text
    none: Text
    line: Annotated[str, holds("number", "code", "what", "since", limit=160)]
    older: Annotated[str, holds(limit=200)]
    pick: Annotated[str, holds("number", "code", limit=40)]
    new: Label
    question_words: Text
    own_words: Label
    words: Annotated[str, holds("words", limit=60)]
    question_language: Text
    no_language: Label
    question_rhythm: Text
    no_rhythm: Label
    made: Annotated[str, holds("link", "what")]
    detail: Annotated[str, holds("link", "what", "since")]
    end: Label
    card: Label
    back: Label
    ended: Toast
    already_ended: Toast
