"""Words of danger behind a command ("/note he hits me") open the support card, in groups as well. Called by `app`.

PTB asks this handler ahead of those of the commands; an update that it stops reaches none of them.
"""

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, MessageHandler, filters

from bot.handlers.access import is_private
from bot.handlers.command_names import danger_behind, written_command
from bot.handlers.context import Context
from bot.handlers.support import show_support

# In a private chat these open the card themselves, after they did what was asked.
HEARING = ("note", "mine", "look", "session", "remind", "pause")
DONE_AS_WELL = ("stop",)  # a command that must not be lost


def before() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns the handler to ask ahead of those of the commands."""
    where = (filters.ChatType.PRIVATE | filters.ChatType.GROUPS) & filters.UpdateType.MESSAGE
    return MessageHandler(where & filters.COMMAND, hear)


async def hear(update: Update, context: Context) -> None:
    """Opens the card for words of danger behind a command; else lets the update pass."""
    message, library = update.effective_message, context.voice.library
    heard = danger_behind(message, library) if message else None
    if message is None or heard is None or not _is_ours(message, context):
        return
    name = _name(message, context)
    if is_private(update) and name in HEARING:
        return
    await show_support(update, context, heard=heard)
    if name not in DONE_AS_WELL:
        raise ApplicationHandlerStop


def _is_ours(message: Message, context: Context) -> bool:
    """Whether the command is meant for this bot. In a group one that nobody knows may be another bot's."""
    written = written_command(message)
    if written is None:
        return False
    if written.bot:
        return written.bot.lower() == context.bot.username.lower()
    return message.chat.type == message.chat.PRIVATE or bool(_name(message, context))


def _name(message: Message, context: Context) -> str:
    """The command by its plain name; empty for one that is not known."""
    written = written_command(message)
    return context.voice.library.find_command(written.name.lower()) or "" if written else ""
