"""/plan: a safety plan, part by part. Encrypted, only in a private chat, and first on the support card."""

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, SafetyPlan
from bot.database.values import Subject
from bot.domain.encryption import DecryptionError
from bot.domain.safety_plan import GUIDED, OWN, PARTS, Plan, units
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import Context, id_of
from bot.screens.callback_data import SAFETY_PLAN, question_start
from bot.screens.outgoing import OutgoingMessage, joined
from bot.screens.safety_plan import (
    EMPTY,
    NO,
    SKIP,
    STOP,
    YES,
    PlanOnCard,
    overview,
    part_question,
    plan_alone,
    remove_question,
)
from bot.usecases import conversations, safety_plans
from bot.usecases.chats import find_chat

log = logging.getLogger(__name__)

# The step of the question for a part. "plan" asked for the whole before plans had parts.
STEP_OF = {part: f"plan-{part}" for part in GUIDED} | {OWN: "plan"}
PART_OF = {step: part for part, step in STEP_OF.items()}
REMOVE = "plan-remove"
PLAN_STEPS = (*PART_OF, REMOVE)
# After that, what someone types is hardly meant for keeping.
QUESTION_WAITS = timedelta(days=1)
TAPPED = (SKIP, EMPTY, STOP, YES, NO)
# What a typed word stands for while a part is asked for; a word that is not here is no answer.
MEANT = {"stop": STOP, "back": STOP, "skip": SKIP, "no": SKIP}


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("plan", show_plan), tap(SAFETY_PLAN, tapped)]


async def show_plan(update: Update, context: Context) -> None:
    """/plan: shows the plan with a button for each part, or what a plan is. An open question about it is over.

    The plan comes first: it does not wait for the question to end, nor fail with it.
    """
    own = await find_own(update, context)
    await show(update, context, with_people(context, Answer(overview(context.voice.catalogue.support, own))))
    await conversations.leave(context.services.database, id_of(update.effective_user), Subject.SAFETY_PLAN)


async def tapped(update: Update, context: Context) -> None:
    """plan, plan:guide, plan:part:<part>, plan:send, plan:remove: shows the plan, or asks for what was tapped."""
    own = await find_own(update, context)
    answer = await _act(update, context, own, SAFETY_PLAN.read(context.data) or [])
    answer = answer or Answer(overview(context.voice.catalogue.support, own))
    await show(update, context, with_people(context, answer))


async def _act(update: Update, context: Context, own: PlanOnCard, parts: list[str]) -> Answer | None:
    """Returns None for what only shows the plan."""
    support = context.voice.catalogue.support
    match parts:
        case ["guide"] if own.can_keep and own.plan is not None:
            return await _ask(update, context, own.plan, GUIDED[0], is_guided=True)
        case ["part", part] if own.can_keep and own.plan is not None and part in PARTS:
            return await _ask(update, context, own.plan, part, is_guided=False)
        case ["send"] if own.plan and own.plan.parts:
            return Answer(plan_alone(support, own.plan), toast=support.card.plan.copies)
        case ["remove"] if own.is_kept:
            conversation = await _begin(update, context, REMOVE)
            return Answer(remove_question(support, conversation.token, REMOVE))
    return None


async def _ask(update: Update, context: Context, plan: Plan, part: str, *, is_guided: bool) -> Answer:
    conversation = await _begin(update, context, STEP_OF[part], is_guided=is_guided)
    return _question(context, conversation, plan, part)


async def _begin(update: Update, context: Context, step: str, *, is_guided: bool = False) -> Conversation:
    draft = json.dumps({"is_guided": is_guided})
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        return await conversations.begin(
            session, chat, person_id, Subject.SAFETY_PLAN, step, draft, context.services.clock()
        )


def _question(context: Context, conversation: Conversation, plan: Plan, part: str, lead: str = "") -> Answer:
    start = question_start(conversation.token, STEP_OF[part])
    is_guided = _is_guided(conversation)
    return Answer(part_question(context.voice.catalogue.support, plan, part, start, is_guided=is_guided, lead=lead))


def is_over(row: Conversation, now: datetime) -> bool:
    """Whether it is a question about a plan that takes no typed words any more."""
    return row.subject == Subject.SAFETY_PLAN and now - row.updated_at > QUESTION_WAITS


def takes_any_words(row: Conversation) -> bool:
    """Whether it asks for a part of a plan, which may hold words of danger."""
    return row.step in PART_OF


