"""/invite: the list of open invitations, and the few questions for a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain.schedule import Daily
from bot.screens.callback_data import INVITATION_LIST, INVITATION_NEW, INVITATIONS
from bot.screens.outgoing import Button, OutgoingMessage, in_rows, joined
from bot.screens.times import capitalized, language_name, moment_text, rule_text

# The first part of a button's data: its action. NONE stands for the bot's own texts, and for no language.
WORDS, LANGUAGE, MAKE, SHOW, CARD, END = "w", "l", "m", "s", "c", "e"
NONE = "-"
MAX_LISTED = 20  # in the list


@dataclass(frozen=True, slots=True)
class ShownInvitation:
    """An invitation as the list shows it. `practice` is None for the bot's own texts."""

    code: str
    practice: str | None
    language: str | None
    rule: Daily | None
    created_at: datetime


def invitation_list(
    interface: Interface, shown: Sequence[ShownInvitation], now: datetime, zone: ZoneInfo
) -> OutgoingMessage:
    """The newest invitations, with a button for each."""
    labels = interface.inviting
    newest = list(enumerate(shown[:MAX_LISTED], start=1))
    lines = (
        labels.line.format(
            number=number,
            code=invitation.code,
            what=_what(interface, invitation, now),
            since=_since(interface, invitation, now, zone),
        )
        for number, invitation in newest
    )
    text = joined(labels.title if shown else labels.none, *lines, labels.older if len(shown) > MAX_LISTED else "")
    picks = [
        Button(labels.pick.format(number=number, code=invitation.code), INVITATIONS.build(SHOW, invitation.code))
        for number, invitation in newest
    ]
    return OutgoingMessage(text, (*in_rows(picks, 2), (Button(labels.new, INVITATION_NEW),)))


def detail(interface: Interface, shown: ShownInvitation, link: str, now: datetime, zone: ZoneInfo) -> OutgoingMessage:
    """One invitation with its link, and buttons to end it and to get its card."""
    labels = interface.inviting
    text = labels.detail.format(link=link, what=_what(interface, shown, now), since=_since(interface, shown, now, zone))
    end, card = (
        Button(labels.end, INVITATIONS.build(END, shown.code)),
        Button(labels.card, INVITATIONS.build(CARD, shown.code)),
    )
    return OutgoingMessage(text, ((end, card), (Button(labels.back, INVITATION_LIST),)))


def made(interface: Interface, shown: ShownInvitation, link: str, now: datetime) -> OutgoingMessage:
    """Says that the invitation was created, with its link."""
    text = interface.inviting.made.format(link=link, what=_what(interface, shown, now))
    return OutgoingMessage(text, ((Button(interface.inviting.back, INVITATION_LIST),),))


def practice_question(interface: Interface, practices: Iterable[str]) -> OutgoingMessage:
    """Asks which practice's texts to suggest."""
    labels = interface.inviting
    own = Button(labels.own_words, INVITATIONS.build(WORDS, NONE))
    buttons = [Button(practice, INVITATIONS.build(WORDS, practice)) for practice in practices]
    return OutgoingMessage(labels.question_words, ((own,), *in_rows(buttons, 2), _back(interface)))


def language_question(interface: Interface, practice: str | None, languages: Iterable[str]) -> OutgoingMessage:
    """Asks which of the languages to suggest, if any."""
    labels, own = interface.inviting, practice or NONE
    buttons = [Button(language_name(language), INVITATIONS.build(LANGUAGE, own, language)) for language in languages]
    none = Button(labels.no_language, INVITATIONS.build(LANGUAGE, own, NONE))
    return OutgoingMessage(labels.question_language, (*in_rows(buttons, 2), (none,), _back(interface)))


def rhythm_question(
    interface: Interface,
    code: str,
    practice: str | None,
    language: str | None,
    rhythms: Sequence[Daily | None],
    now: datetime,
) -> OutgoingMessage:
    """Asks which rhythm to suggest.

    All buttons carry the new `code`, so that a second tap does not create another invitation.
    """
    start = INVITATIONS.build(MAKE, code, practice or NONE, language or NONE, "")
    labels = [
        capitalized(rule_text(interface.times, rhythm, now)) if rhythm else interface.inviting.no_rhythm
        for rhythm in rhythms
    ]
    rows = tuple((Button(label, f"{start}{number}"),) for number, label in enumerate(labels))
    return OutgoingMessage(interface.inviting.question_rhythm, (*rows, _back(interface)))


def _what(interface: Interface, shown: ShownInvitation, now: datetime) -> str:
    labels = interface.inviting
    parts = (
        labels.words.format(words=shown.practice) if shown.practice else labels.own_words,
        language_name(shown.language) if shown.language else "",
        rule_text(interface.times, shown.rule, now) if shown.rule else "",
    )
    return capitalized("; ".join(filter(None, parts)))


def _since(interface: Interface, shown: ShownInvitation, now: datetime, zone: ZoneInfo) -> str:
    return moment_text(interface.times, shown.created_at, now, zone)


def _back(interface: Interface) -> tuple[Button, ...]:
    return (Button(interface.inviting.back, INVITATION_LIST),)
