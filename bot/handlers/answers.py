"""How handlers answer: a new message for a command, the same message edited for a tap."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import CallbackQuery, InaccessibleMessage, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.content.disclosures import Told
from bot.database.engine import DATABASE_ERRORS
from bot.delivery.keyboards import keyboard
from bot.delivery.reply_turns import in_time
from bot.domain.ids import ChatId, TelegramId
from bot.handlers.context import Context, id_of, thread_of
from bot.handlers.left_behind import older_screens
from bot.screens.callback_data import CARD, LIST, QUESTION, SUPPORT, about_chat, kind_of
from bot.screens.flows import people, turn_messages, way_back, with_offer
from bot.screens.notes import offer
from bot.screens.outgoing import Button, OutgoingMessage, Rows
from bot.usecases.chats import move
from bot.usecases.conversations.flow_rows import Reply
from bot.usecases.conversations.resuming import confirm
from bot.usecases.conversations.turns import find_way_back

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show, if anything.

    `toast` is the small note on a tap; `is_new` sends a new message after a tap instead of editing. `rows` without a
    message replace the buttons of the tapped message, whose text or picture stays. `first` is sent above, `then` below,
    both unchanged; `last` below all of them, with the buttons that lead on. `is_refused`: what was typed is no answer
    to the question, which is asked again. `afterwards`: a call to Telegram that no transaction may wait for.
    """

    message: OutgoingMessage | None = None
    rows: Rows = ()
    toast: str = ""
    is_new: bool = False
    first: OutgoingMessage | None = None
    then: OutgoingMessage | None = None
    last: OutgoingMessage | None = None
    is_refused: bool = False
    afterwards: Callable[[], Awaitable[None]] | None = None


async def show(update: Update, context: Context, answer: Answer) -> None:
    """Sends the answer, or edits the tapped message. Raises TelegramError if Telegram refuses it."""
    query, answer = update.callback_query, _about_its_chat(context, answer)
    if answer.first:
        await say(update, context, answer.first)
    if query is None:
        if answer.message:
            await say(update, context, await with_way_back(update, context, answer.message))
    else:
        # Side by side: what is shown does not wait for the small note, nor fail with it.
        await asyncio.gather(acknowledge(query, answer.toast), _show_message(query, update, context, answer))
    if answer.then:
        await say(update, context, answer.then)
    if answer.last:
        await say(update, context, answer.last)
    if answer.afterwards:
        await answer.afterwards()


def with_people(context: Context, answer: Answer) -> Answer:
    """Adds the button to the support card: whatever was typed, it may have been a disclosure."""
    message = answer.last or answer.message
    if message is None or message.keyboard or message.removes_keyboard:
        return answer
    if any(SUPPORT.read(button.data) is not None for row in message.rows for button in row):
        return answer
    with_button = replace(message, rows=(*message.rows, people(context.voice.interface)))
    return replace(answer, last=with_button) if answer.last else replace(answer, message=with_button)


def _about_its_chat(context: Context, answer: Answer) -> Answer:
    """If the answer is about another chat: adds its title, its row to every button, and the way back to its card."""
    if not context.row_id:
        return _with_hint(context, answer)
    texts, message, last = context.voice.interface.together, answer.message, answer.last
    if message and context.title:
        message = message.with_heading(texts.about.format(title=context.title))
        if last:
            last = _with_card(last, texts.back_to_chat)
        else:
            message = _with_card(message, texts.back_to_chat)
    if message:
        message = replace(message, rows=_about_chat(message.rows, context.row_id))
    if last:
        last = replace(last, rows=_about_chat(last.rows, context.row_id))
    return replace(answer, message=message, last=last, rows=_about_chat(answer.rows, context.row_id))


def _with_card(message: OutgoingMessage, label: str) -> OutgoingMessage:
    """Adds the way back to the card of the chat, unless the buttons lead on."""
    leads_on = any(_is_answer(button) or button.data == LIST for row in message.rows for button in row)
    return message if leads_on else replace(message, rows=(*message.rows, (Button(label, CARD),)))


def _about_chat(rows: Rows, chat_id: ChatId) -> Rows:
    """The same rows with the buttons that can act on another chat acting on this one."""
    return tuple(tuple(_about(button, chat_id) for button in row) for row in rows)


def _about(button: Button, chat_id: ChatId) -> Button:
    kind = kind_of(button.data)
    return replace(button, data=about_chat(chat_id, button.data)) if kind and kind.may_be_about else button


def _with_hint(context: Context, answer: Answer) -> Answer:
    """In a group only replies reach the bot: a question that can be answered by typing says so."""
    message = answer.message
    asks = message and any(_is_answer(button) for row in message.rows for button in row)
    if message is None or not asks or not context.is_in_group:
        return answer
    return replace(
        answer, message=replace(message, text=f"{message.text}\n\n{context.voice.interface.together.reply_here}")
    )


def _is_answer(button: Button) -> bool:
    return QUESTION.read(button.data) is not None


async def _show_message(query: CallbackQuery, update: Update, context: Context, answer: Answer) -> None:
    if answer.message is None:
        if answer.rows:
            await _change_buttons(query, context, answer.rows)
        return
    if answer.is_new:
        await say(update, context, await with_way_back(update, context, answer.message))
    elif query.message is None or isinstance(query.message, InaccessibleMessage):
        await say(update, context, answer.message)
    else:
        await _edit(query, update, context, answer.message)


