"""/help, /privacy, and the answer to unknown commands."""

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.handlers.access import command, is_private
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.handlers.deep_links import GROUP, private_way
from bot.screens.outgoing import Button, OutgoingMessage, Rows

# In a group these are answered with the way to the private chat, where they belong.
PRIVATE_COMMANDS = (
    *(name for name in FLOWS_OF_COMMANDS if name != "ground"),  # which has an exercise for a group
    "privacy",
    "kept",
    "share",
)
LINKED = (*FLOWS_OF_COMMANDS, "share")  # what a link can open in the private chat


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    in_groups = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    return [
        CommandHandler("help", show_help, filters.UpdateType.MESSAGE),
        command("privacy", show_privacy),
        CommandHandler(PRIVATE_COMMANDS, show_the_way, in_groups),
    ]


def unknown() -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    """Returns the handler for unknown commands; it must come after all other commands."""
    return MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, unknown_command)


async def show_help(update: Update, context: Context) -> None:
    """/help: what the bot can do; in a group, the link to the private chat."""
    texts, url = context.voice.interface.help, context.services.settings.practice_contact_url
    if not is_private(update):
        await show(update, context, Answer(OutgoingMessage(texts.group, private_way(context))))
        return
    rows: Rows = ((Button(texts.contact, url=url),),) if url else ()
    await show(update, context, Answer(OutgoingMessage(texts.text, rows)))


async def show_privacy(update: Update, context: Context) -> None:
    """/privacy: what is stored, and for how long."""
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.privacy)))


async def show_the_way(update: Update, context: Context) -> None:
    """Answers a private command in a group with a link; it opens what was asked for if a link can."""
    text = (update.effective_message.text if update.effective_message else None) or ""
    name = text.split()[0].removeprefix("/").partition("@")[0].lower()
    way = private_way(context, name if name in LINKED else GROUP)
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.help.private_only, way)))


async def unknown_command(update: Update, context: Context) -> None:
    """Says that the bot does not know this command."""
    await show(update, context, Answer(OutgoingMessage(context.voice.interface.replies.unknown_command)))
