"""A person's sessions: the overview with what comes around each, and the messages that come by themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.content.appointments import AppointmentTexts, Choice
from bot.content.flows import FLOWS_OF_COMMANDS
from bot.content.interface import Interface
from bot.domain.appointments import Appointment, Appointments, Occurrence, Prompt
from bot.domain.zones import city
from bot.screens.callback_data import APPOINTMENT, NOTES
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage, Rows, joined, paired
from bot.screens.times import capitalized, day_name, moment_text, rule_text, time_text

CHOICES: dict[Prompt, Choice] = {
    Prompt.DAY_BEFORE: "before",
    Prompt.SHORTLY: "shortly",
    Prompt.QUIET: "quiet",
    Prompt.EVENING: "evening",
    Prompt.MIDWEEK: "midweek",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSessions:
    """What the overview shows. `times`: when each prompt comes around the next session, where it has room."""

    plan: Appointments
    zone: ZoneInfo
    now: datetime
    coming: Occurrence | None
    times: dict[Prompt, datetime]
    skipped: Occurrence | None


def prompt_message(interface: Interface, prompt: Prompt, starts_at: datetime) -> OutgoingMessage:
    """What comes by itself around the session that begins then. Sessions take turns in the sentences."""
    texts = interface.session.prompts
    variants = {
        Prompt.DAY_BEFORE: texts.before,
        Prompt.SHORTLY: texts.shortly,
        Prompt.EVENING: texts.evening,
        Prompt.MIDWEEK: texts.midweek,
        Prompt.ENDING: (texts.ending,),
    }[prompt]
    weeks, days = divmod(starts_at.toordinal(), 7)  # so of two sessions a week, or one, no two are alike in a row
    return OutgoingMessage(variants[(weeks + days) % len(variants)], _under(interface, prompt))


def _under(interface: Interface, prompt: Prompt) -> Rows:
    """The buttons below: what a person has noted for the session, and what fits the hour."""
    texts = interface.session.prompts
    ways = {
        Prompt.DAY_BEFORE: [
            Button(texts.notes, NOTES.build()),
            entry(texts.questions_before, FLOWS_OF_COMMANDS["before"]),
        ],
        Prompt.SHORTLY: [
            entry(texts.settle, FLOWS_OF_COMMANDS["ground"]),
            entry(texts.afraid, FLOWS_OF_COMMANDS["before"]),
        ],
        Prompt.EVENING: [entry(texts.questions_after, FLOWS_OF_COMMANDS["after"])],
        Prompt.MIDWEEK: [entry(texts.reflect, FLOWS_OF_COMMANDS["reflect"])],
    }.get(prompt, [])
    change = [] if prompt is Prompt.ENDING else [Button(texts.change, APPOINTMENT.build())]
    return tuple((button,) for button in [*ways, *change])


def overview(interface: Interface, shown: ShownSessions, lead: str = "") -> OutgoingMessage:
    """All about the sessions in one message; `lead` says what was just done."""
    texts = interface.session
    today = shown.now.astimezone(shown.zone).date()
    lines = [_line(interface, shown, known) for known in shown.plan.appointments if not known.is_past(today)]
    return OutgoingMessage(
        joined(lead, texts.title, "\n".join(lines), "\n".join(_state(interface, shown)), texts.around),
        (*_toggles(interface, shown), *_changes(texts, shown), *_here(interface, shown)),
    )


def _line(interface: Interface, shown: ShownSessions, appointment: Appointment) -> str:
    zone = ZoneInfo(appointment.zone)
    local = shown.now.astimezone(zone).replace(tzinfo=None)
    rule = capitalized(rule_text(interface.times, appointment.rule, local))
    if is_elsewhere(appointment, shown.zone, shown.now):
        place = city(appointment.zone, interface.times.locale)
        return interface.session.line_elsewhere.format(rule=rule, minutes=appointment.minutes, city=place)
    return interface.session.line.format(rule=rule, minutes=appointment.minutes)


def is_elsewhere(appointment: Appointment, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the clocks where the appointment was agreed show another time than the person's."""
    there = now.astimezone(ZoneInfo(appointment.zone))
    return appointment.zone != zone.key and there.utcoffset() != now.astimezone(zone).utcoffset()