def _is_guided(conversation: Conversation) -> bool:
    return bool(json.loads(conversation.draft).get("is_guided"))


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes the text of a part, or the yes to removing the plan. Any other answer changes nothing."""
    answer = await _take(session, context, chat, conversation, text)
    return with_people(context, answer)


async def _take(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    texts, is_typed = context.voice.catalogue.support.card.plan, text not in TAPPED
    newest = (await conversations.list_open(session, chat, conversation.person_id))[0]
    if is_typed and newest.id != conversation.id:
        # Meant for something that was opened later; here it would take the place of what is kept.
        return Answer(OutgoingMessage(context.voice.interface.replies.free_text))
    own = read_plan(context, await safety_plans.find(session, chat))
    if conversation.step == REMOVE:
        if text == YES:
            await safety_plans.remove(session, chat)
            own = replace(own, plan=Plan())
        return await _end(
            session, context, chat, conversation, own, texts.removed if text == YES else texts.not_removed
        )
    if own.plan is None or context.services.cipher is None:  # the key went since the question
        return await _end(session, context, chat, conversation, own, "")
    if is_typed and (word := context.voice.library.find_word(text, context.voice.language)):
        text, is_typed = MEANT.get(word, ""), False
    part = PART_OF[conversation.step]
    if text in (SKIP, STOP):
        lead = "" if _is_guided(conversation) and text == SKIP else texts.left_out
        return await _go_on(session, context, chat, conversation, own.plan, lead, stops=text == STOP)
    room, length = own.plan.room_for(part), units(text)
    if not text or (is_typed and length > room):
        lead = texts.too_long.format(limit=f"{room:,}", length=f"{length:,}") if text else ""
        return _question(context, conversation, own.plan, part, lead)
    said = "" if text == EMPTY else text
    now = context.services.clock()
    plan = await safety_plans.save_part(session, chat, context.services.cipher, part, said, now)
    lead = _lead(context, said)
    return await _go_on(session, context, chat, conversation, plan, lead)


def _lead(context: Context, said: str) -> str:
    """Says what was done. Words of danger belong into a plan, and may be true right now."""
    texts = context.voice.catalogue.support.card.plan
    if not said:
        return texts.emptied
    return texts.heard if context.voice.library.find_crisis(said) else texts.kept


async def _go_on(
    session: Session,
    context: Context,
    chat: Chat,
    conversation: Conversation,
    plan: Plan,
    lead: str,
    *,
    stops: bool = False,
) -> Answer:
    """Asks for the next part, or shows the whole plan after the last one, or the only one."""
    own = PlanOnCard(plan, can_keep=True)
    if not _is_guided(conversation) or stops:
        return await _end(session, context, chat, conversation, own, lead)
    following = GUIDED.index(PART_OF[conversation.step]) + 1
    if following == len(GUIDED):
        finished = context.voice.catalogue.support.card.plan.finished if plan.parts else ""
        return await _end(session, context, chat, conversation, own, joined(lead, finished))
    part, now = GUIDED[following], context.services.clock()
    if not await conversations.advance(session, conversation, STEP_OF[part], conversation.draft, now):
        return Answer(toast=context.voice.interface.replies.stale)
    return _question(context, conversation, plan, part, lead)


async def _end(
    session: Session, context: Context, chat: Chat, conversation: Conversation, own: PlanOnCard, lead: str
) -> Answer:
    await conversations.end(session, chat, conversation.person_id, Subject.SAFETY_PLAN)
    return Answer(overview(context.voice.catalogue.support, own, lead))


async def find_own(update: Update, context: Context) -> PlanOnCard:
    """Returns the plan of this private chat, decrypted. Whoever only looks leaves nothing behind."""
    _, row = await find_here(update, context)
    return read_plan(context, row)


async def find_here(update: Update, context: Context) -> tuple[Chat | None, SafetyPlan | None]:
    """Returns the chat of this update and its plan, still encrypted."""
    tg_chat = update.effective_chat
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(tg_chat)) if tg_chat else None
        return chat, await safety_plans.find(session, chat) if chat else None


def read_plan(context: Context, row: SafetyPlan | None) -> PlanOnCard:
    """Decrypts the plan. Without a key it is not offered to make one."""
    cipher = context.services.cipher
    if row is None:
        return PlanOnCard(Plan(), can_keep=cipher is not None)
    try:
        plan = safety_plans.decrypt(row, cipher) if cipher else None
    except DecryptionError as error:
        log.warning("a person's safety plan: %s", error, extra={"chat": row.chat_id})
        plan = None
    return PlanOnCard(plan, can_keep=cipher is not None)
