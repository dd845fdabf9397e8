"""Asks a person when their sessions are, and sets it once it is confirmed. For /session."""

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.dialogues.appointments import AppointmentStep, beginning, missing, read_act, read_when, session_rule
from bot.dialogues.reminder_draft import ReminderDraft
from bot.dialogues.reminder_setup import AS_READ, OTHER_HALF, SetupStep, answer
from bot.domain.appointments import MOST_APPOINTMENTS, Appointment
from bot.domain.ids import TelegramId
from bot.handlers.answers import Answer
from bot.handlers.appointment_home import ask_when, home, local_time
from bot.handlers.context import Context
from bot.handlers.zone_answers import may_ask_for_location, read_zone, with_note
from bot.screens import appointment_questions as render
from bot.screens.callback_data import question_start
from bot.screens.zones import BACK, zone_question
from bot.usecases import conversations
from bot.usecases.appointments import edit as appointments
from bot.usecases.chats import resume, set_zone, zone_of


async def begin_with(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, text: str, language: str | None
) -> Answer:
    """Begins with words that came with the command: what they leave open is asked."""
    await ask_when(session, context, chat, person_id, language)
    newest = (await conversations.list_open(session, chat, person_id))[0]
    return await take_when(session, context, chat, newest, text)


async def take_when(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    draft = ReminderDraft.model_validate_json(conversation.draft)
    act = read_act(context.voice.interface.session.typed, text)
    text = act[1] if act and act[0] == "when" else text
    read = read_when(draft, text, local_time(context, chat), context.voice.language)
    if isinstance(read, str):
        start = question_start(conversation.token, AppointmentStep.WHEN)
        question = render.when_question(context.voice.interface, start, problem=read)
        return Answer(question, is_refused=True)
    return await _go_on(session, context, chat, conversation, read)


async def _go_on(
    session: Session, context: Context, chat: Chat, conversation: Conversation, draft: ReminderDraft
) -> Answer:
    """Asks for what the draft leaves open, then for the zone, then whether it was read right."""
    left, now, interface = missing(draft), context.services.clock(), context.voice.interface
    is_zone = left is None and chat.zone is None
    step = AppointmentStep.WHEN if left else AppointmentStep.ZONE if is_zone else AppointmentStep.CONFIRM
    written = draft.model_dump_json(exclude_defaults=True)
    if not await conversations.advance(session, conversation, step, written, now):
        return Answer(toast=interface.replies.stale)
    start = question_start(conversation.token, step)
    if left:
        return Answer(render.when_question(interface, start, missing=left))
    if is_zone:
        takes_location = may_ask_for_location(chat)
        return Answer(zone_question(interface, start, draft.language, now, takes_location=takes_location))
    return Answer(render.confirm_question(interface, start, draft, now, zone_of(chat)))


async def take_zone(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    draft, now = ReminderDraft.model_validate_json(conversation.draft), context.services.clock()
    if text == BACK:
        return await ask_when(session, context, chat, conversation.person_id, draft.language)
    start = question_start(conversation.token, AppointmentStep.ZONE)
    found = read_zone(context.voice.interface, chat, start, text, draft.language, now)
    if isinstance(found, Answer):
        return found
    await set_zone(session, chat, found.zone, now)
    return with_note(context, chat, await _go_on(session, context, chat, conversation, draft), found)


async def take_confirmation(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer:
    draft = ReminderDraft.model_validate_json(conversation.draft)
    if text == BACK:
        return await ask_when(session, context, chat, conversation.person_id, draft.language)
    if text.startswith(render.LATER):
        later = beginning(draft, text.removeprefix(render.LATER))
        return await _go_on(session, context, chat, conversation, later)
    if text not in (AS_READ, OTHER_HALF):
        return await take_when(session, context, chat, conversation, text)
    confirmed = answer(draft, SetupStep.CONFIRM, text, local_time(context, chat), context.voice.language)
    if isinstance(confirmed, str) or chat.zone is None:
        return await _go_on(session, context, chat, conversation, draft)
    return await _set(session, context, chat, conversation, Appointment(rule=session_rule(confirmed), zone=chat.zone))


async def _set(
    session: Session, context: Context, chat: Chat, conversation: Conversation, appointment: Appointment
) -> Answer:
    texts, now = context.voice.interface.session, context.services.clock()
    if len((await appointments.find(session, chat)).appointments) >= MOST_APPOINTMENTS:
        too_many = texts.too_many.format(most=MOST_APPOINTMENTS)
        return await home(session, context, chat, conversation.person_id, too_many)
    await appointments.change(session, chat, lambda plan: plan.with_added(appointment), now)
    if chat.off_reason:
        await resume(session, chat, now)  # who says when a session is wants something to come
    return await home(session, context, chat, conversation.person_id, texts.set)