async def _change_buttons(query: CallbackQuery, context: Context, rows: Rows) -> None:
    origin = query.message
    if not isinstance(origin, Message):  # it is too old, or its label was typed: what was asked for is done
        return
    context.services.sender.last_buttons.remember(id_of(origin.chat), origin.message_id, rows)
    try:
        await query.edit_message_reply_markup(keyboard(rows))
    except BadRequest as error:  # a double tap, or the message is gone: what was asked for is done all the same
        log.info("the buttons stay as they are", extra={"error": error.message})


async def say(update: Update, context: Context, message: OutgoingMessage) -> None:
    """Sends the message into the chat and topic of this update. Raises TelegramError."""
    chat = update.effective_chat
    if chat is None:
        return
    thread_id = thread_of(update.effective_message) or None
    older = older_screens(context.services.sender.last_buttons.find(id_of(chat)), message)
    await send(context, id_of(chat), message, thread_id=thread_id)
    for message_id in older:
        await context.services.sender.take_buttons_away(id_of(chat), message_id)


async def send(
    context: Context,
    telegram_id: TelegramId,
    message: OutgoingMessage,
    *,
    thread_id: int | None = None,
    is_silent: bool = False,
) -> int:
    """Sends the message and returns its message id. Raises TelegramError.

    If the group has just become a supergroup, its rows move, and the message goes to the supergroup.
    """
    files = context.voice.catalogue.pictures
    try:
        return await context.services.sender.send(
            telegram_id, message, thread_id=thread_id, is_silent=is_silent, files=files
        )
    except ChatMigrated as error:
        if telegram_id > 0:  # a person's chat never moves: whatever answers so is not to have it
            raise
        new_id = TelegramId(error.new_chat_id)
        async with context.services.database.write() as session:
            await move(session, telegram_id, new_id, context.services.clock())
        return await context.services.sender.send(
            new_id, message, thread_id=thread_id, is_silent=is_silent, files=files
        )


async def show_turn(
    context: Context,
    reply: Reply,
    *,
    query: CallbackQuery | None = None,
    lead: str = "",
    typed_id: int = 0,
    told: Told | None = None,
) -> None:
    """Shows a flow's turn: edits the tapped message to the first one, and sends the others below it.

    Only the newest message keeps its buttons. `typed_id`: the message that it answers, which may be kept as a note
    where notes can be; `told`: how it is acknowledged, if it tells of something. Raises TelegramError.
    """
    interface = context.voice.interface
    messages = list(turn_messages(interface, reply.turn, reply.token, lead=lead, told=told, typed_id=typed_id))
    if typed_id and context.services.cipher:
        messages = with_offer(reply.turn, messages, offer(interface), typed_id)
    if not messages:
        return
    tapped = query.message.message_id if query and query.message else 0
    shown = 0
    if query and await _edit_in_place(query, context, messages[0]):
        del messages[0]
        shown = tapped
    sent = 0
    for message in messages:
        sent = await send(context, reply.telegram_id, message)
    for message_id in {tapped, reply.message_id} - {0, shown}:
        await context.services.sender.take_buttons_away(reply.telegram_id, message_id)
    if sent and reply.turn.position:
        await confirm(context.services.database, reply, sent, context.services.clock())


async def with_way_back(update: Update, context: Context, message: OutgoingMessage) -> OutgoingMessage:
    """Returns the message with a button back into the person's open flow, if there is one.

    A keyboard stays alone: Telegram shows either one, or buttons.
    """
    if message.keyboard or message.removes_keyboard:
        return message
    chat, person = update.effective_chat, update.effective_user
    if chat is None or person is None or chat.type != ChatType.PRIVATE:
        return message
    try:
        token = await in_time(_find_way_back(context, id_of(chat), id_of(person)))
    except DATABASE_ERRORS:
        log.exception("the way back is not shown: the database cannot be used")
        return message
    return replace(message, rows=(*message.rows, way_back(context.voice.interface, token))) if token else message


async def _find_way_back(context: Context, telegram_id: TelegramId, person_id: TelegramId) -> str | None:
    async with context.services.database.read() as session:
        return await find_way_back(session, telegram_id, person_id)


async def acknowledge(query: CallbackQuery, toast: str = "") -> None:
    """Ends the tap's waiting sign, with a toast if given. Only logs a refusal."""
    try:
        await query.answer(toast or None)
    except TelegramError as error:
        # Most often the tap is older than Telegram waits: we were away. What it asked for is done all the same.
        log.info("a tap could not be acknowledged", extra={"error": error.message})


async def _edit(query: CallbackQuery, update: Update, context: Context, message: OutgoingMessage) -> None:
    if not await _edit_in_place(query, context, message):
        await say(update, context, message)  # it is gone, or too old to be edited


async def _edit_in_place(query: CallbackQuery, context: Context, message: OutgoingMessage) -> bool:
    """Edits the tapped message. Returns False if it cannot be edited: it is gone, or a picture comes or goes."""
    origin = query.message
    if message.picture or message.card or not isinstance(origin, Message) or origin.text is None:
        return False
    try:
        await context.services.sender.edit(id_of(origin.chat), origin.message_id, message)
    except BadRequest as error:
        return "not modified" in error.message.lower()  # a double tap: it shows this already
    return True
