"""Answers to an open question, tapped or typed: finds the conversation and passes the answer to its subject."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Location, Message, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.delivery.keyboards import rows_of
from bot.dialogues.appointments import AppointmentStep
from bot.dialogues.reminder_setup import SetupStep
from bot.domain.ids import TelegramId
from bot.domain.zones import zone_at
from bot.handlers import (
    appointment_answers,
    first_questions,
    forget,
    groups,
    invitations,
    look_back,
    notes,
    own_sentences,
    pause,
    reminder_setup,
    safety_plan,
    settings,
    travel,
)
from bot.handlers.access import ANY_ADMIN, check_access, check_access_to, tap
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import ChatAccess, Context, id_of, thread_of
from bot.handlers.support import show_support
from bot.screens.callback_data import QUESTION, read_about
from bot.screens.notes import NOTE_STEP
from bot.screens.outgoing import OutgoingMessage
from bot.screens.own_sentences import SENTENCE_STEP
from bot.screens.zones import zone_note
from bot.usecases import conversations
from bot.usecases.chats import find_chat
from bot.usecases.groups import add_facilitator

# Returns None for words that are not meant for the question.
Take = Callable[[Session, Context, Chat, Conversation, str], Awaitable[Answer | None]]

# Which subject asked the question of a step.
ASKED_BY: dict[str, Take] = {
    **dict.fromkeys(reminder_setup.SETUP_STEPS, reminder_setup.take_answer),
    **dict.fromkeys(first_questions.FIRST_STEPS, first_questions.take_answer),
    pause.PAUSE_STEP: pause.take_answer,
    forget.FORGET_STEP: forget.take_answer,
    **dict.fromkeys(safety_plan.PLAN_STEPS, safety_plan.take_answer),
    NOTE_STEP: notes.take_answer,
    SENTENCE_STEP: own_sentences.take_answer,
    look_back.WORD_STEP: look_back.take_word,
    look_back.TIME_STEP: look_back.take_time,
    **dict.fromkeys(invitations.INVITATION_STEPS, invitations.take_answer),
    settings.ZONE_STEP: settings.take_zone,
    settings.QUIET_STEP: settings.take_quiet_hours,
    **dict.fromkeys(travel.TravelStep, settings.take_journey),
    groups.SHARE_STEP: groups.take_answer,
    **dict.fromkeys(appointment_answers.STEPS, appointment_answers.take_answer),
}

QUESTION_WAITS = timedelta(hours=8)
WITH_OWN_TIME = (Subject.SAFETY_PLAN, Subject.NOTE, Subject.OWN_SENTENCE, Subject.LOOK)

ZONE_STEPS = (SetupStep.ZONE, settings.ZONE_STEP, AppointmentStep.ZONE, travel.TravelStep.PLACE)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    answering = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & filters.REPLY & filters.TEXT & ~filters.COMMAND
    return [tap(QUESTION, tapped), MessageHandler(answering, replied)]


async def tapped(update: Update, context: Context) -> None:
    """c:<token>:<step>:<answer>: a tapped answer."""
    parts = QUESTION.read(context.data) or []
    answer = None
    if len(parts) == 3:
        token, step, text = parts
        answer = await _take(update, context, text, lambda row: (row.token, row.step) == (token, step))
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def replied(update: Update, context: Context) -> None:
    """Takes an administrator's reply to the bot's question in a group.

    Other replies are people talking with each other and are ignored; only crisis words are answered.
    """
    message = update.effective_message
    asked = message.reply_to_message if message else None
    if message is None or asked is None or asked.from_user is None or asked.from_user.id != context.bot.id:
        return
    text = message.text or ""
    if heard := context.voice.library.find_crisis(text):
        await show_support(update, context, heard=heard)
        return
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(message.chat), thread_of(message))
        is_asked = bool(chat and await conversations.list_open(session, chat, ANY_ADMIN))
    access = await check_access(update, context) if is_asked else None
    if isinstance(access, ChatAccess):
        context.access = access
        if answer := await _take(update, context, text, lambda row: True, is_typed=True):
            await show(update, context, with_people(context, answer))
            if not answer.is_refused and _asks(asked):
                await context.services.sender.take_buttons_away(id_of(message.chat), asked.message_id)


def _asks(message: Message) -> bool:
    """Whether buttons of a question are under it; somebody may reply to any message of the bot while one waits."""
    markup = message.reply_markup
    return any(QUESTION.read(read_about(button.data)[1]) for row in rows_of(markup) for button in row)


async def newest_waiting(update: Update, context: Context) -> Conversation | None:
    """Returns the conversation that this person opened last, of all that wait for an answer."""
    person = update.effective_user
    if person is None:
        return None
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, id_of(person))
    return next((row for row, _ in rows if _waits(row, context.services.clock())), None)


async def questions_of(context: Context, person_id: TelegramId) -> frozenset[tuple[str, str]]:
    """Returns the token and the step of every question that waits for this person's answer."""
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, person_id)
    return frozenset((row.token, row.step) for row, _ in rows)


