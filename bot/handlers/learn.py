"""/learn: answers to what people ask about crying, by theme. Stores nothing; works the same in a group."""

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.content.load import Catalogue
from bot.handlers.access import tap
from bot.handlers.answers import Answer, show, with_way_back
from bot.handlers.context import Context
from bot.screens.callback_data import LEARN
from bot.screens.learn import answer, question_list, theme_list
from bot.screens.outgoing import OutgoingMessage


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("learn", show_themes, filters.UpdateType.MESSAGE),
        tap(LEARN, tapped),
    ]


async def show_themes(update: Update, context: Context) -> None:
    """/learn, or a deep link that opens it: lists the themes."""
    await show(update, context, Answer(theme_list(context.voice.catalogue), is_new=True))


async def tapped(update: Update, context: Context) -> None:
    """l:, l:t:<theme>, l:e:<explainer>: shows it; shows the themes if it no longer exists."""
    catalogue = context.voice.catalogue
    message = _find(catalogue, LEARN.read(context.data) or [])
    toast = "" if message else catalogue.interface.replies.stale
    # Someone who came here from the middle of a flow keeps the way back in sight.
    shown = await with_way_back(update, context, message or theme_list(catalogue))
    await show(update, context, Answer(shown, toast=toast))


def _find(catalogue: Catalogue, parts: list[str]) -> OutgoingMessage | None:
    explainers = catalogue.explainers
    match parts:
        case [""]:
            return theme_list(catalogue)
        case ["t", theme_id] if theme := explainers.theme(theme_id):
            return question_list(catalogue, theme)
        case ["e", explainer_id] if explainer := explainers.explainer(explainer_id):
            return answer(catalogue, explainer)
        case _:
            return None
