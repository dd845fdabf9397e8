"""The questions about a person's sessions, each with its buttons and a way out. `start` begins the data of answers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.dialogues.appointments import Missing, Problem, begins_later, session_rule
from bot.dialogues.reminder_draft import ReminderDraft
from bot.dialogues.reminder_setup import AS_READ, OTHER_HALF, other_half
from bot.domain.appointments import Appointments
from bot.domain.schedule import Daily, next_due
from bot.domain.zones import city
from bot.screens.appointments import day_text
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import capitalized, moment_text, rule_text, time_text
from bot.screens.zones import BACK

# Answers of buttons that nobody types by chance.
NEVER_MIND, LATER, NO_HOLIDAYS, OVER, GOES_ON, ALL = "leave-it", "later-", "no-break", "is-over", "goes-on", "all"
LENGTHS = (45, 50, 60, 90)


def when_question(
    interface: Interface, start: str, *, missing: Missing | None = None, problem: Problem | None = None
) -> OutgoingMessage:
    """Asks when sessions are, or for the part that is missing."""
    texts = interface.session
    asked = {None: texts.question, "day": texts.question_day, "time": texts.question_time}[missing]
    text = {None: asked, "unread": texts.not_read, "past": texts.past}[problem]
    return OutgoingMessage(text, (_out(interface, start),))


def confirm_question(
    interface: Interface, start: str, draft: ReminderDraft, now: datetime, zone: ZoneInfo
) -> OutgoingMessage:
    """Says in one sentence what was read, with the next session and the place of the time zone."""
    setup, rule, local = interface.setup, session_rule(draft), now.astimezone(zone).replace(tzinfo=None)
    said, place = capitalized(rule_text(interface.times, rule, local)), city(zone.key, interface.times.locale)
    first = next_due(rule, zone=zone, quiet=None, after=now, seed=0) if isinstance(rule, Daily) else None
    if first is None:
        text = setup.confirm_once.format(rule=said, city=place)
    else:
        text = setup.confirm.format(rule=said, next=moment_text(interface.times, first, now, zone), city=place)
    rows: list[tuple[Button, ...]] = [(Button(setup.confirm_yes, f"{start}{AS_READ}"),)]
    if other := other_half(draft):
        label = setup.confirm_other.format(time=time_text(interface.times, other))
        rows.append((Button(label, f"{start}{OTHER_HALF}"),))
    if later := begins_later(draft):
        # The data says with which day it begins then: a second tap changes nothing more.
        rows.append((Button(interface.session.a_week_later, f"{start}{LATER}{later}"),))
    rows.append((Button(setup.confirm_change, f"{start}{BACK}"), *_out(interface, start)))
    return OutgoingMessage(text, tuple(rows))


def plain_question(interface: Interface, start: str, text: str) -> OutgoingMessage:
    """A question that is answered by typing."""
    return OutgoingMessage(text, (_out(interface, start),))


def holiday_question(interface: Interface, start: str, *, has_some: bool, problem: Problem | None) -> OutgoingMessage:
    """Asks from when to when no session takes place."""
    texts = interface.session
    none = ((Button(texts.no_holidays, f"{start}{NO_HOLIDAYS}"),),) if has_some else ()
    return OutgoingMessage(texts.not_a_holiday if problem else texts.question_holiday, (*none, _out(interface, start)))


def first_question(interface: Interface, start: str, days: list[date]) -> OutgoingMessage:
    """Asks with which session the break begins, if several are before the return."""
    texts = interface.session
    rows = [(Button(texts.on_day.format(day=day_text(interface, day)), f"{start}{day}"),) for day in days]
    return OutgoingMessage(texts.question_first, (*rows, _out(interface, start)))


def length_question(interface: Interface, start: str, *, text: str) -> OutgoingMessage:
    """Asks how long a session is."""
    buttons = [Button(interface.session.minutes.format(minutes=minutes), f"{start}{minutes}") for minutes in LENGTHS]
    return OutgoingMessage(text, (*in_rows(buttons, 2), _out(interface, start)))


def end_question(interface: Interface, start: str, coming: date | None, *, text: str, has_end: bool) -> OutgoingMessage:
    """Asks when therapy ends; `coming` is the day of the next session."""
    texts, rows = interface.session, []
    if coming:
        rows.append((Button(texts.after_next.format(day=day_text(interface, coming)), f"{start}{coming}"),))
    rows.append((Button(texts.over_already, f"{start}{OVER}"),))
    last = Button(texts.goes_on, f"{start}{GOES_ON}") if has_end else Button(texts.not_yet, f"{start}{NEVER_MIND}")
    return OutgoingMessage(text, (*rows, (last,)))


def remove_question(interface: Interface, start: str, plan: Appointments, now: datetime) -> OutgoingMessage:
    """Asks which appointment goes."""
    texts = interface.session
    rows: list[tuple[Button, ...]] = []
    if len(plan.appointments) > 1:
        for index, appointment in enumerate(plan.appointments):
            local = now.astimezone(ZoneInfo(appointment.zone)).replace(tzinfo=None)
            if appointment.is_past(local.date()):
                continue
            rule = capitalized(rule_text(interface.times, appointment.rule, local, is_short=True))
            rows.append((Button(rule, f"{start}{index}"),))
    rows.append((Button(texts.remove_all, f"{start}{ALL}"),))
    return OutgoingMessage(texts.question_remove, (*rows, _out(interface, start)))


def _out(interface: Interface, start: str) -> tuple[Button, ...]:
    return (Button(interface.session.never_mind, f"{start}{NEVER_MIND}"),)
