"""/language: the language of a chat."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.handlers.access import chat_command, get_or_create_accessed_chat, is_operator, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.bot_profile import show_menu_in
from bot.handlers.context import Context
from bot.screens.callback_data import LANGUAGE
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import language_name


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("language", ask), tap(LANGUAGE, tapped)]


async def ask(update: Update, context: Context) -> None:
    """/language: asks which language."""
    await show(update, context, Answer(_question(context), is_new=True))


async def tapped(update: Update, context: Context) -> None:
    """y: asks; y:<language> chooses."""
    value = ":".join(LANGUAGE.read(context.data) or ())
    if value not in ("", *context.voice.library.languages):
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    if not value:
        await ask(update, context)
        return
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        chat.language = value
    spoken = context.voice.speaking(value).interface
    await show(update, context, Answer(OutgoingMessage(spoken.language.chosen)))
    operator = is_private(update) and is_operator(update, context)
    await show_menu_in(context.bot, spoken, context.access.telegram_id, is_operator=operator)


def _question(context: Context) -> OutgoingMessage:
    """In this chat's language and in all others: a person who cannot read the present one must find the way."""
    others = [language for language in context.voice.library.languages if language != context.voice.language]
    questions = [
        context.voice.speaking(language).interface.language.question for language in (context.voice.language, *others)
    ]
    buttons = [
        Button(language_name(language), LANGUAGE.build(language)) for language in context.voice.library.languages
    ]
    return OutgoingMessage("\n".join(dict.fromkeys(questions)), in_rows(buttons, 2))
