"""What is not answered in a group: other programs, what a channel posts there, and what fills it up. Before all others.

PTB asks it first, and whatever it stops reaches no other handler.
"""

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.handlers.kit import Context
from bot.handlers.replies import QUESTION, acknowledge

# Who Telegram names as the sender where someone writes in the name of the group, or of a channel.
# https://core.telegram.org/bots/api#message: `from` has a fake user in non-channel chats then.
ANONYMOUS_ADMIN, CHANNEL_BOT = 1087968824, 136817688
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# Never made to wait: help for someone in need.
AT_ONCE = ("/support", "h:")
# Those who look after a group tap through questions, and their taps are checked one by one.
UNCOUNTED = (QUESTION, "r:", "s:", "t:", "y:", "p:", "o:", "start:", "m:", "w")


def handler() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return TypeHandler(Update, screen)


async def screen(update: Update, context: Context) -> None:
    """Lets pass, or raises ApplicationHandlerStop."""
    place = update.effective_chat
    if place is None or place.type not in GROUPS or update.my_chat_member:
        return
    if _is_program(update):
        raise ApplicationHandlerStop
    asked, person = _asked(update), update.effective_user
    if not asked:
        return
    thread_id = update.effective_message.message_thread_id if update.effective_message else None
    sender = update.effective_sender
    key = (place.id, thread_id, sender.id if sender else person.id if person else 0, asked)
    is_repeated = not asked.startswith("w") and context.kit.restraint.is_repeated(key)
    is_counted = not asked.startswith(AT_ONCE) and not (update.callback_query and asked.startswith(UNCOUNTED))
    if is_repeated or (is_counted and not context.kit.restraint.has_room(place.id)):
        if update.callback_query:
            await acknowledge(update.callback_query, "" if is_repeated else context.kit.words.together.slower)
        raise ApplicationHandlerStop


def _is_program(update: Update) -> bool:
    """Other bots, and what Telegram itself forwards from a linked channel: answering those could go on for ever."""
    person, message = update.effective_user, update.effective_message
    if message and update.callback_query is None and message.is_automatic_forward:
        return True
    return person is not None and person.is_bot and person.id not in (ANONYMOUS_ADMIN, CHANNEL_BOT)


def _asked(update: Update) -> str:
    """The command, or what a button does; empty for what is neither."""
    if update.callback_query:
        return update.callback_query.data or "?"
    text = (update.effective_message.text if update.effective_message else None) or ""
    return text.split()[0].partition("@")[0].lower() if text.startswith("/") else ""
