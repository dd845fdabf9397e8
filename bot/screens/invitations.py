"""An invitation as whoever opens it sees it: who this is, what is suggested, one question at a time."""

from collections.abc import Iterable
from datetime import datetime

from babel import Locale

from bot.content.interface import Interface
from bot.domain.cards import plain
from bot.domain.cards.invitation import InvitationCard
from bot.domain.schedule import Daily
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.screens.times import capitalized, say_rule

YES, NO, ANOTHER_TIME = "yes", "no", "other"


def welcome(words: Interface, practice_name: str | None) -> str:
    """Who this is, and what it is not."""
    return joined(words.start.welcome, words.start.practice.format(practice=practice_name) if practice_name else "")


def suggested(words: Interface, lines: Iterable[str]) -> str:
    """All of it, before the first question; nothing where nothing is."""
    invitation = words.invitation
    listed = "\n".join((invitation.suggests, *lines))
    return joined(listed, invitation.nothing_is_chosen)


def language_line(words: Interface, language: str) -> str:
    return words.invitation.suggests_language.format(language=_language(words, language))


def words_line(words: Interface, practice: str | None) -> str:
    """`practice` is how the practice is called; None for everyone's words."""
    own = words.invitation.suggests_own_words
    return words.invitation.suggests_words.format(practice=practice) if practice else own


def rhythm_line(words: Interface, rule: Daily, now: datetime) -> str:
    return words.invitation.suggests_rhythm.format(rule=say_rule(words.times, rule, now))


def language_question(words: Interface, other: Interface, language: str, prefix: str) -> OutgoingMessage:
    """In the language that is spoken now, and in the one that is suggested: `other` has its words."""
    questions = (
        each.invitation.question_language.format(language=_language(each, language)) for each in (words, other)
    )
    buttons = [Button(each.invitation.yes, f"{prefix}{YES}") for each in (words, other)]
    no = [Button(each.invitation.no, f"{prefix}{NO}") for each in (words, other)]
    return OutgoingMessage("\n".join(dict.fromkeys(questions)), (tuple(buttons), tuple(no)))


def words_question(words: Interface, practice: str, prefix: str, *, is_back: bool) -> OutgoingMessage:
    """`is_back` asks for everyone's words again, in place of those of the practice."""
    invitation = words.invitation
    question = invitation.question_own_words if is_back else invitation.question_words
    return OutgoingMessage(question.format(practice=practice), (_yes(words, prefix), _no(words, prefix)))


def rhythm_question(
    words: Interface, rule: Daily, prefix: str, now: datetime, *, has_reminders: bool
) -> OutgoingMessage:
    invitation = words.invitation
    question = invitation.question_another_rhythm if has_reminders else invitation.question_rhythm
    none = Button(invitation.no if has_reminders else invitation.no_reminders, f"{prefix}{NO}")
    other = Button(invitation.another_time, f"{prefix}{ANOTHER_TIME}")
    text = question.format(rule=say_rule(words.times, rule, now))
    return OutgoingMessage(text, (_yes(words, prefix), (other, none)))


def card_of(words: Interface, everyones: Interface, link: str, practice_name: str | None) -> InvitationCard:
    """In the words of the one who invites, under the name that their own words give; else under PRACTICE_NAME."""
    own, usual = words.invitation.practice, everyones.invitation.practice
    practice = capitalized(own) if own != usual else practice_name or ""
    return InvitationCard(link, plain(words.invitation.card_title), plain(practice), plain(words.invitation.card_line))


def read_answer(question: OutgoingMessage, text: str) -> str | None:
    """What was tapped, or the label of a button typed; None for all else."""
    for button in (button for row in question.rows for button in row):
        answer = button.data.rpartition(":")[2]
        if text == answer or text.strip().casefold() == button.label.casefold():
            return answer
    return None


def _yes(words: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(words.invitation.yes, f"{prefix}{YES}"),)


def _no(words: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(words.invitation.no, f"{prefix}{NO}"),)


def _language(words: Interface, code: str) -> str:
    """By CLDR, in the language of the words."""
    return str(Locale.parse(code).get_display_name(words.times.locale) or code)
