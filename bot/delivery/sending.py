"""One message to one chat, and what became of it. The outbox sends through `send`; keyboards are made here for all."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from telegram import (
    Bot,
    ChatAdministratorRights,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.database.models import OffReason
from bot.delivery.rate_limits import retry_seconds
from bot.delivery.uploads import Pictures, is_unwanted, picture_of_card
from bot.domain.cards import Card
from bot.screens.outgoing import Button, Key, OutgoingMessage, Rows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: Telegram asked for patience (`is_asked`), or could not be reached."""

    seconds: float
    is_asked: bool
    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has become a supergroup with a new number; send there."""

    telegram_id: int


@dataclass(frozen=True, slots=True)
class Off:
    """Nothing can be sent to this chat until something changes there."""

    reason: OffReason
    error: str


@dataclass(frozen=True, slots=True)
class Held:
    """The topic is closed: the message is kept until it is open again, or too late."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This message is not wanted as it is; another one may be."""

    error: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Not sent: it is too late for it, or they have said stop since."""


Outcome = Sent | Later | Moved | Off | Held | Refused | Unwanted

# What Telegram says (in lower case) when a chat cannot be written to any more.
# https://core.telegram.org/bots/api#making-requests; the texts stand in tdlib/telegram-bot-api and tdlib/td.
OFF_TEXTS = {
    OffReason.BLOCKED: (
        "bot was blocked by the user",
        "bot was kicked",
        "bot is not a member",
        "have no write access",
        "user_is_blocked",
    ),
    OffReason.GONE: (
        "user is deactivated",
        "chat not found",
        "group chat was deleted",
        "can't initiate conversation",
        "can't send messages to",
    ),
    OffReason.NO_RIGHTS: (
        "need administrator rights",
        "not enough rights to send",
        "chat_write_forbidden",
        "chat_restricted",
        "chat_admin_required",
        "chat_send_plain_forbidden",
        "user_banned_in_channel",
    ),
    OffReason.TOPIC_GONE: ("message thread not found", "topic_deleted", "topic_id_invalid"),
}
TOPIC_CLOSED = "topic_closed"
# What the answer to a key says: which one it was.
REQUEST_GROUP, REQUEST_CHANNEL = 1, 2
POSTING = ChatAdministratorRights(
    can_post_messages=True,
    is_anonymous=False,
    can_manage_chat=False,
    can_delete_messages=False,
    can_manage_video_chats=False,
    can_restrict_members=False,
    can_promote_members=False,
    can_change_info=False,
    can_invite_users=False,
    can_post_stories=False,
    can_edit_stories=False,
    can_delete_stories=False,
    api_kwargs={"can_send_welcome_messages": False},  # since Bot API 10.2; PTB does not know it yet
)


async def send(
    bot: Bot,
    pictures: Pictures,
    telegram_id: int,
    thread_id: int,
    message: OutgoingMessage,
    *,
    is_silent: bool,
    is_paid: bool,
) -> Outcome:
    """Send one message. Raises InvalidToken, which nothing here can mend; all else becomes an Outcome."""
    payload: dict[str, Any] = {"chat_id": telegram_id}
    if thread_id:
        payload["message_thread_id"] = thread_id
    if is_silent:
        payload["disable_notification"] = True
    if is_paid:
        payload["allow_paid_broadcast"] = True
    if message.rows:
        payload["reply_markup"] = _plain_keyboard(message.rows)
    try:
        if not (message.card and await _send_card(bot, pictures, message.card, payload | {"caption": message.text})):
            await _post(bot, "sendMessage", payload | {"text": message.text})
    except InvalidToken as error:
        if "not found" in error.message.lower():
            return Later(60.0, False, error.message)
        raise
    except TelegramError as error:
        return judge(error)
    return Sent()


async def change_buttons(bot: Bot, telegram_id: int, message_id: int, rows: Rows) -> Outcome:
    """Put these buttons under a message of ours, whatever it shows. Raises nothing that a refusal says."""
    payload = {"chat_id": telegram_id, "message_id": message_id, "reply_markup": _plain_keyboard(rows)}
    try:
        await _post(bot, "editMessageReplyMarkup", payload)
    except TelegramError as error:
        return judge(error)
    return Sent()


async def _send_card(bot: Bot, pictures: Pictures, card: Card, payload: dict[str, Any]) -> bool:
    """False where pictures may not be sent, and words may."""

    async def post(photo: str | InputFile) -> Any:  # Any: Bot API JSON
        return await _post(bot, "sendPhoto", payload | {"photo": photo})

    try:
        await pictures.send(bot.id, picture_of_card(card), post, lambda sent: sent["photo"][-1]["file_id"])
    except BadRequest as error:
        if not is_unwanted(error):
            raise
        log.info("words instead of a picture", extra={"error": error.message[:200]})
        return False
    return True


async def _post(bot: Bot, method: str, payload: dict[str, Any]) -> Any:  # Any: Bot API JSON
    """Straight through the transport: building PTB's objects for an answer nobody reads costs more than the sending."""
    parameters = [
        RequestParameter(name, None, [value]) if isinstance(value, InputFile) else RequestParameter(name, value, None)
        for name, value in payload.items()
    ]
    return await bot.request.post(f"{bot.base_url}/{method}", RequestData(parameters))


def judge(error: TelegramError) -> Outcome:
    """What a refusal means for the chat and for the message."""
    match error:
        case RetryAfter():
            return Later(retry_seconds(error), True, "asked to wait")
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case BadRequest() | Forbidden():
            return _judge_text(error.message)
        case _:  # no connection, no answer in time, 5xx, an answer that is no JSON
            return Later(0.0, False, error.message[:200])


def _judge_text(message: str) -> Outcome:
    lowered, short = message.lower(), message[:200]
    if TOPIC_CLOSED in lowered:
        return Held(short)
    for reason, texts in OFF_TEXTS.items():
        if any(each in lowered for each in texts):
            return Off(reason, short)
    return Refused(short)


def markup(message: OutgoingMessage) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """What stands under a message, or in place of the person's keyboard."""
    if message.takes_keys_away:
        return ReplyKeyboardRemove()
    if message.keys:
        keys = [[_key(each) for each in row] for row in message.keys]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    return keyboard(message.rows)


def _key(key: Key) -> KeyboardButton:
    """Only the rights that are needed are asked for: to post in a channel, and none in a group.

    https://core.telegram.org/bots/api#keyboardbuttonrequestchat: what the bot asks for, the person has to have.
    """
    if not key.chooses:
        return KeyboardButton(key.label)
    if key.chooses == "group":
        wanted = KeyboardButtonRequestChat(REQUEST_GROUP, chat_is_channel=False, bot_is_member=True)
    else:
        wanted = KeyboardButtonRequestChat(
            REQUEST_CHANNEL,
            chat_is_channel=True,
            user_administrator_rights=POSTING,
            bot_administrator_rights=POSTING,
        )
    return KeyboardButton(key.label, request_chat=wanted)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Telegram's form of the buttons; None where there are none, which takes an old keyboard away."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(each) for each in row] for row in rows])


@lru_cache(maxsize=1024)
def _plain_keyboard(rows: Rows) -> dict[str, Any]:  # Any: Bot API JSON
    """The same as `keyboard`, for the rush: the rows under a sentence are the same in every chat. Not to be changed."""
    markup = keyboard(rows)
    return markup.to_dict() if markup else {}


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data)
