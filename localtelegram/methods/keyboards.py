"""Reply markups: what Telegram refuses, drops and keeps of them; sending and editing ask it."""

import re
from urllib.parse import urlsplit

from localtelegram.state.refusal import Json, bad_request

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
_MAY_BE_EMPTY = ("switch_inline_query", "switch_inline_query_current_chat")
_MARKUP_BYTES = 10_000  # about what Telegram takes of button data
_IN_A_ROW = 8
_BUTTONS = 100
_PRIVATE_ONLY = {
    "request_location": "location can be requested in private chats only",
    "request_contact": "phone number can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


def is_inline(markup: Json | None) -> bool:
    return markup is not None and "inline_keyboard" in markup


def read_markup(markup: Json | None, *, chat_type: str, complaints: list[str]) -> Json | None:
    """The markup as Telegram keeps it in a chat of this type; None where nothing is left of it."""
    if not markup:
        return None
    if is_inline(markup):
        return _read_inline(markup, chat_type, complaints)
    if chat_type == "channel":
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return _read_reply_keyboard(markup, chat_type, complaints)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("object expected as reply markup")


def inline_only(markup: Json | None, complaints: list[str]) -> Json | None:
    if markup and not is_inline(markup):
        raise bad_request("inline keyboard expected")
    return read_markup(markup, chat_type="private", complaints=complaints)


def _read_inline(markup: Json, chat_type: str, complaints: list[str]) -> Json | None:
    rows = [_kept([_read_inline_button(button) for button in row], complaints) for row in markup["inline_keyboard"]]
    rows = [row for row in rows if row]
    if chat_type != "private" and any("web_app" in button for row in rows for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    if sum(len(str(button.get("callback_data", button.get("url", ""))).encode()) for row in rows for button in row) > (
        _MARKUP_BYTES
    ):
        raise bad_request("reply markup is too long")
    _count(rows, complaints)
    return {"inline_keyboard": rows} if rows else None


def _kept(row: list[Json], complaints: list[str]) -> list[Json]:
    """Telegram drops a button without a label and says nothing."""
    kept = [button for button in row if button["text"].strip()]
    if len(kept) < len(row):
        complaints.append("a button has no text: Telegram drops it")
    return kept


def _count(rows: list[list[Json]], complaints: list[str]) -> None:
    if any(len(row) > _IN_A_ROW for row in rows):
        complaints.append(f"a keyboard row has more than {_IN_A_ROW} buttons")
    if sum(len(row) for row in rows) > _BUTTONS:
        complaints.append(f"a keyboard has more than {_BUTTONS} buttons")


def _read_inline_button(button: Json) -> Json:
    stated = [
        key for key in _ACTIONS if key in button and (button[key] or key in _MAY_BE_EMPTY or _is_object(button[key]))
    ]
    if not stated:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    action = stated[0]
    if len(stated) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    if action in ("pay", "callback_game"):
        raise bad_request("BUTTON_TYPE_INVALID")  # they belong to invoices and games
    if action == "callback_data" and len(button[action].encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(button[action])
    if action == "copy_text" and not 1 <= len(button[action]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app" and not button[action]["url"].startswith("https://"):
        raise _wrong_app("inline keyboard", button)
    return button


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _wrong_app(keyboard: str, button: Json) -> Exception:
    url = button["web_app"]["url"]
    return bad_request(f"{keyboard} button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def is_web_address(url: str) -> bool:
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    return " " not in url and re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) is not None


def _check_url(url: str) -> None:
    bare = url if "://" in url or url.startswith("tg:") else f"http://{url}"
    parts = urlsplit(bare)
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme == "tg":
        return
    if not is_web_address(bare):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _read_reply_keyboard(markup: Json, chat_type: str, complaints: list[str]) -> Json | None:
    rows = [[_read_reply_button(button, chat_type) for button in row] for row in markup["keyboard"]]
    rows = [row for row in (_kept(row, complaints) for row in rows) if row]
    placeholder = markup.get("input_field_placeholder", "")
    if len(placeholder) > 64:
        raise bad_request("input field placeholder is too long")
    _count(rows, complaints)
    if not rows:
        return None
    return {**markup, "keyboard": rows}


def _read_reply_button(button: Json | str, chat_type: str) -> Json:
    if isinstance(button, str):
        return {"text": button}
    for key, reason in _PRIVATE_ONLY.items():
        if button.get(key) and chat_type != "private":
            raise bad_request(reason)
    if "web_app" in button and not button["web_app"]["url"].startswith("https://"):
        raise _wrong_app("keyboard", button)
    if chat := button.get("request_chat"):
        _check_requested_rights(chat)
    return button


def _check_requested_rights(chat: Json) -> None:
    """The bot may ask for no right that the person is not asked to have."""
    wanted, held = chat.get("bot_administrator_rights"), chat.get("user_administrator_rights")
    if wanted is None:
        return
    missing = [right for right, is_wanted in wanted.items() if is_wanted and not (held or {}).get(right)]
    if missing:
        raise bad_request(
            "can't parse keyboard button: bot_administrator_rights must be a subset of user_administrator_rights"
        )


def labels(markup: Json | None) -> list[list[str]]:
    """The labels of an inline or reply keyboard, row by row."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [[button["text"] for button in row] for row in rows]
