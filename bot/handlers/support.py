"""/support: the support card, at any moment, without losing an open flow. In private it can show a safety plan."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.content.crisis import Danger
from bot.content.support import Support
from bot.database.engine import DATABASE_ERRORS, Session
from bot.database.models import Chat, SafetyPlan
from bot.database.values import Subject
from bot.delivery.reply_turns import in_time, make_urgent
from bot.domain import zones
from bot.handlers.access import get_or_create_chat_here, is_private, is_under, tap
from bot.handlers.answers import Answer, show, with_people, with_way_back
from bot.handlers.context import Context, id_of, language_of, thread_of
from bot.handlers.safety_plan import find_here, find_own, read_plan
from bot.screens.callback_data import CLOSE_CARD, SUPPORT
from bot.screens.helplines import SOMEWHERE_ELSE, all_lines, countries_between, country_list
from bot.screens.outgoing import OutgoingMessage
from bot.screens.safety_plan import PlanOnCard, overview
from bot.screens.support import below_card, closing, support_card
from bot.screens.taps import way_to_grounding
from bot.usecases import conversations, hush, safety_plans
from bot.usecases.chats import find_chat

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("support", show_support, filters.UpdateType.MESSAGE),
        tap(SUPPORT, tapped),
    ]


async def show_support(update: Update, context: Context, *, heard: Danger | None = None) -> None:
    """/support: sends the card. `heard` is the danger that typed words have named, if they opened it."""
    make_urgent()
    answer = Answer(await _card(update, context, heard=heard), is_new=True)
    await asyncio.gather(show(update, context, answer), _in_time(_hush(update, context)))


async def show_below_card(update: Update, context: Context, name: str) -> None:
    """Answers what was typed while the card is open (`Openings.below_card`). It stays open."""
    make_urgent()
    support, chat = context.voice.catalogue.support, None
    try:
        chat, _ = await in_time(find_here(update, context))
    except DATABASE_ERRORS:
        log.exception("the answer names no country: the database cannot be used")
    text = context.voice.catalogue.openings.below_card[name].answer
    message = below_card(support, _country(support, chat, language_of(update)), text)
    await asyncio.gather(show(update, context, Answer(message, is_new=True)), _in_time(_hush(update, context)))


async def tapped(update: Update, context: Context) -> None:
    """h:countries, h:az:<letters>, h:<country>, h:else, h:more, h:show, h:okay: acts on the card."""
    action, *values = SUPPORT.read(context.data) or [""]
    message = await _answer(update, context, action, values) or await _card(update, context)
    # It is edited in place, and may be all that stands below the flow that someone is in.
    answer = Answer(await with_way_back(update, context, message))
    keep_quiet = _end_hush if action == "okay" else _hush
    await asyncio.gather(show(update, context, answer), _in_time(keep_quiet(update, context)))
    if action == "okay":
        _close_to_words(update, context)


def _close_to_words(update: Update, context: Context) -> None:
    """Whoever closed the card, or an answer below it, is not taken to speak to another one that stands above."""
    last_buttons, person_id = context.services.sender.last_buttons, id_of(update.effective_user)
    for shown in last_buttons.find(person_id):
        if any(button.data == CLOSE_CARD for row in shown.rows for button in row):
            last_buttons.remember(person_id, shown.message_id, ())


async def _in_time(work: Coroutine[Any, Any, None]) -> None:  # Any: what asyncio itself asks for
    """Goes on with it behind the answer, where the database is slow: whoever asks once more does not wait for it."""
    with suppress(TimeoutError):
        await in_time(work)


async def _answer(update: Update, context: Context, action: str, values: list[str]) -> OutgoingMessage | None:
    """Returns None for what only shows the card."""
    support = context.voice.catalogue.support
    match action, values:
        case "countries", []:
            return country_list(support, await _suggested(update, context))
        case "az", [start, end]:
            return countries_between(support, start, end)
        case "more", _:
            return all_lines(support, values[0] if values and values[0] in support.countries else None)
        case "show", [country] if country in support.countries:
            return await _card(update, context, chosen=country)
        case "okay", []:
            return closing(support)
        case (("keep" | "remove"), []) if is_private(update):  # under cards of older versions
            return with_people(context, Answer(overview(support, await find_own(update, context)))).message
        case _, [] if action in support.countries or action == "else":
            country = SOMEWHERE_ELSE if action == "else" else action
            with suppress(TimeoutError):
                await in_time(_remember(update, context, country))
            return await _card(update, context, chosen=country)
    return None


async def _card(
    update: Update, context: Context, *, chosen: str | None = None, heard: Danger | None = None
) -> OutgoingMessage:
    """The card. It is shown even if the database fails: then without country and safety plan."""
    support = context.voice.catalogue.support
    chat, own = None, None
    try:
        chat, plan = await in_time(find_here(update, context))
        if is_private(update):
            own = read_plan(context, plan)
            await in_time(_renew(context, plan, own))
    except DATABASE_ERRORS:
        log.exception("the card is shown without what is known of the chat: the database cannot be used")
    country = chosen or _country(support, chat, language_of(update))
    url = "" if is_private(update) else way_to_grounding(context.bot.username)
    return support_card(support, country, own=own, ground_url=url, heard=heard)


async def _hush(update: Update, context: Context) -> None:
    """While the card is open, nothing speaks here by itself, and no question that keeps words takes what is typed.

    A chat that is not known has neither: nobody there waits until something can be written.
    """
    try:
        async with context.services.database.read() as session:
            if await _find_here(session, update) is None:
                return
        async with context.services.database.write() as session:
            chat = await _find_here(session, update)
            until = await hush.begin(session, chat, context.services.clock()) if chat else None
            if chat:
                person_id = id_of(update.effective_user)
                for subject in (Subject.SAFETY_PLAN, Subject.NOTE, Subject.OWN_SENTENCE, Subject.LOOK):
                    await conversations.end(session, chat, person_id, subject)
                await conversations.close_to_words(session, person_id, context.services.clock(), Subject.SETUP)
    except DATABASE_ERRORS:
        log.exception("what speaks by itself is not held: the database cannot be used")
        return
    if chat and until:
        context.services.outbox.hold(chat.id, until)


async def _end_hush(update: Update, context: Context) -> None:
    """The card was closed: what was open goes on, reminders stay put off."""
    try:
        async with context.services.database.write() as session:
            if chat := await _find_here(session, update):
                book = context.voice.catalogue_of(chat).flows
                await hush.end_for_flows(session, chat, book, context.services.clock())
    except DATABASE_ERRORS:
        log.exception("what was held goes on later: the database cannot be used")
    context.services.schedule_changed.set()


async def _find_here(session: Session, update: Update) -> Chat | None:
    tg_chat = update.effective_chat
    return await find_chat(session, id_of(tg_chat), thread_of(update.effective_message)) if tg_chat else None


async def _renew(context: Context, plan: SafetyPlan | None, own: PlanOnCard) -> None:
    """Encrypts a plan that an older key opened with the first key, so that the older key can be given up."""
    if (
        plan
        and own.plan is not None
        and context.services.cipher
        and context.services.cipher.is_outdated(plan.encrypted)
    ):
        async with context.services.database.write() as session:
            await safety_plans.renew(session, plan, context.services.cipher)


async def _remember(update: Update, context: Context, country: str) -> None:
    """Stores the chosen country of a private chat. In a group each person may be somewhere else."""
    query = update.callback_query
    if not is_private(update) or query is None:
        return
    try:
        async with context.services.database.write() as session:
            if not is_under(query) and await find_chat(session, id_of(query.from_user)) is None:
                return  # it may be made up: a stranger leaves no row
            chat, _ = await get_or_create_chat_here(session, update, context)
            chat.country = country
    except DATABASE_ERRORS:
        log.exception("the chosen country is not remembered: the database cannot be used")


def _country(support: Support, chat: Chat | None, language: str | None) -> str | None:
    """The chosen country; otherwise the first that is suggested."""
    return next(iter(_guesses(support, chat, language)), None)


def _guesses(support: Support, chat: Chat | None, language: str | None) -> list[str]:
    """The chosen country, then that of the time zone, of a code like "en-GB", and of the language."""
    guesses: list[str | None] = [chat.country, zones.country(chat.zone) if chat.zone else None] if chat else []
    name, _, region = (language or "").partition("-")
    guesses += [region.upper() if len(region) == 2 else None, support.helplines.languages.get(name)]
    return [guess for guess in guesses if guess]


async def _suggested(update: Update, context: Context) -> list[str]:
    try:
        chat, _ = await in_time(find_here(update, context))
    except DATABASE_ERRORS:
        log.exception("no country is suggested for this chat: the database cannot be used")
        chat = None
    return _guesses(context.voice.catalogue.support, chat, language_of(update))
