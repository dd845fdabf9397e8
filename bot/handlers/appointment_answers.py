"""Answers to the questions of /session, tapped or typed; a typed change is read below the overview, too."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import MessageKind, Subject
from bot.dialogues.appointments import (
    AppointmentStep,
    ChangeDraft,
    read_act,
    read_day,
    read_holiday,
    read_new_time,
    read_when,
)
from bot.dialogues.reminder_draft import ReminderDraft
from bot.domain.appointments import (
    LEAST_MINUTES,
    MOST_MINUTES,
    Appointments,
    Holiday,
    list_occurrences,
    next_event,
    next_occurrence,
)
from bot.domain.ids import TelegramId
from bot.handlers.answers import Answer
from bot.handlers.appointment_home import ask, day_of, home, local_time, move, skip, take_holiday
from bot.handlers.appointment_setup import begin_with, take_confirmation, take_when, take_zone
from bot.handlers.context import Context
from bot.screens import appointment_questions as render
from bot.screens.appointments import day_text
from bot.screens.callback_data import question_start
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import conversations
from bot.usecases.appointments import edit as appointments
from bot.usecases.chats import zone_of
from bot.usecases.reminders.edit import quiet_hours

HOME_WAITS = timedelta(days=1)  # after that, what someone types is hardly meant for their sessions
MOST_FIRST = 5  # buttons, of sessions with which a break may begin


async def take_answer(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer | None:
    """Takes one answer. None for words below the overview that change nothing about sessions."""
    step = AppointmentStep(conversation.step)
    context.services.schedule_changed.set()
    if text == render.NEVER_MIND:
        return await _leave(session, context, chat, conversation)
    take = STEPS.get(step)
    return await take(session, context, chat, conversation, text) if take else None


async def _leave(session: Session, context: Context, chat: Chat, conversation: Conversation) -> Answer:
    texts = context.voice.interface.session
    if (await appointments.find(session, chat)).appointments:
        return replace(await home(session, context, chat, conversation.person_id), toast=texts.nothing_changed)
    await conversations.end(session, chat, conversation.person_id, Subject.APPOINTMENT)
    return Answer(OutgoingMessage(texts.nothing_changed))


# What changes.


async def take_change(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, text: str
) -> Answer | None:
    """Takes a typed change: skipped, moved, a break, the end, or one more session; None for other words."""
    now, local, language = context.services.clock(), local_time(context, chat), context.voice.language
    act = read_act(context.voice.interface.session.typed, text)
    coming = next_occurrence(await appointments.find(session, chat), now)
    if act and act[0] != "when" and coming is None:
        return await home(session, context, chat, person_id, context.voice.interface.session.none_to_change)
    match act:
        case ("skip", _) if coming:
            return await skip(session, context, chat, person_id, coming)
        case ("end", _):
            return await ask_end(session, context, chat, person_id)
        case ("move", rest) if coming and isinstance(to := read_new_time(rest, local, language), datetime):
            return await move(session, context, chat, person_id, ChangeDraft(index=coming.index, day=coming.day), to)
    for words in (text, act[1] if act else text):
        found = read_holiday(words, local, language) if act and act[0] == "holiday" else "unread"
        if not isinstance(found, str):
            return await _take_break(session, context, chat, person_id, *found)
    when = act[1] if act and act[0] == "when" else text
    if isinstance(read_when(ReminderDraft(), when, local, language), str):
        return None
    return await begin_with(session, context, chat, person_id, text, None)


async def _take_home(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer | None:
    if context.services.clock() - conversation.updated_at > HOME_WAITS:
        return None
    return await take_change(session, context, chat, conversation.person_id, text)


async def _take_move(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    draft, texts = ChangeDraft.model_validate_json(conversation.draft), context.voice.interface.session
    to = read_new_time(text, local_time(context, chat), context.voice.language)
    if isinstance(to, str):
        start = question_start(conversation.token, AppointmentStep.MOVE)
        problem = texts.past if to == "past" else texts.not_read
        return Answer(render.plain_question(context.voice.interface, start, problem), is_refused=True)
    return await move(session, context, chat, conversation.person_id, draft, to)


async def _take_holiday(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer:
    interface, person_id = context.voice.interface, conversation.person_id
    if text == render.NO_HOLIDAYS:
        now = context.services.clock()
        await appointments.change(session, chat, lambda plan: plan.without_holidays(), now)
        return await home(session, context, chat, person_id, interface.session.was_no_holiday)
    act = read_act(interface.session.typed, text)
    for words in (text, act[1] if act else text):
        found = read_holiday(words, local_time(context, chat), context.voice.language)
        if not isinstance(found, str):
            return await _take_break(session, context, chat, person_id, *found)
    start = question_start(conversation.token, AppointmentStep.HOLIDAY)
    return Answer(render.holiday_question(interface, start, has_some=False, problem="unread"), is_refused=True)


async def _take_break(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, first: date | None, back: date
) -> Answer:
    """Takes a break. If only the return was said, it begins with the session that is named, if several may be meant."""
    plan, now = await appointments.find(session, chat), context.services.clock()
    if first is None:
        until = datetime.combine(back, time(0), zone_of(chat))
        days = [day_of(plan, other) for other in list_occurrences(plan, now, until)]
        days = [day for day in dict.fromkeys(days) if day < back]
        if len(days) > 1:
            draft = ChangeDraft(back=back).model_dump_json(exclude_defaults=True)
            start = await ask(session, context, chat, person_id, AppointmentStep.FIRST, draft)
            return Answer(render.first_question(context.voice.interface, start, days[:MOST_FIRST]))
        first = days[0] if days else local_time(context, chat).date()
    if first >= back:
        return await home(session, context, chat, person_id, context.voice.interface.session.not_a_holiday)
    return await take_holiday(session, context, chat, person_id, Holiday(first=first, back=back))


async def _take_first(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    back = ChangeDraft.model_validate_json(conversation.draft).back
    first = _iso(text) or read_day(text, local_time(context, chat), context.voice.language)
    if first is None or back is None or first >= back:
        start = question_start(conversation.token, AppointmentStep.FIRST)
        question = render.plain_question(context.voice.interface, start, context.voice.interface.session.not_an_end)
        return Answer(question, is_refused=True)
    return await take_holiday(session, context, chat, conversation.person_id, Holiday(first=first, back=back))


async def _take_length(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    number = next((part for part in text.split() if part.isdecimal() and len(part) < 4), "")
    if not number or not LEAST_MINUTES <= int(number) <= MOST_MINUTES:
        start = question_start(conversation.token, AppointmentStep.LENGTH)
        problem = context.voice.interface.session.not_a_length.format(least=LEAST_MINUTES, most=MOST_MINUTES)
        return Answer(render.length_question(context.voice.interface, start, text=problem), is_refused=True)
    now = context.services.clock()
    await appointments.change(session, chat, lambda plan: plan.with_minutes(int(number)), now)
    return await home(session, context, chat, conversation.person_id)


# How it ends.


async def ask_end(session: Session, context: Context, chat: Chat, person_id: TelegramId, problem: str = "") -> Answer:
    """Asks softly when the last session is."""
    plan = await appointments.find(session, chat)
    start = await ask(session, context, chat, person_id, AppointmentStep.END, "{}")
    coming = next_occurrence(plan, context.services.clock())
    day = day_of(plan, coming) if coming else None
    text, has_end = problem or context.voice.interface.session.question_end, plan.ends_on is not None
    return Answer(render.end_question(context.voice.interface, start, day, text=text, has_end=has_end))


async def _take_end(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    interface, now, person_id = context.voice.interface, context.services.clock(), conversation.person_id
    if text == render.GOES_ON:
        await appointments.change(session, chat, lambda plan: plan.with_end(None), now)
        return await home(session, context, chat, person_id, interface.session.was_going_on)
    day = (
        None if text == render.OVER else _iso(text) or read_day(text, local_time(context, chat), context.voice.language)
    )
    if day is None and text != render.OVER:
        return replace(await ask_end(session, context, chat, person_id, interface.session.not_an_end), is_refused=True)
    plan = (await appointments.find(session, chat)).with_end(day)
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    if day is None or next_event(plan, zone_of(chat), quiet, now) is None:
        return await _end_now(session, context, chat, person_id, interface.session.prompts.ending)
    await appointments.change(session, chat, lambda plan: plan.with_end(day), now)
    said = interface.session.was_end.format(day=day_text(interface, day))
    return await home(session, context, chat, person_id, said)


async def _take_removal(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer:
    texts, person_id = context.voice.interface.session, conversation.person_id
    plan = await appointments.find(session, chat)
    if text == render.ALL:
        return await _end_now(session, context, chat, person_id, texts.was_removed)
    if not text.isdecimal() or len(text) > 1 or int(text) >= len(plan.appointments):
        start = question_start(conversation.token, AppointmentStep.REMOVE)
        now = context.services.clock()
        return Answer(render.remove_question(context.voice.interface, start, plan, now), is_refused=True)
    await appointments.change(session, chat, lambda kept: kept.without(int(text)), context.services.clock())
    return await home(session, context, chat, person_id, texts.was_removed)


async def _end_now(session: Session, context: Context, chat: Chat, person_id: TelegramId, text: str) -> Answer:
    """Forgets all appointments."""
    await appointments.change(session, chat, lambda plan: Appointments(), context.services.clock())
    await conversations.end(session, chat, person_id, Subject.APPOINTMENT)
    context.services.outbox.withdraw(chat.id, lambda message: message.kind == MessageKind.APPOINTMENT)
    return Answer(OutgoingMessage(text))


def _iso(text: str) -> date | None:
    """Returns the day that a button names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


Take = Callable[[Session, Context, Chat, Conversation, str], Awaitable[Answer | None]]
STEPS: dict[AppointmentStep, Take] = {
    AppointmentStep.WHEN: take_when,
    AppointmentStep.ZONE: take_zone,
    AppointmentStep.CONFIRM: take_confirmation,
    AppointmentStep.HOME: _take_home,
    AppointmentStep.MOVE: _take_move,
    AppointmentStep.HOLIDAY: _take_holiday,
    AppointmentStep.FIRST: _take_first,
    AppointmentStep.LENGTH: _take_length,
    AppointmentStep.END: _take_end,
    AppointmentStep.REMOVE: _take_removal,
}
