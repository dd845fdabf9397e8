"""The overview of a person's sessions, and the changes that a tap and a typed text both make. For /session."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.database.engine import Session
from bot.database.models import Chat
from bot.database.values import Subject
from bot.dialogues.appointments import AppointmentStep, ChangeDraft
from bot.dialogues.reminder_draft import ReminderDraft
from bot.domain.appointments import (
    Appointments,
    Holiday,
    Occurrence,
    Prompt,
    list_events,
    list_skipped,
    local_in,
    next_occurrence,
)
from bot.domain.appointments.plan import Moved
from bot.domain.ids import TelegramId
from bot.domain.zones import city
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.screens.appointment_questions import when_question
from bot.screens.appointments import CHOICES, ShownSessions, day_text, is_elsewhere, overview
from bot.screens.callback_data import APPOINTMENT, question_start
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.screens.settings import Part
from bot.screens.times import moment_text, time_text
from bot.usecases import conversations
from bot.usecases.appointments import edit as appointments
from bot.usecases.chats import zone_of
from bot.usecases.reminders.edit import quiet_hours

AROUND = timedelta(days=40)  # what comes around one session lies within


async def ask(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, step: AppointmentStep, draft: str
) -> str:
    """Begins a question; returns what the data of its answers begins with."""
    now = context.services.clock()
    row = await conversations.begin(session, chat, person_id, Subject.APPOINTMENT, step, draft, now)
    return question_start(row.token, step)


async def ask_when(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None
) -> Answer:
    """Asks when sessions are."""
    draft = ReminderDraft(language=language).model_dump_json(exclude_defaults=True)
    start = await ask(session, context, chat, person_id, AppointmentStep.WHEN, draft)
    return Answer(when_question(context.voice.interface, start))


async def home(session: Session, context: Context, chat: Chat, person_id: TelegramId, lead: str = "") -> Answer:
    """Shows all about the sessions. For a day a change can be typed below it."""
    plan = await appointments.find(session, chat)
    if not plan.appointments:
        await conversations.end(session, chat, person_id, Subject.APPOINTMENT)
        return Answer(OutgoingMessage(lead or context.voice.interface.session.none_to_change))
    await ask(session, context, chat, person_id, AppointmentStep.HOME, "{}")
    context.services.schedule_changed.set()
    off = context.voice.interface.reminders.stopped if chat.off_reason else ""  # nothing comes around a session, either
    return Answer(overview(context.voice.interface, _shown(context, chat, plan), joined(lead, off)))


async def part(session: Session, context: Context, chat: Chat) -> Part:
    """Returns the line of the next session, and the button; for the card of settings."""
    texts, now = context.voice.interface.session, context.services.clock()
    coming = await appointments.find_next(session, chat, now)
    line = ""
    if coming:
        next_time = moment_text(context.voice.interface.times, coming.starts_at, now, zone_of(chat))
        line = texts.in_settings.format(next=next_time)
    return line, Button(texts.title, APPOINTMENT.build())


def _shown(context: Context, chat: Chat, plan: Appointments) -> ShownSessions:
    now, zone = context.services.clock(), zone_of(chat)
    coming, skipped = next_occurrence(plan, now), list_skipped(plan, now)
    return ShownSessions(
        plan=plan,
        zone=zone,
        now=now,
        coming=coming,
        times=_times(chat, plan, coming) if coming else {},
        skipped=skipped[0] if skipped else None,
    )


def _times(chat: Chat, plan: Appointments, coming: Occurrence) -> dict[Prompt, datetime]:
    """When each prompt comes around this session, chosen or not; QUIET by its end."""
    whole = plan.model_copy(update={"prompts": tuple(CHOICES)})
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    events = list_events(whole, zone_of(chat), quiet, coming.starts_at - AROUND, coming.starts_at + AROUND)
    return {
        event.prompt: event.before if event.prompt is Prompt.QUIET else event.at
        for event in events
        if event.starts_at == coming.starts_at
    }


async def skip(session: Session, context: Context, chat: Chat, person_id: TelegramId, coming: Occurrence) -> Answer:
    """The session does not take place. Asked again, it changes nothing more."""
    now = context.services.clock()
    await appointments.change(session, chat, lambda plan: plan.with_skipped(coming.index, coming.day), now)
    context.services.outbox.withdraw(chat.id, lambda message: appointments.is_about(message, coming.starts_at))
    said = context.voice.interface.session.was_skipped.format(moment=said_moment(context, chat, coming.starts_at))
    return await home(session, context, chat, person_id, said)


async def move(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, draft: ChangeDraft, to: datetime
) -> Answer:
    """The session takes place at another time: `to` is local where the person is now."""
    now, moment = context.services.clock(), to.replace(tzinfo=zone_of(chat))
    texts, said = context.voice.interface.session, context.voice.interface.session.none_to_change

    def moved(plan: Appointments) -> Appointments:
        nonlocal said
        if draft.day is None or draft.index >= len(plan.appointments):  # it has ended since it was asked about
            return plan
        said = texts.was_moved.format(moment=said_moment(context, chat, moment))
        there = local_in(plan.appointments[draft.index].zone, moment)
        return plan.with_moved(draft.index, Moved(day=draft.day, to=there))

    await appointments.change(session, chat, moved, now)
    return await home(session, context, chat, person_id, said)


async def take_holiday(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, holiday: Holiday
) -> Answer:
    """No session takes place from the first day to the return."""
    interface = context.voice.interface
    await appointments.change(session, chat, lambda plan: plan.with_holiday(holiday), context.services.clock())
    first, back = day_text(interface, holiday.first), day_text(interface, holiday.back)
    return await home(session, context, chat, person_id, interface.session.was_holiday.format(first=first, back=back))


def day_of(plan: Appointments, session: Occurrence) -> date:
    """Returns the day of a session where it was agreed."""
    return local_in(plan.appointments[session.index].zone, session.starts_at).date()


def local_time(context: Context, chat: Chat) -> datetime:
    """Returns what the clock shows where the person is, naive."""
    return context.services.clock().astimezone(zone_of(chat)).replace(tzinfo=None)


def said_moment(context: Context, chat: Chat, at: datetime) -> str:
    """Returns the moment in words, where the person is now."""
    return moment_text(context.voice.interface.times, at, context.services.clock(), zone_of(chat))


async def stays_behind(session: Session, context: Context, chat: Chat) -> OutgoingMessage | None:
    """Says, after a change of zone, that the next session stays where it was agreed; None if clocks there agree."""
    now = context.services.clock()
    plan = await appointments.find(session, chat)
    coming = next_occurrence(plan, now)
    if coming is None or not is_elsewhere(plan.appointments[coming.index], zone_of(chat), now):
        return None
    there = plan.appointments[coming.index].zone
    interface = context.voice.interface
    text = interface.session.stays_where_it_is.format(
        time=time_text(interface.times, coming.starts_at.astimezone(ZoneInfo(there))),
        city=city(there, interface.times.locale),
    )
    return OutgoingMessage(text, ((Button(interface.session.prompts.change, APPOINTMENT.build()),),))
