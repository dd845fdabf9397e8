"""The row under what a reminder said by itself, in private chats: later (snooze), and skip the next."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat
from bot.domain.own_sentences import read_ref, ref_of
from bot.domain.schedule import Later
from bot.handlers.access import get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.screens import later as screen
from bot.screens.callback_data import LATER, row_number
from bot.screens.later import NO_AFFIRMATION, Clock, Under
from bot.screens.outgoing import Rows
from bot.screens.own_text import under_own_text
from bot.usecases import own_sentences
from bot.usecases.chats import zone_of
from bot.usecases.favourites import is_kept
from bot.usecases.reminders import later
from bot.usecases.reminders.edit import find_reminder
from bot.usecases.reminders.own_text import decrypt


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [tap(LATER, tapped)]


async def tapped(update: Update, context: Context) -> None:
    """z:<action>:<reminder>:<affirmation>; the actions are those of `Later` and of `screens.later`.

    No affirmation: the reminder said its own text. A sentence of the person's own is named as in the queue (`ref_of`).
    """
    parts, query = LATER.read(context.data) or [], update.callback_query
    answer = None
    reminder_id = row_number(parts[1]) if len(parts) == 3 else None
    if reminder_id is not None and query and query.message:
        action, put_off = parts[0], later.PutOff(query.message.message_id, reminder_id, parts[2])
        async with context.services.database.write() as session:
            chat, _ = await get_or_create_chat_here(session, update, context)
            if under := await _under(session, context, chat, put_off):
                answer = await _act(session, context, chat, action, under, put_off)
        context.services.schedule_changed.set()
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _under(session: Session, context: Context, chat: Chat, message: later.PutOff) -> Under | None:
    """Returns None if what the message said is not there any more."""
    if message.affirmation_id != NO_AFFIRMATION:
        is_there = message.affirmation_id in context.voice.catalogue_of(chat).by_id or await _is_own(
            session, chat, message.affirmation_id
        )
        return Under(message.reminder_id, message.affirmation_id) if is_there else None
    reminder = await find_reminder(session, chat, message.reminder_id)
    if reminder is None or reminder.encrypted_text is None:
        return None
    text, library = decrypt(reminder, context.services.cipher), context.voice.library.of_practice(chat.practice)
    return under_own_text(library.of(chat.language), reminder.id, text, library.own_texts)


async def _is_own(session: Session, chat: Chat, affirmation_id: str) -> bool:
    """Whether it names, as the queue does, a sentence of this chat; no other chat's, and none that was removed."""
    sentence_id = read_ref(affirmation_id)
    if sentence_id is None or row_number(str(sentence_id)) is None or ref_of(sentence_id) != affirmation_id:
        return False
    return await own_sentences.find(session, chat.id, sentence_id) is not None


async def _act(
    session: Session, context: Context, chat: Chat, action: str, under: Under, put_off: later.PutOff
) -> Answer | None:
    """Returns None for an unknown button, or for an evening that is past."""
    interface = context.voice.interface
    if action in list(Later):
        return await _put_off(session, context, chat, Later(action), under, put_off)
    match action:
        case screen.MORE:
            return Answer(rows=await _unfolded(session, context, chat, under))
        case screen.LESS:
            return Answer(rows=screen.folded(interface, under))
        case screen.NOT_LATER:
            is_back = await later.take_back(session, chat, put_off)
            texts = interface.later
            return Answer(
                rows=screen.folded(interface, under), toast=texts.taken_back if is_back else interface.replies.stale
            )
        case screen.SKIP | screen.DO_NOT_SKIP:
            return await _skip(session, context, chat, under, is_skipped=action == screen.SKIP)
        case _:
            return None


async def _unfolded(session: Session, context: Context, chat: Chat, under: Under) -> Rows:
    now = context.services.clock()
    return screen.unfolded(
        context.voice.interface,
        under,
        _clock(context, chat),
        {} if chat.off_reason else later.choices_of(chat, now),
        skips=await later.next_of(session, chat, under.reminder_id, now),
        is_kept=under.affirmation_id != NO_AFFIRMATION and await is_kept(session, chat, under.affirmation_id),
    )


async def _put_off(
    session: Session, context: Context, chat: Chat, choice: Later, under: Under, message: later.PutOff
) -> Answer:
    interface, now = context.voice.interface, context.services.clock()
    if chat.off_reason:
        return Answer(toast=interface.later.turned_off)
    if choice not in later.choices_of(chat, now):  # an evening that is past: what is still ahead is shown
        return Answer(rows=await _unfolded(session, context, chat, under), toast=interface.replies.stale)
    at = await later.put_off(context.services.database, session, chat, message, choice, now)
    if at is None:
        return Answer(toast=interface.later.on_its_way)
    clock = _clock(context, chat)
    return Answer(
        rows=screen.after_later(interface, under, clock, at),
        toast=interface.later.comes_toast.format(moment=clock.text(at)),
    )


async def _skip(session: Session, context: Context, chat: Chat, under: Under, *, is_skipped: bool) -> Answer:
    """Skips the next occurrence, or does not skip it after all. What stands there already is said again."""
    interface, now, clock = context.voice.interface, context.services.clock(), _clock(context, chat)
    texts, reminder = interface.later, await find_reminder(session, chat, under.reminder_id)
    if reminder is None:
        return Answer(rows=screen.folded(interface, under), toast=texts.nothing_to_skip)
    if not is_skipped:
        is_done = await later.do_not_skip(session, chat, reminder, now)
        said = texts.not_skipped.format(moment=clock.text(reminder.due_at)) if reminder.due_at else ""
        return Answer(rows=screen.folded(interface, under), toast=said if is_done else interface.replies.stale)
    is_new = await later.skip_next(session, chat, reminder, now)
    skipped = later.skipped_in(reminder, now)
    if skipped is None:
        return Answer(rows=screen.folded(interface, under), toast=texts.nothing_to_skip)
    toast = (texts.skips_toast if is_new else texts.already_skipped).format(moment=clock.text(skipped))
    return Answer(rows=screen.after_skip(interface, under, clock, skipped), toast=toast)


def _clock(context: Context, chat: Chat) -> Clock:
    return Clock(context.services.clock(), zone_of(chat), context.voice.interface.times)
