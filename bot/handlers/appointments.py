"""/session: when a person's therapy sessions are, and what may come around them. Only in a private chat."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat
from bot.dialogues.appointments import AppointmentStep, ChangeDraft
from bot.domain.appointments import MOST_APPOINTMENTS, Occurrence, Prompt, list_skipped, next_occurrence
from bot.domain.ids import TelegramId
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.appointment_answers import ask_end, take_change
from bot.handlers.appointment_home import ask, ask_when, home, said_moment, skip
from bot.handlers.appointment_setup import begin_with
from bot.handlers.context import Context, language_of
from bot.handlers.support import show_support
from bot.screens import appointment_questions as render
from bot.screens.appointments import CHOICES, session_key
from bot.screens.callback_data import APPOINTMENT
from bot.usecases.appointments import edit as appointments


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("session", show_session), tap(APPOINTMENT, tapped)]


async def show_session(update: Update, context: Context) -> None:
    """/session [words]: shows all about the sessions, or asks when they are; words are read as a change."""
    text = " ".join(context.args or ())
    if heard := context.voice.library.find_crisis(text):
        await show_support(update, context, heard=heard)
        return
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        has_some = bool((await appointments.find(session, chat)).appointments)
        changed = await take_change(session, context, chat, person_id, text) if text and has_some else None
        if changed:
            answer = with_people(context, changed)
        elif text:
            begun = await begin_with(session, context, chat, person_id, text, language_of(update))
            answer = with_people(context, begun)
        elif has_some:
            answer = await home(session, context, chat, person_id)
        else:
            answer = await ask_when(session, context, chat, person_id, language_of(update))
    context.services.schedule_changed.set()
    await show(update, context, answer)


async def tapped(update: Update, context: Context) -> None:
    """session, session:<action>, session:<action>:<prompt or session>: acts on the sessions."""
    parts = APPOINTMENT.read(context.data) or []
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        answer = await _act(session, context, chat, person_id, parts, language_of(update))
    context.services.schedule_changed.set()
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _act(
    session: Session,
    context: Context,
    chat: Chat,
    person_id: TelegramId,
    parts: list[str],
    language: str | None,
) -> Answer | None:
    """Returns None for an unknown button."""
    plan, now = await appointments.find(session, chat), context.services.clock()
    if not plan.appointments:
        return await ask_when(session, context, chat, person_id, language)
    match parts:
        case []:
            return await home(session, context, chat, person_id)
        case [("on" | "off") as switch, prompt] if prompt in CHOICES:
            chosen = Prompt(prompt)
            await appointments.change(
                session, chat, lambda kept: kept.with_prompt(chosen, is_chosen=switch == "on"), now
            )
            return await home(session, context, chat, person_id)
        case ["here", zone] if zone == chat.zone:
            await appointments.change(session, chat, lambda kept: kept.in_zone(zone), now)
            return await home(session, context, chat, person_id)
        case [("skip" | "move" | "bring") as action, key]:
            return await _act_on(session, context, chat, person_id, action, key)
        case [action]:
            return await _ask(session, context, chat, person_id, action, language)
    return None


async def _act_on(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, action: str, key: str
) -> Answer | None:
    """Acts on the session that the button names: if it is another one by now, nothing changes."""
    plan, now = await appointments.find(session, chat), context.services.clock()
    coming = next_occurrence(plan, now)
    skipped = next((other for other in list_skipped(plan, now) if session_key(other) == key), None)
    if action == "bring":
        back = skipped or (coming if coming and session_key(coming) == key else None)
        return await _bring_back(session, context, chat, person_id, back) if back else None
    if action == "skip" and skipped:  # a double tap
        return await skip(session, context, chat, person_id, skipped)
    if coming is None or session_key(coming) != key:
        return await home(session, context, chat, person_id)
    if action == "skip":
        return await skip(session, context, chat, person_id, coming)
    draft = ChangeDraft(index=coming.index, day=coming.day).model_dump_json(exclude_defaults=True)
    start = await ask(session, context, chat, person_id, AppointmentStep.MOVE, draft)
    asked = context.voice.interface.session.question_move
    text = asked.format(moment=said_moment(context, chat, coming.starts_at))
    return Answer(render.plain_question(context.voice.interface, start, text))


async def _bring_back(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, skipped: Occurrence
) -> Answer:
    now, texts = context.services.clock(), context.voice.interface.session
    await appointments.change(session, chat, lambda plan: plan.brought_back(skipped.index, skipped.day), now)
    said = texts.was_brought_back.format(moment=said_moment(context, chat, skipped.starts_at))
    return await home(session, context, chat, person_id, said)


async def _ask(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, action: str, language: str | None
) -> Answer | None:
    interface, now = context.voice.interface, context.services.clock()
    plan = await appointments.find(session, chat)
    match action:
        case "holiday":
            start = await ask(session, context, chat, person_id, AppointmentStep.HOLIDAY, "{}")
            has_some = bool(plan.holidays)
            return Answer(render.holiday_question(interface, start, has_some=has_some, problem=None))
        case "add" if len(plan.appointments) >= MOST_APPOINTMENTS:
            too_many = interface.session.too_many.format(most=MOST_APPOINTMENTS)
            return await home(session, context, chat, person_id, too_many)
        case "add":
            return await ask_when(session, context, chat, person_id, language)
        case "length":
            start = await ask(session, context, chat, person_id, AppointmentStep.LENGTH, "{}")
            return Answer(render.length_question(interface, start, text=interface.session.question_length))
        case "end":
            return await ask_end(session, context, chat, person_id)
        case "remove":
            start = await ask(session, context, chat, person_id, AppointmentStep.REMOVE, "{}")
            return Answer(render.remove_question(interface, start, plan, now))
    return None
