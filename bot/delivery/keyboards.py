"""Converts buttons to Telegram's keyboards. Called by `sending` and `handlers`."""

from typing import Any

from telegram import (
    ChatAdministratorRights,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.screens.outgoing import Button, OutgoingMessage, ReplyButton, Rows

# The request_id of a key, which Telegram returns in chat_shared.
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


def markup(message: OutgoingMessage) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Returns the reply markup of a message: an inline keyboard, a keyboard, its removal, or None."""
    if message.removes_keyboard:
        return ReplyKeyboardRemove()
    if message.keyboard:
        buttons = [[_reply_button(button) for button in row] for row in message.keyboard]
        return ReplyKeyboardMarkup(buttons, resize_keyboard=True, one_time_keyboard=True)
    return keyboard(message.rows)


def _reply_button(button: ReplyButton) -> KeyboardButton:
    """Asks for the right to post in a channel, and for no right in a group.

    The person needs the rights that the bot asks for: https://core.telegram.org/bots/api#keyboardbuttonrequestchat
    """
    if not button.chooses:
        return KeyboardButton(button.label, request_location=button.asks_location or None)
    if button.chooses == "group":
        wanted = KeyboardButtonRequestChat(REQUEST_GROUP, chat_is_channel=False, bot_is_member=True)
    else:
        wanted = KeyboardButtonRequestChat(
            REQUEST_CHANNEL,
            chat_is_channel=True,
            user_administrator_rights=POSTING,
            bot_administrator_rights=POSTING,
        )
    return KeyboardButton(button.label, request_chat=wanted)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Returns the inline keyboard; None without buttons, which removes the keyboard of an edited message."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def rows_of(markup: InlineKeyboardMarkup | None) -> Rows:
    """Returns the rows of an inline keyboard that this bot has sent: the other way round than `keyboard`."""
    return tuple(tuple(map(_button_of, row)) for row in markup.inline_keyboard) if markup else ()


def plain_keyboard(rows: Rows) -> dict[str, Any]:  # Any: Bot API JSON
    """Returns `keyboard` as JSON values, made without PTB's objects, which take 100 us each.

    It is not cached: under a reminder's message the rows are that reminder's own.
    """
    return {"inline_keyboard": [[_plain(button) for button in row] for row in rows]} if rows else {}


def _plain(button: Button) -> dict[str, Any]:  # Any: Bot API JSON
    if button.url:
        return {"text": button.label, "url": button.url}
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    return {"text": button.label, "callback_data": button.data}


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data)


def _button_of(button: InlineKeyboardButton) -> Button:
    data = button.callback_data if isinstance(button.callback_data, str) else ""
    return Button(button.text, data, button.url or "", button.copy_text.text if button.copy_text else "")