async def take_location(update: Update, context: Context, location: Location) -> Answer | None:
    """Gives the zone of a location to the question for a time zone; the coordinates go no further than this.

    Returns None if no such question waits.
    """
    waiting = await newest_waiting(update, context)
    if waiting is None or waiting.step not in ZONE_STEPS:
        return None  # the outlines of all zones, 32 MB, are not loaded for a location that nobody asked for
    zone = zone_at(location.latitude, location.longitude)
    if zone is None:
        return None
    answer = await take_typed(update, context, zone)
    if answer is None or answer.first:
        return answer
    note = zone_note(context.voice.interface, zone, context.services.clock())
    return replace(answer, first=OutgoingMessage(note, removes_keyboard=True))


def _waits(row: Conversation, now: datetime) -> bool:
    """Whether it waits for an answer: the questions after a first reminder, /bring and an overview wait for nobody."""
    return row.subject not in (Subject.BRING, Subject.REMOVED) and not _goes_last(row) and not _is_over(row, now)


def _goes_last(row: Conversation) -> bool:
    """Whether all other questions go before it when something is typed."""
    return row.subject == Subject.FIRST_QUESTIONS or row.step == AppointmentStep.HOME


def _is_over(row: Conversation, now: datetime) -> bool:
    """Whether what is typed now is hardly meant for this question: it was asked long ago. Its buttons still hold."""
    if row.subject in WITH_OWN_TIME or row.step == AppointmentStep.HOME:
        return any(subject.is_over(row, now) for subject in (safety_plan, notes, own_sentences, look_back))
    return row.subject in conversations.QUESTIONS and now - row.updated_at > QUESTION_WAITS


async def take_typed(update: Update, context: Context, text: str) -> Answer | None:
    """Gives typed text to the newest question in this private chat, even if it is about another chat.

    Returns None if no question waits. A reminder's question that nobody is asked any more still takes what it
    understands, and asks nothing back.
    """
    person = update.effective_user
    if person is None:
        return None
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, id_of(person))
    now = context.services.clock()
    asked = [(row, chat) for row, chat in rows if row.step in ASKED_BY and not _is_over(row, now)]
    asked.sort(key=lambda pair: _goes_last(pair[0]))  # what waits for an answer goes first
    is_resting = not asked
    if is_resting:
        own = [(row, chat) for row, chat in rows if chat.telegram_id == person.id]
        asked = [(row, chat) for row, chat in own if row.step in reminder_setup.SETUP_STEPS]
    if not asked:
        return None
    row, chat = asked[0]
    access = ChatAccess(id_of(person), 0, ChatType.PRIVATE, id_of(person))
    if chat.telegram_id != person.id:
        checked = await check_access_to(update, context, chat)
        if isinstance(checked, Answer):
            async with context.services.database.write() as session:  # or it would take whatever is typed from now on
                await conversations.end(session, chat, id_of(person), row.subject)
            return checked
        access = checked
    context.access = access
    answer = await _take(update, context, text, lambda conversation: conversation.id == row.id, is_typed=True)
    return None if answer and answer.is_refused and is_resting else answer


async def _take(
    update: Update, context: Context, text: str, fits: Callable[[Conversation], bool], *, is_typed: bool = False
) -> Answer | None:
    """Returns None if no open question fits: the button is outdated or forged, or the words are not meant for it."""
    access, person = context.access, update.effective_user
    async with context.services.database.write() as session:
        chat = await find_chat(session, access.telegram_id, access.thread_id)
        rows = await conversations.list_open(session, chat, access.person_id) if chat else ()
        conversation = next((row for row in rows if fits(row) and row.step in ASKED_BY), None)
        if chat is None or conversation is None:
            return None
        if access.kind != ChatType.PRIVATE and person and not person.is_bot:
            await add_facilitator(session, chat, id_of(person), context.services.clock())
        if is_typed and conversation.subject == Subject.FORGET:
            text = forget.read_typed(context, text)  # only the button erases
        now = context.services.clock()
        if not is_typed and _is_over(conversation, now):
            conversation.updated_at = now  # whoever comes back to it by a tap may type again
        return await ASKED_BY[conversation.step](session, context, chat, conversation, text)
