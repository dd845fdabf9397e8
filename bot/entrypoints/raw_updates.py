"""Reads an update as Telegram sends it. What Telegram never gives, such as a number that no chat has, is no update.

Called by `update_queue`. Behind it, numbers fit the columns of every database, and texts can be stored and sent.
"""

import re
from typing import Any

from telegram import Bot, Update

# "at most 52 significant bits" (https://core.telegram.org/bots/api#chat); the ids of messages have 31.
HIGHEST_NUMBER, HIGHEST_MESSAGE, LATEST = 2**52, 2**31 - 1, 2**32 - 1
# The kinds of updates that the bot asks for; any other was asked for before, by another program with this token.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
DEEPEST = 64  # objects within objects
SENDERS = ("from", "user", "sender_chat", "chat")
# Neither PostgreSQL nor UTF-8 can hold them; Telegram sends none, but JSON may.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"  # as long as what it replaces, so that entities stay where they are

Json = Any  # as Telegram sends it


class UnreadableUpdateError(Exception):
    """It is no update of the Bot API; the text says why, without anything out of it."""


def read_update(raw: dict[str, Json], bot: Bot) -> Update | None:
    """Returns the update; None for a kind that the bot has no use for. Raises UnreadableUpdateError."""
    if not any(kind in raw for kind in ALLOWED_UPDATES):
        return None
    checked = _checked(raw, "", 0)
    try:
        update = Update.de_json(checked, bot)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, OSError, RecursionError) as error:
        raise UnreadableUpdateError(type(error).__name__) from error
    if (update.message or update.edited_message) and update.effective_sender is None:
        raise UnreadableUpdateError("a message from nobody")  # only posts in channels are
    return update


def _checked(value: Json, name: str, depth: int) -> Json:
    """The same with texts that can be stored; `name` is the field that it stands in."""
    if depth > DEEPEST:
        raise UnreadableUpdateError("too deep")
    match value:
        case str():
            return UNSTORABLE.sub(REPLACEMENT, value)
        case bool() | None:
            return value
        case int():
            return _checked_number(value, name)
        case list():
            return [_checked(item, name, depth + 1) for item in value]
        case dict():
            if name in SENDERS:
                _check_sender(value, name)
            return {field: _checked(content, field, depth + 1) for field, content in value.items()}
    return value


def _checked_number(value: int, name: str) -> int:
    if name.endswith(("message_id", "thread_id")):
        is_right = 0 <= value <= HIGHEST_MESSAGE
    elif name.endswith("date"):
        is_right = 0 <= value <= LATEST
    else:
        is_right = abs(value) <= HIGHEST_NUMBER
    if not is_right:
        raise UnreadableUpdateError(f"{name} out of range")
    return value


def _check_sender(sender: dict[str, Json], name: str) -> None:
    """People have numbers above zero, and so have private chats; all other chats have numbers below."""
    number, is_person = sender.get("id"), name in ("from", "user") or sender.get("type") == "private"
    if not isinstance(number, int) or not (number > 0 if is_person else number < 0):
        raise UnreadableUpdateError(f"{name} has a number that Telegram never gives")
