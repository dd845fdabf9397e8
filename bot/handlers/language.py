"""/language: the one that is spoken in this private chat."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.handlers.kit import Context
from bot.handlers.private import command, is_private, open_here
from bot.handlers.replies import Answer, show
from bot.render.outgoing import Button, OutgoingMessage, in_rows
from bot.render.times import language_name


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("language", ask), CallbackQueryHandler(tapped, pattern=r"^y:")]


async def ask(update: Update, context: Context) -> None:
    """/language"""
    await show(update, context, Answer(_question(context), is_new=True))


async def tapped(update: Update, context: Context) -> None:
    """y: asks, y:<language> chooses."""
    kit = context.kit
    value = (update.callback_query.data or "").removeprefix("y:") if update.callback_query else ""
    if not is_private(update) or value not in ("", *kit.library.languages):
        await show(update, context, Answer(toast=kit.words.replies.stale))
        return
    if not value:
        await ask(update, context)
        return
    async with kit.database.write() as session:
        chat, _ = await open_here(session, update, kit)
        chat.language = value
    await show(update, context, Answer(OutgoingMessage(kit.speaking(value).words.language.chosen)))


def _question(context: Context) -> OutgoingMessage:
    """In the language that is spoken now, and in all others: who cannot read it is to find the way."""
    kit = context.kit
    others = [each for each in kit.library.languages if each != kit.language]
    questions = [kit.speaking(each).words.language.question for each in (kit.language, *others)]
    buttons = [Button(language_name(each), f"y:{each}") for each in kit.library.languages]
    return OutgoingMessage("\n".join(dict.fromkeys(questions)), in_rows(buttons, 2))
