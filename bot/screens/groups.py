"""Groups and channels that a person has set up: choosing one, its card, and the notices about it."""

from collections.abc import Sequence

from bot.content.groups import GroupTexts
from bot.content.interface import Interface
from bot.domain.ids import ChatId
from bot.screens.callback_data import (
    ADD,
    AFFIRM_NOW,
    ANEW,
    BRING_BACK,
    CARD,
    ERASE,
    GENERAL,
    LEAVE,
    LIST,
    PAUSE_ASK,
    PAUSE_RESUME,
    PAUSE_STOP,
    REMINDER_LIST,
    SETTINGS_SHOW,
    START_NEW,
    about_chat,
)
from bot.screens.outgoing import Button, OutgoingMessage, ReplyButton, Rows

CHAT_LINK = "chat-"  # starts the payload of a deep link to a chat's card; Telegram's chat id follows, without the minus


def picker(texts: GroupTexts) -> OutgoingMessage:
    """Asks for a group or a channel with buttons that open Telegram's own list."""
    buttons = (
        (ReplyButton(texts.a_group, "group"), ReplyButton(texts.a_channel, "channel")),
        (ReplyButton(texts.not_now),),
    )
    return OutgoingMessage(texts.question_chat, keyboard=buttons)


def picker_gone(text: str) -> OutgoingMessage:
    """A message that removes the picker's keyboard."""
    return OutgoingMessage(text, removes_keyboard=True)


def not_there_yet(texts: GroupTexts, username: str, *, is_channel: bool) -> OutgoingMessage:
    """Says that the bot is not in the chat, with a link that adds it with the one right it needs."""
    if is_channel:
        url = f"https://t.me/{username}?startchannel&admin=post_messages"
        return OutgoingMessage(texts.not_in_channel, ((Button(texts.add_to_channel, url=url),),))
    url = f"https://t.me/{username}?startgroup=share"
    return OutgoingMessage(texts.not_in_group, ((Button(texts.add_to_group, url=url),),))


def chat_list(texts: GroupTexts, named: Sequence[tuple[ChatId, str]]) -> OutgoingMessage:
    """One button to the card of each chat. `named` has pairs of row id and title."""
    rows = tuple((Button(name[:60], about_chat(row_id, CARD)),) for row_id, name in named)
    return OutgoingMessage(texts.question_which, (*rows, (Button(texts.add, ADD),)))


def chat_card(interface: Interface, text: str, off_reason: str | None, *, is_paused: bool) -> OutgoingMessage:
    """The card of a chat: `text` describes its state, the buttons change it."""
    together = interface.together
    notes = {
        "blocked": together.card_blocked,
        "gone": together.card_gone,
        "no_rights": together.card_no_rights,
        "topic_gone": together.card_topic_gone,
        "refused": together.card_refused,
    }
    note = notes.get(off_reason or "", "")  # a stop is in the text already
    rest = (
        (Button(together.bring_back, PAUSE_RESUME),)
        if off_reason or is_paused
        else (Button(together.pause, PAUSE_ASK), Button(together.stop, PAUSE_STOP))
    )
    rows: Rows = (
        (Button(together.see_reminders, REMINDER_LIST), Button(together.see_settings, SETTINGS_SHOW)),
        *(((Button(together.to_general, GENERAL),),) if off_reason == "topic_gone" else ()),
        rest,
        (Button(interface.setup.send_one_now, AFFIRM_NOW),),
        (Button(together.leave, LEAVE), Button(together.erase, ERASE)),
        (Button(together.all, LIST),),
    )
    return OutgoingMessage("\n\n".join(filter(None, (text, note))), rows)


def notice(interface: Interface, what: str, title: str, row_id: ChatId) -> OutgoingMessage:
    """The message that notifies a facilitator about a chat. `what` is the value of a Notice.

    `title` is empty if Telegram no longer knows it. Raises KeyError for a notice that does not exist.
    """
    together = interface.together
    card = (Button(together.open_card, about_chat(row_id, CARD)),)
    notices: dict[str, tuple[str, Rows]] = {
        "blocked": (together.told_blocked, (card,)),
        "gone": (together.told_gone, ()),
        "no_rights": (together.told_no_rights, (card,)),
        "topic_gone": (together.told_topic_gone, ((Button(together.to_general, about_chat(row_id, GENERAL)),), card)),
        "refused": (together.told_refused, (card,)),
        "topic_closed": (together.told_topic_closed, (card,)),
        "back_in": (together.told_back_in, back_in_rows(interface, row_id)),
        "admin": (together.told_admin, ()),
    }
    text, rows = notices[what]
    return OutgoingMessage(text.format(title=title or together.unnamed), rows)


def back_in_rows(interface: Interface, row_id: ChatId) -> Rows:
    """Buttons for a chat that the bot has come back to: resume the old reminders, or begin anew."""
    return (
        (Button(interface.together.bring_back, about_chat(row_id, BRING_BACK)),),
        (Button(interface.together.begin_anew, about_chat(row_id, ANEW)),),
    )


def hello(interface: Interface, private_url: str, *, is_looked_after: bool) -> OutgoingMessage:
    """The greeting for a group that the bot was added to; without buttons if somebody is setting it up."""
    together = interface.together
    rows: Rows = (
        (Button(together.set_up_in_private, url=private_url),),
        (Button(together.set_up_here, START_NEW),),
    )
    return OutgoingMessage(together.hello, () if is_looked_after else rows)


def in_channel_now(interface: Interface, title: str, row_id: ChatId) -> OutgoingMessage:
    """Tells the person who has just let the bot post in a channel how to set it up."""
    text = interface.together.in_channel.format(title=title or interface.together.unnamed)
    return OutgoingMessage(text, ((Button(interface.together.set_it_up, about_chat(row_id, CARD)),),))
