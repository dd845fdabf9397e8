"""Buttons and keys in Telegram's form. `sending` and the handlers ask it."""

from functools import lru_cache
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

from bot.screens.outgoing import Button, Key, OutgoingMessage, Rows

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
def plain_keyboard(rows: Rows) -> dict[str, Any]:  # Any: Bot API JSON
    """The same as `keyboard`, for the rush: the rows under a sentence are the same in every chat. Not to be changed."""
    markup = keyboard(rows)
    return markup.to_dict() if markup else {}


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(button.label, callback_data=button.data)