def _state(interface: Interface, shown: ShownSessions) -> list[str]:
    texts, times, today = interface.session, interface.times, shown.now.astimezone(shown.zone).date()
    coming = shown.coming
    if coming is None:
        lines = [texts.none_coming]
    else:
        moment = moment_text(times, coming.starts_at, shown.now, shown.zone)
        lines = [texts.next.format(next=moment, city=city(shown.zone.key, times.locale))]
    if shown.skipped:
        day = shown.skipped.starts_at.astimezone(shown.zone).date()
        lines.append(texts.skipped.format(day=day_text(interface, day)))
    lines += [
        texts.holiday.format(first=day_text(interface, holiday.first), back=day_text(interface, holiday.back))
        for holiday in shown.plan.holidays
        if holiday.back > today
    ]
    if shown.plan.ends_on:
        lines.append(texts.last.format(day=day_text(interface, shown.plan.ends_on)))
    return lines


def day_text(interface: Interface, day: date) -> str:
    """A day with the name of its weekday."""
    return str(format_date(day, interface.times.day, locale=interface.times.locale))


def _toggles(interface: Interface, shown: ShownSessions) -> Rows:
    """A button for each prompt. Its data says what the tap makes of it, so that a double tap changes nothing more."""
    texts, buttons = interface.session, []
    for prompt, name in CHOICES.items():
        is_on = prompt in shown.plan.prompts
        label = texts.choices[name]
        at = shown.times.get(prompt)
        if at and prompt is Prompt.QUIET:
            label = texts.quiet_until.format(time=_time(interface, shown, prompt, at))
        elif at:
            label = texts.with_time.format(choice=label, time=_time(interface, shown, prompt, at))
        label = (texts.on if is_on else texts.off).format(choice=label)
        buttons.append((Button(label, APPOINTMENT.build("off" if is_on else "on", prompt)),))
    return tuple(buttons)


def _time(interface: Interface, shown: ShownSessions, prompt: Prompt, at: datetime) -> str:
    local = at.astimezone(shown.zone)
    said = time_text(interface.times, local)
    if prompt is not Prompt.MIDWEEK:
        return said
    return f"{day_name(interface.times, local.weekday(), is_short=True)} {said}"


def _changes(texts: AppointmentTexts, shown: ShownSessions) -> Rows:
    buttons = []
    if shown.coming:
        start = session_key(shown.coming)
        buttons += [
            Button(texts.skip, APPOINTMENT.build("skip", start)),
            Button(texts.move, APPOINTMENT.build("move", start)),
        ]
    if shown.skipped:
        buttons.append(Button(texts.bring_back, APPOINTMENT.build("bring", session_key(shown.skipped))))
    names = {"holiday": texts.holidays, "add": texts.add, "length": texts.length, "remove": texts.remove}
    buttons += [Button(label, APPOINTMENT.build(action)) for action, label in names.items()]
    return (*paired(buttons), (Button(texts.end, APPOINTMENT.build("end")),))


def _here(interface: Interface, shown: ShownSessions) -> Rows:
    """Where the person has moved to another zone: the button by which the session moves along."""
    if not any(is_elsewhere(appointment, shown.zone, shown.now) for appointment in shown.plan.appointments):
        return ()
    label = interface.session.here_now.format(city=city(shown.zone.key, interface.times.locale))
    return ((Button(label, APPOINTMENT.build("here", shown.zone.key)),),)


def session_key(session: Occurrence) -> str:
    """Returns what names one session in a button: its appointment, and the day on which the rule has it."""
    return f"{session.index}.{session.day:%Y%m%d}"
