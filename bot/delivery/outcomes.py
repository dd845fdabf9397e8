"""What became of one message: each way in which Telegram takes, postpones or refuses it, as a value."""

from dataclasses import dataclass

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.database.models import OffReason
from bot.delivery.rate_limits import retry_seconds


class TokenRefusedError(Exception):
    """Telegram does not accept the bot's token (any more). The one error of one message that ends the program."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took it, as message `message_id`; 0 where nobody asks for that number."""

    message_id: int = 0


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Not now: Telegram asked for patience (`is_asked`), or could not be reached."""

    seconds: float
    is_asked: bool
    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has become a supergroup with a new number; send there."""

    telegram_id: int


@dataclass(frozen=True, slots=True)
class ChatLost:
    """Nothing can be sent to this chat until something changes there."""

    reason: OffReason
    error: str


@dataclass(frozen=True, slots=True)
class TopicClosed:
    """The topic is closed: the message is kept until it is open again, or too late."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This message is not wanted as it is; another one may be."""

    error: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not sent: it is too late for it, or they have said stop since."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Making or sending this message raised an error that nobody expected. Other messages are not concerned."""

    error: Exception


Outcome = Sent | RetryLater | Moved | ChatLost | TopicClosed | Refused | Skipped | Broken

# What Telegram says (in lower case) when a chat cannot be written to any more.
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


def classify_error(error: TelegramError) -> Outcome:
    """What a refusal means for the chat and for the message."""
    match error:
        case RetryAfter():
            return RetryLater(retry_seconds(error), True, "asked to wait")
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case BadRequest() | Forbidden():
            return _classify_text(error.message)
        case _:  # no connection, no answer in time, 5xx, an answer that is no JSON
            return RetryLater(0.0, False, error.message[:200])


def _classify_text(message: str) -> Outcome:
    lowered, short = message.lower(), message[:200]
    if TOPIC_CLOSED in lowered:
        return TopicClosed(short)
    for reason, texts in CHAT_LOST_TEXTS.items():
        if any(each in lowered for each in texts):
            return ChatLost(reason, short)
    return Refused(short)
