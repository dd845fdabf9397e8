"""/support: in the middle of anything, and nothing is lost by it."""

import logging

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot import zones
from bot.chats import find_chat
from bot.database import Trouble
from bot.handlers.kit import Context
from bot.handlers.replies import Answer, show
from bot.render.support import closing, country_list, support_card

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("support", show_support, filters.UpdateType.MESSAGE),
        CallbackQueryHandler(tapped, pattern=r"^h:"),
    ]


async def show_support(update: Update, context: Context) -> None:
    """/support"""
    card = support_card(context.bot_data.catalogue.support, await _country(update, context))
    await show(update, context, Answer(card, is_new=True))


async def tapped(update: Update, context: Context) -> None:
    """h:countries, h:okay, h:<country>"""
    support = context.bot_data.catalogue.support
    value = (update.callback_query.data or "").removeprefix("h:") if update.callback_query else ""
    if value == "countries":
        answer = Answer(country_list(support))
    elif value == "okay":
        answer = Answer(closing(support))
    elif value in support.countries:
        answer = Answer(support_card(support, value))
    else:
        answer = Answer(support_card(support, await _country(update, context)))
    await show(update, context, answer)


async def _country(update: Update, context: Context) -> str | None:
    """A guess: where the chat's time zone is, else the country in Telegram's language code ("en-GB")."""
    place = update.effective_chat
    try:
        async with context.bot_data.database.read() as session:
            chat = await find_chat(session, place.id) if place else None
    except Trouble:
        log.exception("the card is shown without a country: the database cannot be used")
        chat = None
    if chat and chat.zone and (country := zones.country(chat.zone)):
        return country
    language = update.effective_user.language_code if update.effective_user else None
    _, _, region = (language or "").partition("-")
    return region.upper() if len(region) == 2 else None
