"""The outcomes of one message: every way in which Telegram takes, postpones or refuses it. Called by `usecases`."""

import random
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.database.values import OffReason
from bot.domain.ids import TelegramId


class TokenRefusedError(Exception):
    """Telegram does not accept the bot's token. The only error of a message that ends the program."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took the message. `message_id` is 0 where no caller needs it."""

    message_id: int = 0


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Send again after `seconds`: Telegram asked to wait (`is_asked`), or could not be reached."""

    seconds: float
    is_asked: bool
    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup with a new Telegram id; send there."""

    telegram_id: TelegramId


@dataclass(frozen=True, slots=True)
class ChatLost:
    """Nothing can be sent to this chat until something changes there."""

    reason: OffReason
    error: str


@dataclass(frozen=True, slots=True)
class TopicClosed:
    """The topic is closed: the message waits until it is open again or the message is too late."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram refuses this message; it may take others in the same chat.

    `is_about_message`: because of its text, buttons or file, so that it tells nothing about the chat.
    """

    error: str
    is_about_message: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not sent: it is too late, or the chat was stopped in the meantime."""

    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Building or sending this message raised an unexpected error. Other messages are not affected."""

    error: Exception


Outcome = Sent | RetryLater | Moved | ChatLost | TopicClosed | Refused | Skipped | Broken

# Telegram's error texts, in lower case, for a chat that cannot be written to.
# https://core.telegram.org/bots/api#making-requests; the texts stand in tdlib/telegram-bot-api and tdlib/td.
CHAT_LOST_TEXTS = {
    OffReason.BLOCKED: (
        "bot was blocked by the user",
        "bot was kicked",
        "bot is not a member",
        "have no write access",
        "user_is_blocked",
    ),
    OffReason.GONE: (
        "user is deactivated",
        "user_deactivated",
        "chat not found",
        "group chat was deleted",
        "can't initiate conversation",
        "can't send messages to",
    ),
    OffReason.NO_RIGHTS: (
        "need administrator rights",
        "not enough rights to send",
        "have no rights to send",
        "chat_write_forbidden",
        "chat_restricted",
        "chat_admin_required",
        "chat_send_plain_forbidden",
        "chat_guest_send_forbidden",
        "user_banned_in_channel",
    ),
    OffReason.TOPIC_GONE: ("message thread not found", "topic_deleted", "topic_id_invalid"),
}
TOPIC_CLOSED = "topic_closed"
LONGEST_ASKED = 86_400.0  # seconds that Telegram may ask to wait
USUAL_ASKED = 30.0
LONGEST_ERROR = 200  # characters that are kept of an error
# Parts of the texts about a message itself: its words, its buttons, its file. Whatever else is refused counts for the
# chat: an account that Telegram does not find, a channel that has become private, a text that is new.
MESSAGE_TEXTS = (
    "can't parse",
    "entit",
    "parse_mode",
    "message text is empty",
    "message_empty",
    "must be non-empty",
    "too long",
    "too_long",
    "too big",
    "too large",
    "button",
    "keyboard",
    "markup",
    "file identifier",
    "file_id",
    "file_",
    "http url",
    "web page",
    "photo_",
    "image_",
    "media_",
    "there is no",
    "wrong parameter",
    "message to be replied",
    "message to edit",
    "message can't be edited",
    "not modified",
)


def retry_seconds(error: RetryAfter) -> float:
    """Returns the seconds that Telegram asks for and a random part of a second, so that not all retry at once.

    An answer that names no number of seconds, or more than LONGEST_ASKED, is taken as that or as USUAL_ASKED.
    """
    asked = error.retry_after
    seconds = asked.total_seconds() if isinstance(asked, timedelta) else asked
    seconds = min(max(seconds, 0), LONGEST_ASKED) if isinstance(seconds, int | float) else USUAL_ASKED
    return seconds + random.random()  # noqa: S311 - spreads load, hides nothing


def classify_error(error: TelegramError, *, is_person: bool = False) -> Outcome:
    """Returns what an error means for the chat and the message. `is_person`: a person's chat, which never moves."""
    match error:
        case RetryAfter():
            return RetryLater(retry_seconds(error), True, "asked to wait")
        case ChatMigrated() if is_person:
            return Refused("a person's chat is said to have moved")
        case ChatMigrated():
            return Moved(TelegramId(error.new_chat_id))
        case BadRequest() | Forbidden():
            return _classify_text(error.message)
        case NetworkError() if "too large" in error.message.lower():  # a file, HTTP 413
            return Refused(_short(error.message), is_about_message=True)
        case _:  # no connection, no answer in time, 5xx, an answer that is no JSON
            return RetryLater(0.0, False, _short(error.message))


def _short(message: str) -> str:
    """Returns the beginning, as every database can store it: without NUL and halves of a character."""
    return message[:LONGEST_ERROR].encode(errors="replace").decode().replace("\0", "")


def _classify_text(message: str) -> Outcome:
    lowered, short = message.lower(), _short(message)
    if TOPIC_CLOSED in lowered:
        return TopicClosed(short)
    for reason, texts in CHAT_LOST_TEXTS.items():
        if any(text in lowered for text in texts):
            return ChatLost(reason, short)
    return Refused(short, is_about_message=any(text in lowered for text in MESSAGE_TEXTS))
