"""The questions of setting up a reminder, and the message when it is done."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel.lists import format_list

from bot.content.interface import Interface
from bot.dialogues.reminder_draft import Problem, ReminderDraft, Rhythm, rule_of
from bot.dialogues.reminder_setup import (
    AS_READ,
    COUNTS,
    OTHER_HALF,
    TIMES,
    SetupStep,
    offered_moments,
    other_half,
)
from bot.domain.schedule import Daily, Once, QuietHours, Recurring, Spread, next_due
from bot.domain.zones import city
from bot.screens.callback_data import (
    AFFIRM_NOW,
    REMINDER_LIST,
    SETTINGS,
    SETTINGS_HOURS,
    SETTINGS_QUIET,
    question_start,
)
from bot.screens.outgoing import Button, OutgoingMessage, Rows, in_rows, joined
from bot.screens.times import capitalized, count_text, days_text, moment_text, rule_text, time_text
from bot.screens.zones import BACK, zone_question

CANCEL = "cancel"


def question(
    interface: Interface,
    token: str,
    step: SetupStep,
    draft: ReminderDraft,
    now: datetime,
    zone: str | None,
    *,
    problem: Problem | None = None,
) -> OutgoingMessage:
    """The question of this step; with `problem`, it says why the last answer was not accepted."""
    setup, start = interface.setup, question_start(token, step)
    match step:
        case SetupStep.RHYTHM:
            cancel = _cancel(interface, draft)
            asked = setup.question_rhythm_at.format(time=_times(interface, draft)) if draft.at else ""
            return OutgoingMessage(
                setup.not_a_rhythm if problem else asked or setup.question_rhythm,
                (*_rhythms(interface, start), (Button(cancel, f"{start}{CANCEL}"),)),
            )
        case SetupStep.TIME:
            buttons = [Button(time_text(interface.times, at), f"{start}{at:%H:%M}") for at in TIMES]
            asked = interface.together.question_time if draft.is_shared else setup.question_time
            last = _last(interface, start, draft)
            return OutgoingMessage(setup.not_a_time if problem else asked, (*in_rows(buttons, 3), last))
        case SetupStep.TIMES:
            buttons = [
                Button(count_text(interface.times, setup.times, count, times=count), f"{start}{count}")
                for count in COUNTS
            ]
            asked = setup.question_times.format(
                start=time_text(interface.times, draft.start), end=time_text(interface.times, draft.end)
            )
            return OutgoingMessage(
                setup.not_a_count if problem else asked, (*in_rows(buttons, 3), _last(interface, start, draft))
            )
        case SetupStep.MOMENT:
            local = now.astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
            unread = setup.not_a_moment if problem else setup.question_moment
            text = setup.moment_past if problem == "past" else unread
            return OutgoingMessage(text, (*_moments(interface, start, local), _last(interface, start, draft)))
        case SetupStep.CONFIRM:
            card = _confirm(interface, start, draft, now, ZoneInfo(zone or draft.zone or "UTC"))
            lead = setup.moment_past if problem == "past" else setup.not_a_change if problem else ""
            return replace(card, text=joined(lead, card.text))
        case _:
            asked = interface.together.question_zone if draft.is_shared else ""
            return zone_question(interface, start, draft.language, now, lead=asked, takes_location=not draft.is_shared)


def noted(interface: Interface, draft: ReminderDraft) -> str:
    """Says what a typed change of a group's set-up made of its time and days, as far as they are known."""
    said = _times(interface, draft)
    if draft.at and draft.weekdays:
        days = days_text(interface.times, Recurring(weekdays=draft.weekdays))
        said = interface.times.daily.format(days=days, time=said)
    return interface.setup.noted.format(rule=said)


def _times(interface: Interface, draft: ReminderDraft) -> str:
    times = [time_text(interface.times, at) for at in (draft.at, *draft.also) if at]
    return str(format_list(times, "standard", locale=interface.times.locale))


def _confirm(interface: Interface, start: str, draft: ReminderDraft, now: datetime, zone: ZoneInfo) -> OutgoingMessage:
    """What was read from typed words, as one sentence with the next time and the place."""
    setup, rule, local = interface.setup, rule_of(draft), now.astimezone(zone).replace(tzinfo=None)
    due_at = next_due(rule, zone=zone, quiet=None, after=now, seed=0)
    city_name, said = city(zone.key, interface.times.locale), rule_text(interface.times, rule, local)
    if not isinstance(rule, Daily) or due_at is None:  # of several at changing times the next is not known yet
        text = setup.confirm_once.format(rule=capitalized(said), city=city_name)
    else:
        following = moment_text(interface.times, due_at, now, zone)
        text = setup.confirm.format(rule=capitalized(said), next=following, city=city_name)
    if draft.then:
        text = f"{setup.confirm_first}\n\n{text}"
    other = other_half(draft)
    label = setup.confirm_other.format(time=time_text(interface.times, other)) if other else ""
    rows: Rows = (
        (Button(setup.confirm_yes, f"{start}{AS_READ}"),),
        *(((Button(label, f"{start}{OTHER_HALF}"),),) if other else ()),
        (Button(setup.confirm_change, f"{start}{BACK}"), Button(_cancel(interface, draft), f"{start}{CANCEL}")),
    )
    return OutgoingMessage(text, rows)


