"""/circle in a group: administrators open and end it; everyone else may take part or only read."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.handlers.access import chat_command, is_private, tap
from bot.handlers.answers import Answer, acknowledge, show
from bot.handlers.context import Context
from bot.handlers.taps import place_of
from bot.screens.callback_data import CIRCLE_END, CLOSE_CIRCLE
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import circles


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        chat_command("circle", open_or_end),
        tap(CLOSE_CIRCLE, end),
    ]


async def open_or_end(update: Update, context: Context) -> None:
    """/circle: opens a circle, or ends the one that is open."""
    access = context.access
    if is_private(update):
        await show(update, context, Answer(OutgoingMessage(context.voice.interface.circle.in_groups)))
        return
    message = await circles.open_or_end(
        context.services.database,
        access.telegram_id,
        access.thread_id,
        access.kind,
        update_id=update.update_id,
        now=context.services.clock(),
        left_out=context.voice.unasked_in(access.kind),
    )
    if message:
        await context.services.timed_messages.send(context.services.circles, message, is_silent=False)


async def end(update: Update, context: Context) -> None:
    """w:end, under the newest message of a circle: ends it, if an administrator taps."""
    query = update.callback_query
    tapped_message = place_of(query.message, CIRCLE_END) if query else None
    if query is None or tapped_message is None:
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    message = await circles.end_by_tap(context.services.database, tapped_message, context.services.clock())
    await acknowledge(query, "" if message else context.voice.interface.circle.over)
    if message:
        await context.services.timed_messages.send(context.services.circles, message, is_silent=False)
