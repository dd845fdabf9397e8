"""/invite: the open invitations, and the few questions that a new one asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain.schedule import Daily
from bot.screens.callback_data import INVITATION_LIST, INVITATION_NEW, INVITATIONS
from bot.screens.outgoing import Button, OutgoingMessage, in_rows, joined
from bot.screens.times import capitalized, language_name, say_moment, say_rule

# What a button does; what it is about follows. NONE stands for everyone's words, and for no language.
WORDS, LANGUAGE, MAKE, SHOW, CARD, END = "w", "l", "m", "s", "c", "e"
NONE = "-"
MOST = 20  # in the list


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation as the list shows it."""

    code: str
    practice: str | None
    language: str | None
    rule: Daily | None
    created_at: datetime


def invitation_list(words: Interface, shown: Sequence[Shown], now: datetime, zone: ZoneInfo) -> OutgoingMessage:
    """The newest ones, with a button for each."""
    labels = words.inviting
    newest = list(enumerate(shown[:MOST], start=1))
    lines = (
        labels.line.format(
            number=number, code=each.code, what=_what(words, each, now), since=_since(words, each, now, zone)
        )
        for number, each in newest
    )
    text = joined(labels.title if shown else labels.none, *lines, labels.older if len(shown) > MOST else "")
    picks = [
        Button(labels.pick.format(number=number, code=each.code), INVITATIONS.build(SHOW, each.code))
        for number, each in newest
    ]
    return OutgoingMessage(text, (*in_rows(picks, 2), (Button(labels.new, INVITATION_NEW),)))


def detail(words: Interface, shown: Shown, link: str, now: datetime, zone: ZoneInfo) -> OutgoingMessage:
    """One of them, before it is ended."""
    labels = words.inviting
    text = labels.detail.format(link=link, what=_what(words, shown, now), since=_since(words, shown, now, zone))
    end, card = (
        Button(labels.end, INVITATIONS.build(END, shown.code)),
        Button(labels.card, INVITATIONS.build(CARD, shown.code)),
    )
    return OutgoingMessage(text, ((end, card), (Button(labels.back, INVITATION_LIST),)))


def made(words: Interface, shown: Shown, link: str, now: datetime) -> OutgoingMessage:
    text = words.inviting.made.format(link=link, what=_what(words, shown, now))
    return OutgoingMessage(text, ((Button(words.inviting.back, INVITATION_LIST),),))


def words_question(words: Interface, practices: Iterable[str]) -> OutgoingMessage:
    labels = words.inviting
    own = Button(labels.own_words, INVITATIONS.build(WORDS, NONE))
    buttons = [Button(each, INVITATIONS.build(WORDS, each)) for each in practices]
    return OutgoingMessage(labels.question_words, ((own,), *in_rows(buttons, 2), _back(words)))


def language_question(words: Interface, practice: str | None, languages: Iterable[str]) -> OutgoingMessage:
    labels, own = words.inviting, practice or NONE
    buttons = [Button(language_name(each), INVITATIONS.build(LANGUAGE, own, each)) for each in languages]
    none = Button(labels.no_language, INVITATIONS.build(LANGUAGE, own, NONE))
    return OutgoingMessage(labels.question_language, (*in_rows(buttons, 2), (none,), _back(words)))


def rhythm_question(
    words: Interface,
    code: str,
    practice: str | None,
    language: str | None,
    rhythms: Sequence[Daily | None],
    now: datetime,
) -> OutgoingMessage:
    """`code` is the new invitation's: however often its buttons are tapped, it is made once."""
    start = INVITATIONS.build(MAKE, code, practice or NONE, language or NONE, "")
    labels = [capitalized(say_rule(words.times, each, now)) if each else words.inviting.no_rhythm for each in rhythms]
    rows = tuple((Button(label, f"{start}{number}"),) for number, label in enumerate(labels))
    return OutgoingMessage(words.inviting.question_rhythm, (*rows, _back(words)))


def _what(words: Interface, shown: Shown, now: datetime) -> str:
    labels = words.inviting
    parts = (
        labels.words.format(words=shown.practice) if shown.practice else labels.own_words,
        language_name(shown.language) if shown.language else "",
        say_rule(words.times, shown.rule, now) if shown.rule else "",
    )
    return capitalized("; ".join(filter(None, parts)))


def _since(words: Interface, shown: Shown, now: datetime, zone: ZoneInfo) -> str:
    return say_moment(words.times, shown.created_at, now, zone)


def _back(words: Interface) -> tuple[Button, ...]:
    return (Button(words.inviting.back, INVITATION_LIST),)
