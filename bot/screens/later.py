"""The quiet row under what a reminder said by itself, and what it unfolds to: later, skip the next, keep, ..."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.content.later import LaterTexts
from bot.content.times import TimeTexts
from bot.domain.own_sentences import read_ref
from bot.domain.schedule import Later
from bot.screens.callback_data import AFFIRM_NOW, LATER, MINE
from bot.screens.favourites import row_under
from bot.screens.flows import entry
from bot.screens.outgoing import Button, Rows
from bot.screens.times import moment_text, time_text

HARD_MOMENT = "grounding"  # the flow that a button under every message begins
# Actions in the data, beside those of `Later`: unfold, fold, take the later one back, skip the next, do not skip it.
MORE, LESS, NOT_LATER, SKIP, DO_NOT_SKIP = "o", "c", "n", "x", "u"
NO_REMINDER = 0
NO_AFFIRMATION = ""  # the reminder said a text of its own


@dataclass(frozen=True, slots=True)
class Under:
    """What the buttons act on: the reminder that sent the message (NO_REMINDER: it is gone), and the affirmation
    or own sentence.

    `exercise` begins what an own text asks for.
    """

    reminder_id: int
    affirmation_id: str
    exercise: Button | None = None

    def data(self, action: str) -> str:
        """Returns the callback data of an action."""
        return LATER.build(action, self.reminder_id, self.affirmation_id)


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and how the chat's times are shown."""

    now: datetime
    zone: ZoneInfo
    times: TimeTexts

    def text(self, at: datetime) -> str:
        """The moment in words."""
        return moment_text(self.times, at, self.now, self.zone)

    def time(self, at: datetime) -> str:
        """Its time of day."""
        return time_text(self.times, at.astimezone(self.zone))


def folded(interface: Interface, under: Under) -> Rows:
    """The one row: for a hard moment, and more."""
    return _last_rows(interface, under, Button(interface.later.more, under.data(MORE)))


def unfolded(
    interface: Interface,
    under: Under,
    clock: Clock,
    choices: Mapping[Later, datetime],
    *,
    skips: datetime | None,
    is_kept: bool,
) -> Rows:
    """All buttons. `choices` says when each comes; `skips` is the occurrence that can be skipped, if there is one."""
    texts = interface.later
    later = [(Button(_label(texts, choice, clock, at), under.data(choice)),) for choice, at in choices.items()]
    skip = [(Button(texts.skip.format(moment=clock.text(skips)), under.data(SKIP)),)] if skips else []
    others = [_others(interface, under.affirmation_id, is_kept=is_kept)] if under.affirmation_id else []
    return (*later, *skip, *others, *_last_rows(interface, under, Button(texts.less, under.data(LESS))))


def after_later(interface: Interface, under: Under, clock: Clock, at: datetime) -> Rows:
    """The row, and above it a button that says when the message comes again, and takes it back."""
    back = Button(interface.later.comes.format(moment=clock.text(at)), under.data(NOT_LATER))
    return ((back,), *folded(interface, under))


def after_skip(interface: Interface, under: Under, clock: Clock, skipped: datetime) -> Rows:
    """The row, and above it a button that says what is skipped, and takes it back."""
    back = Button(interface.later.skips.format(moment=clock.text(skipped)), under.data(DO_NOT_SKIP))
    return ((back,), *folded(interface, under))


def _others(interface: Interface, affirmation_id: str, *, is_kept: bool) -> tuple[Button, ...]:
    if read_ref(affirmation_id) is None:
        return row_under(interface, affirmation_id, is_kept=is_kept)
    return Button(interface.kept.another, AFFIRM_NOW), Button(interface.own_sentences.add, MINE.build("add"))


def _last_rows(interface: Interface, under: Under, last: Button) -> Rows:
    hard_moment, exercise = entry(interface.later.hard_moment, HARD_MOMENT), under.exercise
    if exercise is None:
        return ((hard_moment, last),)
    if exercise.data == hard_moment.data:  # one of both is enough
        return ((exercise, last),)
    return (exercise,), (hard_moment, last)


def _label(texts: LaterTexts, choice: Later, clock: Clock, at: datetime) -> str:
    match choice:
        case Later.SOON:
            return texts.soon
        case Later.EVENING:
            return texts.evening.format(time=clock.time(at))
        case Later.MORNING:
            return texts.morning.format(time=clock.time(at))
