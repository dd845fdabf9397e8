"""The list of a chat's reminders, one of them in detail, and its days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain.schedule import Daily, Once, Spread
from bot.screens.callback_data import REMINDER_ADD, REMINDER_LIST, REMINDERS, SETTINGS_SHOW
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import capitalized, day_and_time_text, day_name, moment_text, rule_text, week_from

EVERY_BIT = 0b1111111  # Monday is the lowest


@dataclass(frozen=True, slots=True)
class ShownReminder:
    """A reminder as the lists show it."""

    id: int
    rule: Daily | Spread | Once
    due_at: datetime | None
    is_paused: bool
    themes: tuple[str, ...] = ()  # their names; none for any
    own_text: str = ""  # what it says in place of a message
    is_paired: bool | None = None  # whether morning and evening belong together; None: they cannot


@dataclass(frozen=True, slots=True)
class Where:
    """The state of the chat that the reminders are shown for."""

    zone: ZoneInfo
    now: datetime
    paused_until: datetime | None
    is_off: bool
    most: int  # how many reminders a chat may have
    first_weekday: int = 0  # on which day weeks begin there; Monday is 0


def reminder_list(
    interface: Interface, reminders: list[ShownReminder], where: Where, *, lead: str = "", removed: str = ""
) -> OutgoingMessage:
    """All reminders, with a button to the detail of each. `lead` replaces the title.

    `removed`: the token that puts back the one that was just removed.
    """
    labels = interface.reminders
    add, back = Button(labels.add, REMINDER_ADD), Button(interface.settings.title, SETTINGS_SHOW)
    way_back = ((Button(labels.put_back, REMINDERS.build("back", removed)),),) if removed else ()
    if not reminders:
        return OutgoingMessage("\n\n".join(filter(None, (lead, labels.none))), (*way_back, (add, back)))
    lines = reminder_lines(interface, reminders, where)
    notes = []
    if where.is_off:
        notes.append(interface.reminders.stopped)
    elif where.paused_until:
        until = moment_text(interface.times, where.paused_until, where.now, where.zone)
        notes.append(interface.reminders.paused_until.format(until=until))
    last = (back,) if len(reminders) >= where.most else (add, back)
    picks = tuple((_pick(interface, number, reminder, where),) for number, reminder in enumerate(reminders, start=1))
    return OutgoingMessage("\n\n".join((lead or interface.reminders.title, *lines, *notes)), (*picks, *way_back, last))


def reminder_lines(interface: Interface, reminders: list[ShownReminder], where: Where) -> list[str]:
    """Each reminder with its number, and when it comes next."""
    return [_line(interface, number, reminder, where) for number, reminder in enumerate(reminders, start=1)]


def reminder_detail(interface: Interface, reminder: ShownReminder, where: Where) -> OutgoingMessage:
    """One reminder: when it comes, and buttons to change, pause and remove it."""
    rule, labels = _said(interface, reminder, where), interface.reminders
    if reminder.is_paused:
        text = labels.detail_paused.format(rule=rule)
    elif where.is_off:
        text = rule
    elif reminder.due_at is None:
        text = labels.detail_done.format(rule=rule)
    else:
        text = labels.detail.format(rule=rule, next=_next(interface, reminder, where))
    ways = [Button(labels.at, REMINDERS.build("time", reminder.id))]
    if not isinstance(reminder.rule, Once) and reminder.rule.falls_by_weekday:
        ways.append(Button(labels.days, REMINDERS.build("days", reminder.id)))
    ways.append(Button(labels.change, REMINDERS.build("change", reminder.id)))
    if not reminder.own_text:
        ways.append(Button(labels.themes.choose, REMINDERS.build("themes", reminder.id)))
    rows = [list(row) for row in in_rows(ways, 2)]
    pause = (
        Button(labels.resume, REMINDERS.build("resume", reminder.id))
        if reminder.is_paused
        else Button(labels.pause, REMINDERS.build("pause", reminder.id))
    )
    rows.append([pause, Button(labels.remove, REMINDERS.build("remove", reminder.id))])
    if reminder.is_paired is not None:
        label, action = (labels.paired, "unpair") if reminder.is_paired else (labels.pair, "pair")
        rows.append([Button(label, REMINDERS.build(action, reminder.id))])
    rows.append([Button(labels.back, REMINDER_LIST)])
    return OutgoingMessage(text, tuple(tuple(row) for row in rows))


def ending(interface: Interface, last_at: datetime) -> str:
    """The line below the last message but one of a reminder that ends; `last_at` is local and naive."""
    return interface.reminders.ending.format(moment=day_and_time_text(interface.times, last_at))


def reminder_days(interface: Interface, reminder: ShownReminder, where: Where) -> OutgoingMessage:
    """A button for each day of the week, to switch it on or off.

    Its data holds the days before and after the tap, so that a double tap changes nothing more, and a tap on an
    outdated message does not overwrite what somebody else has changed since.
    """
    labels, weekdays = interface.reminders, () if isinstance(reminder.rule, Once) else reminder.rule.weekdays
    bits = sum(1 << day for day in weekdays)
    buttons = [
        Button(
            (labels.day_on if bits >> day & 1 else labels.day_off).format(
                day=day_name(interface.times, day, is_short=True)
            ),
            REMINDERS.build("days", reminder.id, bits ^ 1 << day, bits),
        )
        for day in week_from(where.first_weekday)
    ]
    done = (Button(labels.days_done, REMINDERS.build("show", reminder.id)),)
    return OutgoingMessage(
        labels.question_days.format(rule=_rule_text(interface, reminder, where)), (*in_rows(buttons, 4), done)
    )


def reminder_themes(
    interface: Interface, reminder: ShownReminder, where: Where, themes: Mapping[str, str], chosen: Collection[str]
) -> OutgoingMessage:
    """A button for each theme that messages here may have, to take it in or out. `themes` are names by id.

    Its data says which of both, so that a double tap changes nothing more.
    """
    texts, tastes = interface.reminders.themes, interface.tastes
    buttons = [
        Button(tastes.theme_on.format(theme=name), REMINDERS.build("out", reminder.id, theme))
        if theme in chosen
        else Button(tastes.theme_off.format(theme=name), REMINDERS.build("in", reminder.id, theme))
        for theme, name in themes.items()
    ]
    anything = Button(texts.any if chosen else texts.is_any, REMINDERS.build("any", reminder.id))
    done = Button(interface.reminders.days_done, REMINDERS.build("show", reminder.id))
    text = texts.question.format(rule=_rule_text(interface, reminder, where))
    return OutgoingMessage(text, ((anything,), *in_rows(buttons, 1), (done,)))


def _said(interface: Interface, reminder: ShownReminder, where: Where) -> str:
    """When it comes, and below it what it says or is about."""
    about = interface.reminders.themes.about.format(themes=", ".join(reminder.themes)) if reminder.themes else ""
    return "\n".join(filter(None, (_rule_text(interface, reminder, where), reminder.own_text, about)))


def _line(interface: Interface, number: int, reminder: ShownReminder, where: Where) -> str:
    rule, labels = _said(interface, reminder, where), interface.reminders
    if reminder.is_paused:
        return labels.line_paused.format(number=number, rule=rule)
    if where.is_off:
        return f"{number}. {rule}"
    if reminder.due_at is None:
        return labels.line_done.format(number=number, rule=rule)
    return labels.line.format(number=number, rule=rule, next=_next(interface, reminder, where))


def _pick(interface: Interface, number: int, reminder: ShownReminder, where: Where) -> Button:
    return Button(
        interface.reminders.pick.format(number=number, rule=_rule_text(interface, reminder, where, is_short=True)),
        REMINDERS.build("show", reminder.id),
    )


def _rule_text(interface: Interface, reminder: ShownReminder, where: Where, *, is_short: bool = False) -> str:
    now_local = where.now.astimezone(where.zone).replace(tzinfo=None)
    return capitalized(rule_text(interface.times, reminder.rule, now_local, is_short=is_short))


def _next(interface: Interface, reminder: ShownReminder, where: Where) -> str:
    return moment_text(interface.times, reminder.due_at, where.now, where.zone) if reminder.due_at else "-"


def days_of(bits: int) -> tuple[int, ...]:
    """Returns the weekdays of these bits: Monday is 0, and the lowest bit."""
    return tuple(day for day in range(7) if bits >> day & 1)
