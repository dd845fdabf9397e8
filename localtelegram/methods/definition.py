"""The Bot API's definition (bot_api.json): methods, types and limits. `decoding` checks calls by it."""

import json
from pathlib import Path

from localtelegram.answers import Json, bad_request

_DEFINITION = json.loads((Path(__file__).parent / "bot_api.json").read_text(encoding="utf-8"))
METHODS: dict[str, Json] = _DEFINITION["methods"]
TYPES: dict[str, Json] = _DEFINITION["types"]
_BY_LOWER_NAME = {name.lower(): name for name in METHODS}

# Their length is refused by the method, after parsing and in Telegram's words.
_LIMITS_ELSEWHERE = {
    ("BotCommand", "command"),
    ("BotCommand", "description"),
    ("CopyTextButton", "text"),
    ("InlineKeyboardButton", "callback_data"),
    ("InputTextMessageContent", "message_text"),
    ("answerCallbackQuery", "text"),
    ("getUpdates", "limit"),
    ("setMyCommands", "commands"),
    ("setWebhook", "secret_token"),
}
_WHEN_TOO_LONG = {("setMyDescription", "description"): "BOT_DESC_INVALID"}


def method_named(name: str) -> str | None:
    """The proper spelling of a method's name, which Telegram takes in any case; None for an unknown one."""
    return _BY_LOWER_NAME.get(name.lower())


def check_limits(owner: str, name: str, value: object, spec: Json) -> None:
    """Raises a refusal for a value that Telegram refuses. `owner` is the method or type that the field belongs to."""
    if "enum" in spec and value not in spec["enum"]:
        raise bad_request(f'unsupported value of "{name}" specified')
    limits = spec.get("limits")
    if not limits or limits.get("after_entities") or _is_limited_elsewhere(owner, name):
        return
    size = _size(value, limits["unit"])
    if size > limits.get("max", size) and (owner, name) in _WHEN_TOO_LONG:
        raise bad_request(_WHEN_TOO_LONG[owner, name])
    if size > limits.get("max", size):
        raise bad_request(f"{name} is too {'long' if limits['unit'] != 'value' else 'big'}: at most {limits['max']}")
    if size < limits.get("min", size):
        raise bad_request(
            f"{name} is too {'short' if limits['unit'] != 'value' else 'small'}: at least {limits['min']}"
        )


def _is_limited_elsewhere(owner: str, name: str) -> bool:
    is_result_id = name == "id" and owner.startswith("InlineQueryResult")
    return is_result_id or (owner, name) in _LIMITS_ELSEWHERE


def _size(value: object, unit: str) -> float:
    if unit == "value" and isinstance(value, (int, float)):
        return value
    if unit == "bytes":
        return len(str(value).encode())
    return len(value) if isinstance(value, (str, list)) else 0
