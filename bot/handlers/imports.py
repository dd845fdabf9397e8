"""/bring: the file of /export, sent as a document, is looked at, asked about, and brought in.

Between the question and the yes only Telegram's id of the file is kept; the file is fetched again. Nothing of it is
written to a disk.
"""

import json
import logging

from telegram import Document, Message, Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler

from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.exports import MOST_BYTES, Export, ExportError, Wrong, read_export
from bot.domain.ids import TelegramId
from bot.handlers.access import command, get_or_create_chat_here, is_operator, tap
from bot.handlers.answers import Answer, show
from bot.handlers.bot_profile import show_menu_in
from bot.handlers.context import Context, id_of
from bot.screens.callback_data import BRING
from bot.screens.imports import confirmation, wrong_file
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import conversations, imports
from bot.usecases.chats import find_chat
from bot.usecases.outbox import all_but_notices

log = logging.getLogger(__name__)

FILE_STEP, YES_STEP = "bring-file", "bring-yes"
YES, NO = "yes", "no"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("bring", ask), tap(BRING, tapped)]


async def ask(update: Update, context: Context) -> None:
    """/bring: asks for the file; below a document, or in reply to one, it looks at that."""
    message = update.effective_message
    if message and (document := _document_of(message)):
        await _look(update, context, document)
        return
    await _begin(update, context, FILE_STEP, {})
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.bring.question)))


async def take_document(update: Update, context: Context, document: Document) -> bool:
    """Takes a document for which /bring has asked. Returns False if it has not."""
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, id_of(update.effective_user))
    if not any(row.subject == Subject.BRING for row, _ in rows):
        return False
    await _look(update, context, document)
    return True


async def tapped(update: Update, context: Context) -> None:
    """b:<token>:yes, b:<token>:no: brings in what was asked about, or leaves it."""
    token, answer = [*(BRING.read(context.data) or ()), "", ""][:2]
    person_id = id_of(update.effective_user)
    row = await _find(context, person_id, token)
    texts = context.voice.interface.bring
    if row is None:
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
    elif answer == YES:
        await _bring(update, context, row)
    else:
        await _end(context, person_id, token)
        await show(update, context, Answer(OutgoingMessage(texts.not_done)))


def _document_of(message: Message) -> Document | None:
    above = message.reply_to_message
    return message.document or (above.document if above else None)


async def _look(update: Update, context: Context, document: Document) -> None:
    found = await _fetch(context, document.file_id, document.file_size or 0)
    if isinstance(found, Answer):
        await show(update, context, found)
        return
    row = await _begin(update, context, YES_STEP, {"file_id": document.file_id})
    stays = imports.left_behind(found, context.services.cipher)
    question = confirmation(
        context.voice.interface,
        found,
        imports.count(found),
        stays,
        yes=BRING.build(row.token, YES),
        no=BRING.build(row.token, NO),
    )
    await show(update, context, Answer(question))


async def _fetch(context: Context, file_id: str, size: int) -> Export | Answer:
    """Returns what the file holds, or what is wrong with it."""
    texts = context.voice.interface.bring
    try:
        if size > MOST_BYTES:
            raise ExportError(Wrong.TOO_BIG)
        file = await context.bot.get_file(file_id)
        if not file.file_path:  # Telegram has it no more, or not yet
            return Answer(OutgoingMessage(texts.gone))
        return read_export(bytes(await file.download_as_bytearray()))
    except TelegramError as error:
        log.info("a file could not be fetched", extra={"error": type(error).__name__})
        return Answer(OutgoingMessage(texts.gone))
    except ExportError as error:
        return Answer(wrong_file(texts, error))


async def _bring(update: Update, context: Context, row: Conversation) -> None:
    services, person_id = context.services, id_of(update.effective_user)
    found = await _fetch(context, json.loads(row.draft)["file_id"], 0)
    if isinstance(found, Answer):
        await show(update, context, found)
        return
    async with services.database.write() as session:
        chat = await find_chat(session, person_id)
        # Of two taps at once the second finds no question any more, and changes nothing.
        is_first = chat is not None and await conversations.end_one(session, chat, row.token)
        if chat and is_first:
            await imports.bring_in(session, chat, found, services.cipher, services.clock())
    if chat is None or not is_first:
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    services.outbox.withdraw(chat.id, all_but_notices)
    services.schedule_changed.set()
    await _say_done(update, context, chat, is_stopped=chat.off_reason is not None)


async def _say_done(update: Update, context: Context, chat: Chat, *, is_stopped: bool) -> None:
    """In the language that came with the file, which the menu follows."""
    spoken = context.voice.speaking(chat.language).interface
    await show(update, context, Answer(OutgoingMessage(spoken.bring.done_stopped if is_stopped else spoken.bring.done)))
    if chat.language:
        await show_menu_in(context.bot, spoken, chat.telegram_id, is_operator=is_operator(update, context))


async def _begin(update: Update, context: Context, step: str, draft: dict[str, str]) -> Conversation:
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        return await conversations.begin(
            session, chat, person_id, Subject.BRING, step, json.dumps(draft), context.services.clock()
        )


async def _find(context: Context, person_id: TelegramId, token: str) -> Conversation | None:
    async with context.services.database.read() as session:
        rows = await conversations.open_by(session, person_id)
    return next((row for row, _ in rows if (row.token, row.step) == (token, YES_STEP)), None)


async def _end(context: Context, person_id: TelegramId, token: str) -> None:
    async with context.services.database.write() as session:
        if chat := await find_chat(session, person_id):
            await conversations.end_one(session, chat, token)
