"""/note and /notes: thoughts for a session, kept only when the person says so. Encrypted, only in a private chat."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from telegram import Message, Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, Note
from bot.database.values import Subject
from bot.delivery.keyboards import rows_of
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import TelegramId
from bot.domain.notes import LONGEST_NOTE, MOST_NOTES
from bot.domain.safety_plan import units
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, say, show, with_people
from bot.handlers.context import Context, id_of
from bot.handlers.support import show_support
from bot.screens import notes as render
from bot.screens.callback_data import NOTES, row_number
from bot.screens.notes import NEVER_MIND, NOTE_STEP, ShownNote
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import conversations, notes
from bot.usecases.chats import find_chat, zone_of

log = logging.getLogger(__name__)

QUESTION_WAITS = timedelta(hours=1)  # after that, what someone types is hardly meant for keeping


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("note", take_note), command("notes", show_notes), tap(NOTES, tapped)]


async def take_note(update: Update, context: Context) -> None:
    """/note <text>: keeps it; as a reply to an own message, keeps that one. Without either it asks.

    Words of danger open the support card, and are kept: no note comes by itself.
    """
    message, cipher = update.effective_message, context.services.cipher
    if message is None:
        return
    said = (message.text or "").split(maxsplit=1)[1:]
    source = message if said else _own_reply(message, update)
    text = said[0].strip() if said else (source.text or "").strip() if source else ""
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        if cipher is None:
            answer = Answer(OutgoingMessage(context.voice.interface.notes.off))
        elif text and source:
            await conversations.end(session, chat, person_id, Subject.NOTE)  # what is typed next is not kept
            answer = await _keep(session, context, chat, cipher, source.message_id, text)
        else:
            answer = await _ask(session, context, chat, person_id)
    await show(update, context, with_people(context, answer))
    if heard := context.voice.library.find_crisis(text):
        await show_support(update, context, heard=heard)


def is_over(row: Conversation, now: datetime) -> bool:
    """Whether it is a question for a note that takes no typed words any more."""
    return row.subject == Subject.NOTE and now - row.updated_at > QUESTION_WAITS


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Keeps what is typed after /note; the card for words of danger is opened by `typed`."""
    cipher, interface = context.services.cipher, context.voice.interface
    library, language = context.voice.library, context.voice.language
    is_left = text == NEVER_MIND or not library.is_to_keep(text, language)
    if is_left or not text.strip():
        await conversations.end(session, chat, conversation.person_id, Subject.NOTE)
        return Answer(OutgoingMessage(interface.notes.not_kept))
    if cipher is None:  # the key went since the question
        await conversations.end(session, chat, conversation.person_id, Subject.NOTE)
        return Answer(OutgoingMessage(interface.notes.off))
    if library.asks_back(text, language):
        days = context.services.settings.notes_kept_days
        return Answer(render.question(interface, conversation.token, days))
    if units(text.strip()) > LONGEST_NOTE:
        return Answer(_too_long(context, text.strip()))  # the question goes on waiting
    answer = await _keep(session, context, chat, cipher, context.message_id, text.strip())
    await conversations.end(session, chat, conversation.person_id, Subject.NOTE)
    return answer


async def _keep(session: Session, context: Context, chat: Chat, cipher: Cipher, message_id: int, text: str) -> Answer:
    texts, now = context.voice.interface.notes, context.services.clock()
    if units(text) > LONGEST_NOTE:
        return Answer(_too_long(context, text))
    try:
        note, _ = await notes.keep(
            session, chat, cipher, message_id, text, now, context.services.settings.notes_kept_days
        )
    except notes.TooManyNotesError:
        return Answer(OutgoingMessage(texts.too_many.format(most=MOST_NOTES)))
    return Answer(render.kept(context.voice.interface, _local_day(chat, note)))


def _too_long(context: Context, text: str) -> OutgoingMessage:
    said = context.voice.interface.notes.too_long
    return OutgoingMessage(said.format(limit=f"{LONGEST_NOTE:,}", length=f"{units(text):,}"))


async def show_notes(update: Update, context: Context) -> None:
    """/notes: says how many there are, and not a word of them. An open question for a note is over."""
    await conversations.leave(context.services.database, id_of(update.effective_user), Subject.NOTE)
    await show(update, context, Answer(await _overview(update, context)))


