"""/pause, /resume and /stop."""

from datetime import UTC, datetime, time, timedelta

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import OffReason, Subject
from bot.dialogues.appointments import plain
from bot.domain.appointments import QUIET_AFTER
from bot.domain.typed_times import read_duration
from bot.handlers.access import chat_command, get_or_create_accessed_chat, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.handlers.support import show_support
from bot.screens.callback_data import PAUSE, PAUSE_RESUME, question_start
from bot.screens.outgoing import Button, OutgoingMessage, Rows
from bot.screens.times import moment_text
from bot.usecases import chats, conversations
from bot.usecases.appointments import edit as appointments
from bot.usecases.outbox import all_but_notices
from bot.usecases.reminders.edit import list_reminders

PAUSE_STEP = "pause"
LENGTHS = {"day": timedelta(days=1), "week": timedelta(days=7)}
UNTIL_A_DATE = "date"
UNTIL_SESSION = "session"  # until the next one and the quiet hours after it are over
NEVER_MIND = "never"
BACK_AT = time(7)  # a pause until a date ends on that morning, before that day's reminders
MAX_PAUSE = timedelta(days=366)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        chat_command("pause", ask),
        chat_command("resume", resume),
        chat_command("stop", stop),
        tap(PAUSE, ask, "ask"),
        tap(PAUSE, resume, "resume"),
        tap(PAUSE, stop, "stop"),
    ]


async def ask(update: Update, context: Context) -> None:
    """/pause: asks for how long; /pause <words>: takes them as the answer."""
    texts, wish = context.voice.interface.pause, " ".join(context.args or ())
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        coming = await appointments.find_next(session, chat, context.services.clock())
        if (not await list_reminders(session, chat) and not coming) or chat.off_reason:
            text = texts.nothing_to_pause if not chat.off_reason else context.voice.interface.stop.already_stopped
            answer = Answer(OutgoingMessage(text))
        else:
            conversation = await conversations.begin(
                session, chat, person_id, Subject.PAUSE, PAUSE_STEP, "{}", context.services.clock()
            )
            if wish:
                answer = await take_answer(session, context, chat, conversation, wish)
            else:
                answer = Answer(_question(context, conversation, is_session_coming=coming is not None))
    await show(update, context, answer)
    if is_private(update) and (heard := context.voice.library.find_crisis(wish)):
        await show_support(update, context, heard=heard)


def _question(context: Context, conversation: Conversation, *, is_session_coming: bool) -> OutgoingMessage:
    texts, start = context.voice.interface.pause, question_start(conversation.token, PAUSE_STEP)
    labels = {"day": texts.a_day, "week": texts.a_week, UNTIL_A_DATE: texts.until_a_date}
    first, second, third = (Button(label, f"{start}{value}") for value, label in labels.items())
    after = ((Button(texts.until_session, f"{start}{UNTIL_SESSION}"),),) if is_session_coming else ()
    rows = ((first, second), *after, (third,), (Button(texts.never_mind, f"{start}{NEVER_MIND}"),))
    return OutgoingMessage(texts.question, rows)


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes the length of the pause, tapped or typed; at most 366 days."""
    interface, now = context.voice.interface, context.services.clock()
    if text == NEVER_MIND:
        await conversations.end(session, chat, conversation.person_id, Subject.PAUSE)
        return Answer(OutgoingMessage(interface.pause.kept))
    if text == UNTIL_A_DATE:
        return Answer(OutgoingMessage(interface.pause.question_date, _way_out(context, conversation)))
    if text == UNTIL_SESSION or plain(text) in map(plain, interface.pause.typed_session):
        until = await _until_session(session, chat, now)
    else:
        until = now + LENGTHS[text] if text in LENGTHS else _read_until(text, chat, now, context.voice.language)
    if until is None or not now < until <= now + MAX_PAUSE:
        return Answer(OutgoingMessage(interface.pause.not_a_date, _way_out(context, conversation)), is_refused=True)
    await conversations.end(session, chat, conversation.person_id, Subject.PAUSE)
    until = await chats.pause(session, chat, until, now)
    context.services.outbox.withdraw(chat.id, all_but_notices)
    context.services.schedule_changed.set()
    said = moment_text(interface.times, until, now, chats.zone_of(chat))
    return Answer(OutgoingMessage(interface.pause.paused.format(until=said)))


async def resume(update: Update, context: Context) -> None:
    """/resume: ends a pause or a stop."""
    now = context.services.clock()
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        was_quiet = chat.paused_until is not None or chat.off_reason is not None
        await chats.resume(session, chat, now)
        answer = await resumed(session, context, chat, now, was_quiet=was_quiet)
    context.services.schedule_changed.set()
    await show(update, context, Answer(answer))


async def resumed(session: Session, context: Context, chat: Chat, now: datetime, *, was_quiet: bool) -> OutgoingMessage:
    """Says when the next reminder comes. `was_quiet`: whether there was a pause or a stop to end."""
    interface = context.voice.interface
    due = [reminder.due_at for reminder in await list_reminders(session, chat) if reminder.due_at]
    if not due:
        return OutgoingMessage(interface.pause.resumed_without_next)
    said = moment_text(interface.times, min(due), now, chats.zone_of(chat))
    return OutgoingMessage((interface.pause.resumed if was_quiet else interface.pause.not_paused).format(next=said))


async def stop(update: Update, context: Context) -> None:
    """/stop: stops all reminders, and withdraws those that are being sent. Where nothing is stored, nothing is then."""
    texts = context.voice.interface.stop
    async with context.services.database.read() as session:
        is_known = bool(await chats.list_chats_of(session, context.access.telegram_id))
    if not is_known:
        await show(update, context, Answer(OutgoingMessage(texts.stopped)))
        return
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        was_stopped = chat.off_reason == OffReason.STOPPED
        await conversations.end(session, chat, person_id)
        await chats.switch_off(session, chat.id, OffReason.STOPPED, context.services.clock())
    context.services.outbox.withdraw(chat.id, all_but_notices)
    # One tap undoes it: a word that was typed may have been meant for something else.
    back = Button(context.voice.interface.start.bring_back, PAUSE_RESUME)
    said = texts.already_stopped if was_stopped else texts.stopped
    await show(update, context, Answer(OutgoingMessage(said, ((back,),))))


def _way_out(context: Context, conversation: Conversation) -> Rows:
    return (
        (
            Button(
                context.voice.interface.pause.never_mind,
                f"{question_start(conversation.token, PAUSE_STEP)}{NEVER_MIND}",
            ),
        ),
    )


async def _until_session(session: Session, chat: Chat, now: datetime) -> datetime | None:
    """Returns when the next session and the hours after it are over; None if no session is coming."""
    coming = await appointments.find_next(session, chat, now)
    return coming.ends_at + QUIET_AFTER if coming else None


def _read_until(text: str, chat: Chat, now: datetime, language: str) -> datetime | None:
    """Returns when a typed pause ends, in UTC; None if it cannot be read, or may be two things.

    One until a date ends on that morning, before that day's reminders.
    """
    zone = chats.zone_of(chat)
    span = read_duration(text, now_local=now.astimezone(zone).replace(tzinfo=None), language=language)
    if span is None or span.doubts:
        return None
    until = span.until if span.until.time() != time() else datetime.combine(span.until.date(), BACK_AT)
    return until.replace(tzinfo=zone).astimezone(UTC)
