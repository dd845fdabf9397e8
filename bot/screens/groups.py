"""Groups and channels that someone looks after: choosing one, its card, and what is told of it."""

from collections.abc import Sequence

from bot.content.groups import Together
from bot.content.interface import Interface
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
from bot.screens.outgoing import Button, Key, OutgoingMessage, Rows

LINK = "chat-"  # how a link that opens a chat's card begins; its number in Telegram follows, without the minus


def picker(words: Together) -> OutgoingMessage:
    """Telegram's own list of groups or channels opens by a key."""
    keys = ((Key(words.a_group, "group"), Key(words.a_channel, "channel")), (Key(words.not_now),))
    return OutgoingMessage(words.question_chat, keys=keys)


def picker_gone(text: str) -> OutgoingMessage:
    return OutgoingMessage(text, takes_keys_away=True)


def not_there_yet(words: Together, username: str, *, is_channel: bool) -> OutgoingMessage:
    """The bot is not in it: a link that adds it, with the one right that it needs."""
    if is_channel:
        url = f"https://t.me/{username}?startchannel&admin=post_messages"
        return OutgoingMessage(words.not_in_channel, ((Button(words.add_to_channel, url=url),),))
    url = f"https://t.me/{username}?startgroup=share"
    return OutgoingMessage(words.not_in_group, ((Button(words.add_to_group, url=url),),))


def chat_list(words: Together, named: Sequence[tuple[int, str]]) -> OutgoingMessage:
    """All that someone looks after, each a button to its card."""
    rows = tuple((Button(name[:60], about_chat(number, CARD)),) for number, name in named)
    return OutgoingMessage(words.question_which, (*rows, (Button(words.add, ADD),)))


def chat_card(words: Interface, text: str, off_reason: str | None, *, is_paused: bool) -> OutgoingMessage:
    """How things are there, and what can be changed."""
    together = words.together
    notes = {
        "blocked": together.card_blocked,
        "gone": together.card_gone,
        "no_rights": together.card_no_rights,
        "topic_gone": together.card_topic_gone,
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
        (Button(words.setup.send_one_now, AFFIRM_NOW),),
        (Button(together.leave, LEAVE), Button(together.erase, ERASE)),
        (Button(together.all, LIST),),
    )
    return OutgoingMessage("\n\n".join(filter(None, (text, note))), rows)


def notice(words: Interface, what: str, title: str, row_id: int) -> OutgoingMessage:
    """What is told of a chat, by the name of the notice. `title` is empty where Telegram does not say it any more."""
    together = words.together
    card = (Button(together.open_card, about_chat(row_id, CARD)),)
    notices: dict[str, tuple[str, Rows]] = {
        "blocked": (together.told_blocked, (card,)),
        "gone": (together.told_gone, ()),
        "no_rights": (together.told_no_rights, (card,)),
        "topic_gone": (together.told_topic_gone, ((Button(together.to_general, about_chat(row_id, GENERAL)),), card)),
        "topic_closed": (together.told_topic_closed, (card,)),
        "back_in": (together.told_back_in, back_in_rows(words, row_id)),
        "admin": (together.told_admin, ()),
    }
    text, rows = notices[what]
    return OutgoingMessage(text.format(title=title or together.unnamed), rows)


def back_in_rows(words: Interface, row_id: int) -> Rows:
    return (
        (Button(words.together.bring_back, about_chat(row_id, BRING_BACK)),),
        (Button(words.together.begin_anew, about_chat(row_id, ANEW)),),
    )


def hello(words: Interface, private_url: str, *, is_looked_after: bool) -> OutgoingMessage:
    """Said once to a group that the bot was added to. Where somebody is setting it up already, nothing is asked."""
    together = words.together
    rows: Rows = (
        (Button(together.set_up_in_private, url=private_url),),
        (Button(together.set_up_here, START_NEW),),
    )
    return OutgoingMessage(together.hello, () if is_looked_after else rows)


def in_channel_now(words: Interface, title: str, row_id: int) -> OutgoingMessage:
    """To whoever has just let the bot post in a channel."""
    text = words.together.in_channel.format(title=title or words.together.unnamed)
    return OutgoingMessage(text, ((Button(words.together.set_it_up, about_chat(row_id, CARD)),),))
