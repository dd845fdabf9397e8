"""How messages go into a chat: with or without a picture, in place of an older one, and by themselves."""

import logging

from telegram import Bot, CallbackQuery, InlineKeyboardMarkup, InputFile, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.delivery.sending import keyboard, markup
from bot.delivery.uploads import picture_of_card, picture_of_file
from bot.handlers.context import Kit
from bot.screens.flows import say_turn
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.chats import move
from bot.usecases.conversations.flow_rows import Reply
from bot.usecases.conversations.resuming import confirm, drop

log = logging.getLogger(__name__)


async def send(
    bot: Bot, kit: Kit, chat_id: int, message: OutgoingMessage, *, thread_id: int | None = None, is_silent: bool = False
) -> int:
    """Send it; returns its number. Words whose picture cannot be shown come without it.

    Where the group has just become a supergroup, all of it moves, and the message goes there.
    """
    try:
        return await _send(bot, kit, chat_id, message, thread_id, is_silent=is_silent)
    except ChatMigrated as error:
        async with kit.database.write() as session:
            await move(session, chat_id, error.new_chat_id, kit.clock())
        return await _send(bot, kit, error.new_chat_id, message, thread_id, is_silent=is_silent)


async def _send(
    bot: Bot, kit: Kit, chat_id: int, message: OutgoingMessage, thread_id: int | None, *, is_silent: bool
) -> int:
    if message.picture or message.card:
        try:
            return await _send_picture(
                bot, kit, chat_id, message, keyboard(message.rows), thread_id, is_silent=is_silent
            )
        except (BadRequest, KeyError) as error:
            log.warning("a picture was left out", extra={"picture": message.picture, "error": str(error)})
    sent = await bot.send_message(
        chat_id,
        message.text,
        reply_markup=markup(message),
        message_thread_id=thread_id,
        disable_notification=is_silent,
    )
    return sent.message_id


async def _send_picture(
    bot: Bot,
    kit: Kit,
    chat_id: int,
    message: OutgoingMessage,
    markup: InlineKeyboardMarkup | None,
    thread_id: int | None,
    *,
    is_silent: bool,
) -> int:
    if message.card:
        picture = picture_of_card(message.card)
    else:
        picture = picture_of_file(message.picture, kit.catalogue.pictures)

    async def post(file: str | InputFile) -> Message:
        send = bot.send_photo if picture.kind == "photo" else bot.send_animation
        return await send(
            chat_id,
            file,
            caption=message.text,
            reply_markup=markup,
            message_thread_id=thread_id,
            disable_notification=is_silent,
        )

    return (await kit.pictures.send(bot.id, picture, post, _file_id)).message_id


def _file_id(message: Message) -> str | None:
    if message.photo:
        return message.photo[-1].file_id
    return message.animation.file_id if message.animation else None


async def edit(query: CallbackQuery, message: OutgoingMessage) -> bool:
    """Change the tapped message; False where it cannot be: a picture comes or goes, or the message is gone."""
    origin = query.message
    if message.picture or message.card or not isinstance(origin, Message) or origin.text is None:
        return False
    try:
        await query.edit_message_text(message.text, reply_markup=keyboard(message.rows))
    except BadRequest as error:
        return "not modified" in error.message.lower()  # a double tap: it shows this already
    return True


async def take_buttons_away(bot: Bot, chat_id: int, message_id: int) -> None:
    """From a message whose time is over. It may be gone, or have none: then nothing is lost."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)
    except TelegramError as error:
        log.info("buttons stay where they were", extra={"error": error.message})


async def tell(bot: Bot, kit: Kit, reply: Reply, *, query: CallbackQuery | None = None, lead: str = "") -> None:
    """Show a turn: the first message in place of the tapped one, where there is one; what follows below it.

    Only the newest message keeps buttons.
    """
    messages = list(say_turn(kit.words, reply.turn, reply.token, lead=lead))
    if not messages:
        return
    tapped = query.message.message_id if query and query.message else 0
    shown = 0
    if query and await edit(query, messages[0]):
        del messages[0]
        shown = tapped
    sent = 0
    for message in messages:
        sent = await send(bot, kit, reply.telegram_id, message)
    for each in {tapped, reply.message_id} - {0, shown}:
        await take_buttons_away(bot, reply.telegram_id, each)
    if sent and reply.turn.position:
        await confirm(kit.database, reply, sent, kit.clock())


async def speak(bot: Bot, kit: Kit, reply: Reply) -> None:
    """Show a turn that came by itself, without a sound and in the chat's language."""
    kit = kit.with_words(reply.words).speaking(reply.language)
    sent = 0
    try:
        for message in say_turn(kit.words, reply.turn, reply.token):
            sent = await send(bot, kit, reply.telegram_id, message, is_silent=True)
    except Forbidden:
        await drop(kit.database, reply)
        return
    except TelegramError as error:
        log.warning("a flow goes on later: Telegram did not take it", extra={"error": error.message})
        return
    await confirm(kit.database, reply, sent, kit.clock())
    if reply.message_id:
        await take_buttons_away(bot, reply.telegram_id, reply.message_id)
