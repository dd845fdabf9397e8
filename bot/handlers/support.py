"""/support: in the middle of anything, and nothing is lost by it. In a private chat it may begin with own words."""

import json
import logging
from datetime import timedelta

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.content.support import Support
from bot.database.engine import DATABASE_ERRORS, Session
from bot.database.models import Chat, Conversation, SafetyPlan, Subject
from bot.domain import zones
from bot.domain.encryption import DecryptionError
from bot.handlers.access import get_or_create_chat_here, is_private, tap
from bot.handlers.answers import Answer, show, with_way_back
from bot.handlers.context import Context
from bot.screens.callback_data import SUPPORT
from bot.screens.outgoing import OutgoingMessage
from bot.screens.support import (
    CANCEL,
    LONGEST,
    NO,
    YES,
    Own,
    closing,
    country_list,
    plan_question,
    remove_question,
    support_card,
)
from bot.usecases import conversations, safety_plans
from bot.usecases.chats import find_chat

log = logging.getLogger(__name__)

KEEP, REMOVE = "plan", "plan-remove"
STEPS = (KEEP, REMOVE)
# After that, what someone types is hardly meant for keeping.
QUESTION_WAITS = timedelta(days=1)


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        CommandHandler("support", show_support, filters.UpdateType.MESSAGE),
        tap(SUPPORT, tapped),
    ]


async def show_support(update: Update, context: Context) -> None:
    """/support"""
    await show(update, context, Answer(await _card(update, context), is_new=True))


async def tapped(update: Update, context: Context) -> None:
    """h:countries, h:okay, h:keep, h:remove, h:<country>"""
    support = context.voice.catalogue.support
    value = ":".join(SUPPORT.read(context.data) or ())
    message = None
    if value == "countries":
        message = country_list(support)
    elif value == "okay":
        message = closing(support)
    elif value in support.countries:
        await _remember(update, context, value)
        message = await _card(update, context, chosen=value)
    elif value in ("keep", "remove") and is_private(update):
        message = await (_ask_words if value == "keep" else _ask_removal)(update, context)
    message = message or await _card(update, context)
    # It is edited in place, and may be all that stands below the flow that someone is in.
    await show(update, context, Answer(await with_way_back(update, context, message)))


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """The words to keep, or whether to remove them. Whatever else is answered changes nothing, and shows the card."""
    support, is_typed = context.voice.catalogue.support, text not in (CANCEL, YES, NO)
    newest = (await conversations.list_open(session, chat, conversation.person_id))[0]
    if is_typed and newest.id != conversation.id:
        # Meant for something that was opened later; here it would take the place of what is kept.
        return Answer(OutgoingMessage(context.voice.interface.replies.free_text))
    lead = ""
    if text == YES and conversation.step == REMOVE:
        await safety_plans.remove(session, chat)
        lead = support.card.plan.removed
    elif (
        is_typed and conversation.step == KEEP and context.services.clock() - conversation.updated_at <= QUESTION_WAITS
    ):
        if context.services.cipher and len(text) > LONGEST:
            return Answer(plan_question(support, conversation.token, KEEP, too_long=len(text)))
        lead = await _keep(session, context, chat, text)
    await conversations.end(session, chat, conversation.person_id, Subject.SAFETY_PLAN)
    country = _country(support, chat, json.loads(conversation.draft).get("language"))
    own = _own(context, await safety_plans.find(session, chat))
    return Answer(support_card(support, country, own=own, lead=lead))


async def _keep(session: Session, context: Context, chat: Chat, text: str) -> str:
    """What to say of it: the key may be gone since the question was asked."""
    words = context.voice.catalogue.support.card.plan
    if context.services.cipher is None:
        return words.cannot_keep
    await safety_plans.save(session, chat, context.services.cipher, text, context.services.clock())
    return words.saved


async def _card(update: Update, context: Context, *, chosen: str | None = None) -> OutgoingMessage:
    """It is always there: what the database cannot tell just now is left out."""
    support = context.voice.catalogue.support
    chat, own = None, None
    try:
        chat, plan = await _look_up(update, context)
        if is_private(update):
            own = _own(context, plan)
            await _renew(context, plan, own)
    except DATABASE_ERRORS:
        log.exception("the card is shown without what is known of the chat: the database cannot be used")
    country = chosen or _country(support, chat, _language(update))
    url = "" if is_private(update) else f"https://t.me/{context.bot.username}?start=ground"
    return support_card(support, country, own=own, ground_url=url)


async def _look_up(update: Update, context: Context) -> tuple[Chat | None, SafetyPlan | None]:
    place = update.effective_chat
    async with context.services.database.read() as session:
        chat = await find_chat(session, place.id) if place else None
        return chat, await safety_plans.find(session, chat) if chat else None


def _own(context: Context, plan: SafetyPlan | None) -> Own:
    """What is kept, opened; without a key nothing more is offered to be kept."""
    can_keep = context.services.cipher is not None
    if plan is None:
        return Own(can_keep=can_keep)
    try:
        words = context.services.cipher.decrypt(plan.encrypted) if context.services.cipher else None
    except DecryptionError as error:
        log.warning("a person's own contacts: %s", error, extra={"chat": plan.chat_id})
        words = None
    return Own(is_kept=True, words=words, can_keep=can_keep)


async def _renew(context: Context, plan: SafetyPlan | None, own: Own) -> None:
    """What an older key opened is sealed with the first one, so that the older one can be given up."""
    if (
        plan
        and own.words is not None
        and context.services.cipher
        and context.services.cipher.is_outdated(plan.encrypted)
    ):
        async with context.services.database.write() as session:
            await safety_plans.renew(session, plan, context.services.cipher)


async def _ask_words(update: Update, context: Context) -> OutgoingMessage | None:
    if context.services.cipher is None:
        return None
    async with context.services.database.write() as session:
        chat, conversation = await _begin(session, update, context, KEEP)
        is_kept = await safety_plans.find(session, chat) is not None
    return plan_question(context.voice.catalogue.support, conversation.token, KEEP, is_kept=is_kept)


async def _ask_removal(update: Update, context: Context) -> OutgoingMessage | None:
    _, plan = await _look_up(update, context)
    if plan is None:
        return None
    async with context.services.database.write() as session:
        _, conversation = await _begin(session, update, context, REMOVE)
    return remove_question(context.voice.catalogue.support, conversation.token, REMOVE)


async def _begin(session: Session, update: Update, context: Context, step: str) -> tuple[Chat, Conversation]:
    chat, person_id = await get_or_create_chat_here(session, update, context)
    draft = json.dumps({"language": _language(update)})
    return chat, await conversations.begin(
        session, chat, person_id, Subject.SAFETY_PLAN, step, draft, context.services.clock()
    )


async def _remember(update: Update, context: Context, country: str) -> None:
    """The chosen country, for the next time. Only of a person: in a group each may be somewhere else."""
    if not is_private(update):
        return
    try:
        async with context.services.database.write() as session:
            chat, _ = await get_or_create_chat_here(session, update, context)
            chat.country = country
    except DATABASE_ERRORS:
        log.exception("the chosen country is not remembered: the database cannot be used")


def _language(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user else None


def _country(support: Support, chat: Chat | None, language: str | None) -> str | None:
    """The one that was chosen. Else a guess: where the time zone is, the country in "en-GB", the language's own."""
    if chat and chat.country in support.countries:
        return chat.country
    if chat and chat.zone and (country := zones.country(chat.zone)):
        return country
    name, _, region = (language or "").partition("-")
    return region.upper() if len(region) == 2 else support.languages.get(name)
