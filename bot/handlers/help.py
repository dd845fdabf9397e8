"""/help, /privacy, and the answer to unknown commands."""

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.handlers.access import command, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.command_names import written_command
from bot.handlers.context import Context
from bot.handlers.deep_links import GROUP, private_way
from bot.handlers.support import show_support
from bot.screens.callback_data import HELP_SHORT, HELP_WHOLE, PAGE, PRIVACY_REST, PRIVACY_SHORT, PRIVACY_WHOLE
from bot.screens.help import rest_of_privacy, short_help, short_privacy, whole_help, whole_privacy
from bot.screens.outgoing import OutgoingMessage

# In a group these are answered with the way to the private chat, where they belong.
PRIVATE_COMMANDS = (
    *(name for name in FLOWS_OF_COMMANDS if name != "ground"),  # which has an exercise for a group
    "privacy",
    "export",
    "bring",
    "plan",
    "session",
    "kept",
    *("note", "notes", "mine", "look"),
    "share",
)
LINKED = (*FLOWS_OF_COMMANDS, "share")  # what a link can open in the private chat


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    in_groups = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    return [
        CommandHandler("help", show_help, filters.UpdateType.MESSAGE),
        command("privacy", show_privacy),
        CommandHandler(PRIVATE_COMMANDS, show_the_way, in_groups),
        tap(PAGE, turn_page),
    ]


def unknown() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns the handler for unknown commands; it must come after all other commands."""
    return MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, unknown_command)


async def show_help(update: Update, context: Context) -> None:
    """/help: what the bot can do; in a group, the link to the private chat."""
    if not is_private(update):
        await show(update, context, Answer(OutgoingMessage(context.voice.interface.help.group, private_way(context))))
        return
    await show(update, context, Answer(_page(context, HELP_SHORT)))


async def show_privacy(update: Update, context: Context) -> None:
    """/privacy: what is stored, and for how long."""
    await show(update, context, Answer(_page(context, PRIVACY_SHORT)))


async def turn_page(update: Update, context: Context) -> None:
    """a:help, a:commands, a:privacy, a:details, a:rest: shows another page in the same message."""
    page = _page(context, context.data)
    await show(update, context, Answer(page, toast="" if page else context.voice.interface.replies.stale))


async def show_the_way(update: Update, context: Context) -> None:
    """Answers a private command in a group with a link; it opens what was asked for if a link can."""
    written = written_command(update.effective_message) if update.effective_message else None
    name = written.name.lower() if written else ""
    way = private_way(context, name if name in LINKED else GROUP)
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.help.private_only, way)))


async def unknown_command(update: Update, context: Context) -> None:
    """Says that the bot does not know this command, and which one may have been meant. /suport opens the card."""
    replies, message = context.voice.interface.replies, update.effective_message
    written = written_command(message) if message else None
    near = context.voice.library.find_near_command(written.name.lower(), context.voice.language) if written else None
    if near == "support":
        await show_support(update, context)
        return
    text = replies.near_command.format(command=near) if near else replies.unknown_command
    await show(update, context, Answer(OutgoingMessage(text)))


def _page(context: Context, data: str) -> OutgoingMessage | None:
    """Returns the page that this button opens; None for an unknown one."""
    interface, settings = context.voice.interface, context.services.settings
    pages = {
        HELP_SHORT: short_help(interface, settings.practice_contact_url),
        HELP_WHOLE: whole_help(interface),
        PRIVACY_SHORT: short_privacy(interface),
        PRIVACY_WHOLE: whole_privacy(interface),
        PRIVACY_REST: rest_of_privacy(
            interface,
            blocked_days=settings.forget_blocked_after,
            stranger_days=settings.forget_strangers_after,
            backup_days=settings.backups_kept_days,
        ),
    }
    return pages.get(data)