async def tapped(update: Update, context: Context) -> None:
    """notes, notes:<what to do>, notes:<what to do>:<note>: shows notes, keeps one, or lets them go."""
    match NOTES.read(context.data):
        case ["keep"]:
            answer: Answer | None = await _keep_reply(update, context)
        case ["add"] if context.services.cipher:
            async with context.services.database.write() as session:
                answer = await _ask(session, context, *await get_or_create_chat_here(session, update, context))
        case ["send"]:
            answer = await _send(update, context)
        case [action, number] if (note_id := row_number(number)) is not None:
            answer = await _act(update, context, action, note_id)
        case ["after"]:
            shown = await _shown(update, context)
            answer = Answer(render.after_session(context.voice.interface, shown[-1].id)) if shown else None
            answer = answer or Answer(await _overview(update, context))
        case []:
            answer = Answer(await _overview(update, context))
        case _:
            answer = None
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _act(update: Update, context: Context, action: str, note_id: int) -> Answer | None:
    """Returns None for an unknown button."""
    interface, now, days = context.voice.interface, context.services.clock(), context.services.settings.notes_kept_days
    toast, lead = "", ""
    if action in ("go", "all", "stay"):
        async with context.services.database.write() as session:
            chat, _ = await get_or_create_chat_here(session, update, context)
            if action == "go":
                is_gone = await notes.let_go(session, chat, note_id)
                toast = interface.notes.gone if is_gone else interface.notes.already_gone
            elif action == "all":
                await notes.let_all_go(session, chat, note_id)
                lead = interface.notes.all_gone
            else:
                await notes.keep_longer(session, chat, note_id, now, days)
    elif action not in ("show", "session"):
        return None
    shown = await _shown(update, context)
    if action == "stay" and shown:
        lead = interface.notes.they_stay.format(day=render.day_of(interface, shown[-1]))
    if not shown or action in ("all", "stay"):
        can_keep = context.services.cipher is not None
        return Answer(render.overview(interface, shown, can_keep=can_keep, lead=lead), toast=toast)
    return Answer(render.one_note(interface, shown, note_id, in_session=action == "session"), toast=toast)


async def _keep_reply(update: Update, context: Context) -> Answer:
    """Keeps what was typed in a reflection: the tapped message replies to it. Nothing else knows what it was."""
    query, cipher, texts = update.callback_query, context.services.cipher, context.voice.interface.notes
    origin = query.message if query else None
    source = _own_reply(origin, update) if isinstance(origin, Message) else None
    text = (source.text or "").strip() if source else ""
    if not isinstance(origin, Message) or source is None or not text or cipher is None:
        return Answer(toast=texts.cannot_see if cipher else texts.does_not_fit)
    if units(text) > LONGEST_NOTE:
        return Answer(toast=texts.does_not_fit)
    now, days = context.services.clock(), context.services.settings.notes_kept_days
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        try:
            note, is_new = await notes.keep(session, chat, cipher, source.message_id, text, now, days)
        except notes.TooManyNotesError:
            return Answer(toast=texts.does_not_fit)
        day = _local_day(chat, note)
    toast = render.kept_this(context.voice.interface, day) if is_new else texts.already_kept
    rows = rows_of(origin.reply_markup)
    marked = render.marked_as_kept(context.voice.interface, rows)
    return Answer(rows=() if marked == rows else marked, toast=toast)


async def _ask(session: Session, context: Context, chat: Chat, person_id: TelegramId) -> Answer:
    row = await conversations.begin(session, chat, person_id, Subject.NOTE, NOTE_STEP, "{}", context.services.clock())
    return Answer(render.question(context.voice.interface, row.token, context.services.settings.notes_kept_days))


async def _send(update: Update, context: Context) -> Answer:
    """Sends all notes as plain text, for the person to copy or to send on."""
    texts = context.voice.interface.notes
    messages = render.to_send_on(await _shown(update, context))
    if not messages:
        return Answer(await _overview(update, context))
    for message in messages:
        await say(update, context, message)
    return Answer(toast=texts.copies)


async def _overview(update: Update, context: Context) -> OutgoingMessage:
    shown = await _shown(update, context)
    return render.overview(context.voice.interface, shown, can_keep=context.services.cipher is not None)


async def _shown(update: Update, context: Context) -> list[ShownNote]:
    """Returns the notes of this private chat, decrypted. Whoever only looks leaves nothing behind."""
    tg_chat = update.effective_chat
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(tg_chat)) if tg_chat else None
        rows: Sequence[Note] = await notes.list_kept(session, chat, context.services.clock()) if chat else ()
    return [ShownNote(row.id, _decrypted(context, row), _local_day(chat, row)) for row in rows if chat]


def _decrypted(context: Context, row: Note) -> str | None:
    try:
        return notes.decrypt(row, context.services.cipher) if context.services.cipher else None
    except DecryptionError as error:
        log.warning("a person's note: %s", error, extra={"chat": row.chat_id, "note": row.id})
        return None


def _local_day(chat: Chat, note: Note) -> date:
    return note.gone_at.astimezone(zone_of(chat)).date()


def _own_reply(message: Message, update: Update) -> Message | None:
    """Returns the message that this one replies to, if the person wrote it."""
    replied, person = message.reply_to_message, update.effective_user
    return replied if replied and person and replied.from_user and replied.from_user.id == person.id else None
