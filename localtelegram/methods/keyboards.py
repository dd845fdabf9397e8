"""Reads inline and reply keyboards as Telegram does: refuses, drops or keeps buttons. Sending and editing use it."""

import re
from urllib.parse import urlsplit

from localtelegram.answers import Json, NotPlayed, bad_request

_HERE = "localtelegram/methods/keyboards.py"
_BUTTON_KINDS = ("url", "callback_data", "copy_text")
_REQUEST_CHAT = (
    "request_id",
    "chat_is_channel",
    "bot_is_member",
    "user_administrator_rights",
    "bot_administrator_rights",
)
_MARKUP_BYTES = 10_000  # about what Telegram takes of button data
_IN_A_ROW = 8
_BUTTONS = 100
_PLAIN_BUTTON = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
_TOO_MANY_RIGHTS = "can't parse keyboard button: bot_administrator_rights must be a subset of user_administrator_rights"


def is_inline(markup: Json | None) -> bool:
    return markup is not None and "inline_keyboard" in markup


def read_markup(markup: Json | None, *, chat_type: str, complaints: list[str]) -> Json | None:
    """The markup as Telegram keeps it in a chat of this type; None where nothing is left of it."""
    if not markup:
        return None
    if is_inline(markup):
        return _read_inline(markup, complaints)
    if chat_type == "channel":
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        _refuse_others(markup, ("keyboard", "resize_keyboard", "one_time_keyboard"), "a reply keyboard")
        return _read_reply_keyboard(markup, chat_type, complaints)
    if markup.get("force_reply"):
        raise NotPlayed("force_reply", _HERE)
    if markup.get("remove_keyboard"):
        _refuse_others(markup, ("remove_keyboard",), "remove_keyboard")
        return markup
    raise bad_request("object expected as reply markup")


def inline_only(markup: Json | None, complaints: list[str]) -> Json | None:
    if markup and not is_inline(markup):
        raise bad_request("inline keyboard expected")
    return read_markup(markup, chat_type="private", complaints=complaints)


def _read_inline(markup: Json, complaints: list[str]) -> Json | None:
    rows = [_kept([_read_button(button) for button in row], complaints) for row in markup["inline_keyboard"]]
    rows = [row for row in rows if row]
    data = [str(button.get("callback_data", button.get("url", ""))) for row in rows for button in row]
    if sum(len(text.encode()) for text in data) > _MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    _count(rows, complaints)
    return {"inline_keyboard": rows} if rows else None


def _kept(row: list[Json], complaints: list[str]) -> list[Json]:
    """Drops buttons without a label, as Telegram does without a word."""
    kept = [button for button in row if button["text"].strip()]
    if len(kept) < len(row):
        complaints.append("a button has no text: Telegram drops it")
    return kept


def _count(rows: list[list[Json]], complaints: list[str]) -> None:
    if any(len(row) > _IN_A_ROW for row in rows):
        complaints.append(f"a keyboard row has more than {_IN_A_ROW} buttons")
    if sum(len(row) for row in rows) > _BUTTONS:
        complaints.append(f"a keyboard has more than {_BUTTONS} buttons")


def _read_button(button: Json) -> Json:
    _refuse_others(button, ("text", *_BUTTON_KINDS), "an inline button")
    stated = [kind for kind in _BUTTON_KINDS if button.get(kind)]
    if not stated:
        raise bad_request(_PLAIN_BUTTON)
    if len(stated) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    if len(button.get("callback_data", "").encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(button["url"])
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return button


def _refuse_others(given: Json, played: tuple[str, ...], name: str) -> None:
    if others := sorted(given.keys() - set(played)):
        raise NotPlayed(f"{name} with {', '.join(others)}", _HERE)


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    is_host = re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.hostname or "") is not None
    if parts.scheme != "tg" and (" " in url or not is_host):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _read_reply_keyboard(markup: Json, chat_type: str, complaints: list[str]) -> Json | None:
    rows = [[_read_key(key, chat_type) for key in row] for row in markup["keyboard"]]
    rows = [row for row in (_kept(row, complaints) for row in rows) if row]
    _count(rows, complaints)
    return {**markup, "keyboard": rows} if rows else None


def _read_key(key: Json, chat_type: str) -> Json:
    _refuse_others(key, ("text", "request_chat", "request_location"), "a key")
    if key.get("request_location") and chat_type != "private":
        raise bad_request("location can be requested in private chats only")
    if wanted := key.get("request_chat"):
        if chat_type != "private":
            raise bad_request("chats can be requested in private chats only")
        _refuse_others(wanted, _REQUEST_CHAT, "request_chat")
        _check_requested_rights(wanted)
    return key


def _check_requested_rights(wanted: Json) -> None:
    """The bot may ask only for rights that the person is asked to have as well."""
    of_bot, of_person = wanted.get("bot_administrator_rights", {}), wanted.get("user_administrator_rights", {})
    if any(is_wanted and not of_person.get(right) for right, is_wanted in of_bot.items()):
        raise bad_request(_TOO_MANY_RIGHTS)


def labels(markup: Json | None) -> list[list[str]]:
    """The labels of an inline or reply keyboard, row by row."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [[button["text"] for button in row] for row in rows]