def _cancel(interface: Interface, draft: ReminderDraft) -> str:
    return interface.setup.cancel if draft.reminder_id else interface.start.not_now


def done(
    interface: Interface,
    rule: Daily | Spread | Once,
    due_at: datetime | None,
    now: datetime,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    *,
    is_new: bool,
    is_shared: bool = False,
    is_own: bool = False,
    shows_hint: bool = True,
) -> OutgoingMessage:
    """Says what was set, when it comes next, and what can be done about it.

    `is_own`: it says own words. `shows_hint`: with `hint` below it.
    """
    setup, is_moved = interface.setup, quiet is not None and _is_moved(rule, quiet)
    local = now.astimezone(zone).replace(tzinfo=None)
    moment = moment_text(interface.times, due_at, now, zone) if due_at else interface.times.once.format(moment=local)
    if isinstance(rule, Once) and not is_moved:
        template = setup.done_once if is_new else setup.changed_once  # "next" would say the same twice
    else:
        template = setup.done if is_new else setup.changed
    city_name = city(zone.key, interface.times.locale)
    parts = [template.format(rule=rule_text(interface.times, rule, local), next=moment, city=city_name)]
    if quiet and is_moved:
        parts.append(_moved(interface, quiet))
    if shows_hint:
        parts.append(hint(interface, is_shared=is_shared))
    see = interface.together.see_reminders if is_shared else setup.see_reminders
    rows = (
        *(() if is_own else ((Button(setup.send_one_now, AFFIRM_NOW),),)),
        *(
            ((_come_then(interface, rule, quiet),), (Button(interface.settings.change_quiet, SETTINGS_QUIET),))
            if quiet and is_moved
            else ()
        ),
        (Button(see, REMINDER_LIST),),
    )
    return OutgoingMessage("\n\n".join(parts), rows)


def hint(interface: Interface, *, is_shared: bool) -> str:
    """Says how it can be changed."""
    return interface.together.hint if is_shared else interface.setup.hint


def _moved(interface: Interface, quiet: QuietHours) -> str:
    start, end = time_text(interface.times, quiet.start), time_text(interface.times, quiet.end)
    hours = interface.settings.hours.format(start=start, end=end)
    return interface.setup.moved_by_quiet_hours.format(quiet=hours)


def _come_then(interface: Interface, rule: Daily | Spread | Once, quiet: QuietHours) -> Button:
    """Lets it come when it was wished for: the quiet hours make room, and the label says which ones are left."""
    left: QuietHours | None = quiet
    for at in _times_of(rule):
        left = left.without(at) if left else None
    if left is None:
        return Button(interface.setup.come_then_loud, SETTINGS.build(SETTINGS_HOURS, ""))
    start, end = time_text(interface.times, left.start), time_text(interface.times, left.end)
    label = interface.setup.come_then.format(quiet=interface.settings.hours.format(start=start, end=end))
    return Button(label, SETTINGS.build(SETTINGS_HOURS, f"{left.start:%H%M}-{left.end:%H%M}"))


def _times_of(rule: Daily | Spread | Once) -> tuple[time, ...]:
    match rule:
        case Daily():
            return rule.times
        case Once():
            return (rule.at.time(),)
        case Spread():
            return (rule.start, rule.end)


def _is_moved(rule: Daily | Spread | Once, quiet: QuietHours) -> bool:
    return any(quiet.contains(at) for at in _times_of(rule))


def _rhythms(interface: Interface, start: str) -> Rows:
    setup = interface.setup
    labels = {
        Rhythm.DAILY: setup.daily,
        Rhythm.WEEKDAYS: setup.weekdays,
        Rhythm.SPREAD: setup.spread,
        Rhythm.ONCE: setup.once,
    }
    return in_rows([Button(label, f"{start}{rhythm}") for rhythm, label in labels.items()], 2)


def _moments(interface: Interface, start: str, local: datetime) -> Rows:
    setup = interface.setup
    labels = {"this_evening": setup.this_evening, "tomorrow": setup.tomorrow, "in_a_week": setup.in_a_week}
    return tuple(
        (Button(labels[name].format(time=time_text(interface.times, at)), f"{start}{at:%Y-%m-%d %H:%M}"),)
        for name, at in offered_moments(local).items()
    )


def _last(interface: Interface, start: str, draft: ReminderDraft) -> tuple[Button, ...]:
    """The way back; where this is the first question, as in a group, the way out."""
    if draft.is_shared or draft.is_time_only:
        return (Button(_cancel(interface, draft), f"{start}{CANCEL}"),)
    return _back(interface, start)


def _back(interface: Interface, start: str) -> tuple[Button, ...]:
    return (Button(interface.setup.back, f"{start}{BACK}"),)
