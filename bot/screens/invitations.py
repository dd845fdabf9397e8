"""Messages for a person who opens an invitation: what the bot is, what is suggested, one question at a time."""

from collections.abc import Iterable
from datetime import datetime

from babel import Locale

from bot.content.interface import Interface
from bot.domain.cards import InvitationCard, plain
from bot.domain.folding import fold
from bot.domain.schedule import Daily
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.screens.times import capitalized, rule_text

YES, NO, ANOTHER_TIME = "yes", "no", "other"


def welcome(interface: Interface, practice_name: str | None) -> str:
    """Says what the bot is and is not, and whose practice it belongs to if `practice_name` is given."""
    return joined(
        interface.start.welcome, interface.start.practice.format(practice=practice_name) if practice_name else ""
    )


def suggested(interface: Interface, lines: Iterable[str]) -> str:
    """Lists everything that is suggested, before the first question."""
    invitation = interface.invitation
    listed = "\n".join((invitation.suggests, *lines))
    return joined(listed, invitation.nothing_is_chosen)


def language_line(interface: Interface, language: str) -> str:
    """The line of the list that names the suggested language."""
    return interface.invitation.suggests_language.format(language=_language(interface, language))


def practice_line(interface: Interface, practice: str | None) -> str:
    """The line that names the suggested practice; None suggests the bot's own texts."""
    own = interface.invitation.suggests_own_words
    return interface.invitation.suggests_words.format(practice=practice) if practice else own


def rhythm_line(interface: Interface, rule: Daily, now: datetime) -> str:
    """The line that says when the suggested reminder would come."""
    return interface.invitation.suggests_rhythm.format(rule=rule_text(interface.times, rule, now))


def language_question(interface: Interface, other: Interface, language: str, prefix: str) -> OutgoingMessage:
    """Asks in the current language and in the suggested one; `other` has the texts of the suggested one."""
    questions = (
        texts.invitation.question_language.format(language=_language(texts, language)) for texts in (interface, other)
    )
    buttons = [Button(texts.invitation.yes, f"{prefix}{YES}") for texts in (interface, other)]
    no = [Button(texts.invitation.no, f"{prefix}{NO}") for texts in (interface, other)]
    return OutgoingMessage("\n".join(dict.fromkeys(questions)), (tuple(buttons), tuple(no)))


def practice_question(interface: Interface, practice: str, prefix: str, *, is_back: bool) -> OutgoingMessage:
    """Asks whether to use the texts of this practice; with `is_back`, whether to return to the bot's own texts."""
    invitation = interface.invitation
    question = invitation.question_own_words if is_back else invitation.question_words
    return OutgoingMessage(question.format(practice=practice), (_yes(interface, prefix), _no(interface, prefix)))


def rhythm_question(
    interface: Interface, rule: Daily, prefix: str, now: datetime, *, has_reminders: bool
) -> OutgoingMessage:
    """Asks whether the suggested reminder is wanted; with `has_reminders`, in addition to the others."""
    invitation = interface.invitation
    question = invitation.question_another_rhythm if has_reminders else invitation.question_rhythm
    none = Button(invitation.no if has_reminders else invitation.no_reminders, f"{prefix}{NO}")
    other = Button(invitation.another_time, f"{prefix}{ANOTHER_TIME}")
    text = question.format(rule=rule_text(interface.times, rule, now))
    return OutgoingMessage(text, (_yes(interface, prefix), (other, none)))


def card_of(interface: Interface, everyones: Interface, link: str, practice_name: str | None) -> InvitationCard:
    """The card to print, with the texts of the practice that invites.

    It takes the name of the practice from those texts; if they have none, it takes `practice_name`.
    """
    own, usual = interface.invitation.practice, everyones.invitation.practice
    practice = capitalized(own) if own != usual else practice_name or ""
    return InvitationCard(
        link, plain(interface.invitation.card_title), plain(practice), plain(interface.invitation.card_line)
    )


def read_answer(question: OutgoingMessage, text: str) -> str | None:
    """Returns the answer that was tapped, or whose button label was typed; None for anything else."""
    for button in (button for row in question.rows for button in row):
        answer = button.data.rpartition(":")[2]
        if text == answer or fold(text.strip()) == fold(button.label):
            return answer
    return None


def _yes(interface: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(interface.invitation.yes, f"{prefix}{YES}"),)


def _no(interface: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(interface.invitation.no, f"{prefix}{NO}"),)


def _language(interface: Interface, code: str) -> str:
    """Returns the language's name in the language of the interface, from CLDR."""
    return str(Locale.parse(code).get_display_name(interface.times.locale) or code)
