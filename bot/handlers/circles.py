"""/circle in a group: its administrators open one and close it; everyone else may be in it, or read along."""

import logging

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.content.flows import ARRIVING
from bot.database.models import Stage
from bot.delivery.sending import Later, Moved, judge
from bot.dialogues.flows import Book
from bot.handlers.access import chat_command, for_its_people, is_private
from bot.handlers.answers import Answer, acknowledge, show
from bot.handlers.context import Context, Kit
from bot.handlers.sending import send, take_buttons_away
from bot.handlers.taps import place_of
from bot.screens.circles import arriving, closing, invitation, stopped
from bot.screens.outgoing import OutgoingMessage
from bot.screens.taps import END
from bot.usecases import circles
from bot.usecases.circles import Speech

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        chat_command("circle", open_or_end),
        CallbackQueryHandler(end, pattern=rf"^{END}$"),
    ]


async def open_or_end(update: Update, context: Context) -> None:
    """/circle"""
    kit, place = context.kit, context.place
    if is_private(update):
        await show(update, context, Answer(OutgoingMessage(kit.words.circle.in_groups)))
        return
    speech = await circles.open_or_end(
        kit.database, place.telegram_id, place.thread_id, place.kind, update_id=update.update_id, now=kit.clock()
    )
    if speech:
        await say(context.bot, kit, speech)


async def end(update: Update, context: Context) -> None:
    """w:end, under the newest message of a circle."""
    query = update.callback_query
    if query is None or place_of(query.message, END) is None:
        await show(update, context, Answer(toast=context.kit.words.replies.stale))
        return
    await for_its_people(_end)(update, context)


async def _end(update: Update, context: Context) -> None:
    kit, query = context.kit, update.callback_query
    place = place_of(query.message, END) if query else None
    if query is None or place is None:
        return
    speech = await circles.end_by_tap(kit.database, place, kit.clock())
    await acknowledge(query, "" if speech else kit.words.circle.over)
    if speech:
        await say(context.bot, kit, speech)


async def say(bot: Bot, kit: Kit, speech: Speech, *, is_silent: bool = False) -> None:
    """Say it, and let only the newest message keep buttons. What Telegram does not take now is said again later."""
    kit = kit.with_words(speech.words).speaking(speech.language)
    if not speech.is_wordless and not await _send(bot, kit, speech, is_silent=is_silent):
        return
    if speech.message_id:
        await take_buttons_away(bot, speech.telegram_id, speech.message_id)


async def _send(bot: Bot, kit: Kit, speech: Speech, *, is_silent: bool) -> bool:
    """Whether it was said, and the circle stands where it stood."""

    def book_of(words: str | None, language: str | None) -> Book:
        return kit.library.of_practice(words).of(language).flows

    message = _words(kit, speech)
    try:
        sent = await send(
            bot, kit, speech.telegram_id, message, thread_id=speech.thread_id or None, is_silent=is_silent
        )
    except TelegramError as error:
        log.warning("a circle could not go on", extra={"chat": speech.chat_id, "error": error.message})
        if not isinstance(judge(error), Later | Moved):
            await circles.drop(kit.database, speech)
        return False
    is_newest = await circles.confirm(kit.database, speech, sent, book_of, kit.clock())
    kit.wake()
    if not is_newest and message.rows:
        await take_buttons_away(bot, speech.telegram_id, sent)
    return is_newest


def _words(kit: Kit, speech: Speech) -> OutgoingMessage:
    match speech.stage:
        case Stage.ARRIVING:
            return arriving(kit.words, kit.catalogue.flows[ARRIVING], speech.part, speech.variant)
        case Stage.HERE:
            return invitation(kit.words, speech.variant)
        case Stage.CLOSING:
            return closing(kit.words, speech.variant, speech.count)
        case _:  # it was stopped while arriving
            return stopped(kit.words, speech.variant)
