"""/look as messages: the question, when it comes, the picture of a person's weeks, its words, and what is erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.content.interface import Interface
from bot.domain.cards import Day, Weeks
from bot.domain.look_back import LONGEST_WORD, WEEK, Colour, DayWord
from bot.screens.callback_data import LOOK, SETTINGS_ZONE
from bot.screens.outgoing import Button, OutgoingMessage, Rows, in_rows, joined, paired
from bot.screens.times import capitalized, day_as, day_name, time_text, week_from

EVENINGS = (time(18), time(19), time(20), time(21), time(22))
NEVER_MIND = "never-mind"  # nobody types it by chance


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day that has an entry; `said` is None if it cannot be decrypted."""

    day: date
    said: DayWord | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of weeks: their first days, the days that have an entry, and whether there are older ones."""

    number: int
    weeks: tuple[date, ...]
    days: Sequence[ShownDay]
    has_older: bool

    @property
    def last(self) -> date:
        """The last day."""
        return self.weeks[-1] + WEEK - timedelta(days=1)


def introduction(interface: Interface) -> OutgoingMessage:
    """Says what /look is, and lets the person choose when to be asked; nothing is asked by default."""
    texts = interface.look_back
    now = Button(texts.say_now, LOOK.build("now"))
    return OutgoingMessage(texts.about, (*_rhythms(interface), (now,)))


def when(interface: Interface, rule: str, *, is_asked: bool) -> OutgoingMessage:
    """Says when the question comes, and lets the person change it. `rule` is it in words."""
    texts = interface.look_back
    said = texts.asks.format(rule=rule) if is_asked else texts.asks_not
    stop = (Button(texts.stop_asking, LOOK.build("off")),) if is_asked else ()
    return OutgoingMessage(said, (*_rhythms(interface), (*stop, Button(texts.back, LOOK.build()))))


def _rhythms(interface: Interface) -> Rows:
    texts = interface.look_back
    return ((Button(texts.each_evening, LOOK.build("daily")), Button(texts.once_a_week, LOOK.build("weekly"))),)


def weekday_question(interface: Interface, first_weekday: int) -> OutgoingMessage:
    """Asks on which day the question is to come."""
    days = week_from(first_weekday)
    buttons = [Button(capitalized(day_name(interface.times, day)), LOOK.build("on", day)) for day in days]
    back = (Button(interface.look_back.back, LOOK.build("when")),)
    return OutgoingMessage(interface.look_back.question_weekday, (*in_rows(buttons, 2), back))


def time_question(interface: Interface, start: str, *, is_problem: bool = False) -> OutgoingMessage:
    """Asks at what time the question is to come."""
    texts = interface.look_back
    buttons = [Button(time_text(interface.times, at), f"{start}{at:%H:%M}") for at in EVENINGS]
    buttons.append(Button(texts.never_mind, f"{start}{NEVER_MIND}"))
    return OutgoingMessage(texts.not_a_time if is_problem else texts.question_time, in_rows(buttons, 3))


def no_zone(interface: Interface) -> OutgoingMessage:
    """Says that the time zone has to be known first."""
    texts = interface.look_back
    return OutgoingMessage(texts.no_zone, ((Button(texts.set_zone, SETTINGS_ZONE),),))


def question(interface: Interface, day: date) -> OutgoingMessage:
    """Asks how a day is. The day stands in the buttons, so that they hold for it whenever they are tapped."""
    texts = interface.look_back
    names = names_of(interface)
    buttons = [Button(names[colour], LOOK.build("c", day.isoformat(), colour.value)) for colour in Colour]
    not_today = (Button(texts.not_today, LOOK.build("not")),)
    return OutgoingMessage(texts.question, (*in_rows(buttons, 2), not_today))


def one_word(interface: Interface, day: date) -> OutgoingMessage:
    """The question once more, for who typed more than a few words."""
    text = interface.look_back.one_word.format(limit=LONGEST_WORD)
    return OutgoingMessage(text, question(interface, day).rows)


def kept(interface: Interface, day: date, said: DayWord) -> OutgoingMessage:
    """Says what is kept for a day."""
    texts = interface.look_back
    line = texts.kept.format(day=_day(interface, day), what=_what(interface, said))
    return OutgoingMessage(line, ((Button(interface.commands.private["look"], LOOK.build("page", 0)),),))


def picture(interface: Interface, page: Page) -> OutgoingMessage:
    """The weeks as a picture, without buttons: to look at, to keep. What it shows stands in words below it."""
    texts = interface.look_back
    title = texts.title.format(
        first=day_as(interface.times, page.weeks[0], texts.first), last=day_as(interface.times, page.last, texts.last)
    )
    days = {shown.day: _mark(shown.said) for shown in page.days}
    weeks = tuple(
        (
            day_as(interface.times, first, texts.week),
            tuple(days.get(first + timedelta(days=number)) for number in range(7)),
        )
        for first in page.weeks
    )
    first_weekday = page.weeks[0].weekday()
    names = tuple(day_name(interface.times, day, is_short=True) for day in week_from(first_weekday))
    return OutgoingMessage(title, card=Weeks(title, names, weeks))


def in_words(interface: Interface, page: Page, *, lead: str = "") -> OutgoingMessage:
    """The same weeks in words, with all that can be done with them."""
    texts = interface.look_back
    lines = [
        texts.line.format(day=_day(interface, shown.day), what=_what(interface, shown.said)) for shown in page.days
    ]
    turns = []
    if page.has_older:
        turns.append(Button(texts.earlier, LOOK.build("page", page.number + 1)))
    if page.number:
        turns.append(Button(texts.later, LOOK.build("page", page.number - 1)))
    removing = [Button(texts.remove, LOOK.build("pick", page.number))] if page.days else []
    removing.append(Button(texts.remove_all, LOOK.build("all")))
    rows = (
        tuple(turns),
        (Button(texts.say_now, LOOK.build("now")), Button(texts.when, LOOK.build("when"))),
        tuple(removing),
    )
    return OutgoingMessage(joined(lead, "\n".join(lines) or texts.none), tuple(row for row in rows if row))


def which_one(interface: Interface, page: Page) -> OutgoingMessage:
    """Asks which entry is to be erased."""
    texts = interface.look_back
    buttons = [
        Button(_day(interface, shown.day), LOOK.build("go", shown.day.isoformat(), page.number)) for shown in page.days
    ]
    back = (Button(texts.back, LOOK.build("list", page.number)),)
    return OutgoingMessage(texts.question_remove, (*in_rows(buttons, 3), back))


def all_question(interface: Interface) -> OutgoingMessage:
    """Asks whether everything is to be erased."""
    texts = interface.look_back
    buttons = [Button(texts.yes_all, LOOK.build("wipe")), Button(texts.back, LOOK.build("list", 0))]
    return OutgoingMessage(texts.question_all, paired(buttons))


def names_of(interface: Interface) -> Mapping[Colour, str]:
    """Returns the names of the colours."""
    texts = interface.look_back.colours
    return {
        Colour.SUN: texts.sun,
        Colour.ROSE: texts.rose,
        Colour.MOSS: texts.moss,
        Colour.SEA: texts.sea,
        Colour.DUSK: texts.dusk,
        Colour.STONE: texts.stone,
    }


def _day(interface: Interface, day: date) -> str:
    return capitalized(day_as(interface.times, day, interface.look_back.day))


def _what(interface: Interface, said: DayWord | None) -> str:
    if said is None:
        return interface.look_back.cannot_open
    return names_of(interface)[said.colour].lower() if said.colour else said.word


def _mark(said: DayWord | None) -> Day:
    if said is None:
        return Day()
    return Day(said.word, said.colour.value if said.colour else "")
