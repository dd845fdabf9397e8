"""Setting up a reminder: rhythm, time, zone. Begun by /start, /reminders and a reminder's "Change"."""

from datetime import datetime

from bot import conversations
from bot.chats import resume, set_zone, zone_of
from bot.database import Session
from bot.handlers.kit import Kit
from bot.handlers.replies import Answer
from bot.models import Chat, Conversation, Reminder, Subject
from bot.reminders.edit import (
    MOST_REMINDERS,
    TooManyError,
    add_reminder,
    change_rule,
    find_reminder,
    quiet_hours,
)
from bot.render import setup as render
from bot.render.outgoing import OutgoingMessage
from bot.render.places import BACK, choose_zone
from bot.setup import Draft, Step, answer, next_step, rule_of, step_back

STEPS = tuple(step.value for step in Step if step is not Step.DONE)


async def begin(
    session: Session, kit: Kit, chat: Chat, person_id: int, *, language: str | None, draft: Draft | None = None
) -> OutgoingMessage:
    """The first question, for the end of a message that introduces it."""
    draft = draft or Draft(language=language)
    conversation = await conversations.begin(
        session, chat, person_id, Subject.SETUP, Step.RHYTHM, draft.model_dump_json(exclude_defaults=True), kit.clock()
    )
    return render.question(kit.words, conversation.token, Step.RHYTHM, draft, kit.clock(), chat.zone)


async def begin_with(session: Session, kit: Kit, chat: Chat, person_id: int, draft: Draft) -> Answer:
    """Go on from a draft in which something is answered already: the next question, or what was set."""
    conversation = await conversations.begin(
        session, chat, person_id, Subject.SETUP, Step.RHYTHM, draft.model_dump_json(exclude_defaults=True), kit.clock()
    )
    return await _go_on(session, kit, chat, conversation, draft)


async def take_answer(session: Session, kit: Kit, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """One answer, tapped or typed; the next question, or what was set."""
    draft, step, now = Draft.model_validate_json(conversation.draft), Step(conversation.step), kit.clock()
    if text == render.CANCEL:
        await conversations.end(session, chat, conversation.person_id, Subject.SETUP)
        return Answer(
            OutgoingMessage(kit.words.start.not_now_reply if draft.reminder_id is None else kit.words.setup.cancelled)
        )
    if text == BACK:
        return await _go_on(session, kit, chat, conversation, step_back(draft, step))
    if step is Step.ZONE:
        start = render.prefix(conversation.token, Step.ZONE)
        found = choose_zone(kit.words, start, text, draft.language, now)
        if isinstance(found, OutgoingMessage):
            return Answer(found)
        await set_zone(session, chat, found, now)
        return await _go_on(session, kit, chat, conversation, draft)
    answered = answer(draft, step, text, _local(chat, now), kit.language)
    if isinstance(answered, str):
        question = render.question(kit.words, conversation.token, step, draft, now, chat.zone, problem=answered)
        return Answer(question)
    return await _go_on(session, kit, chat, conversation, answered)


async def _go_on(session: Session, kit: Kit, chat: Chat, conversation: Conversation, draft: Draft) -> Answer:
    now = kit.clock()
    step = next_step(draft, has_zone=chat.zone is not None)
    if step is Step.DONE:
        return await _finish(session, kit, chat, conversation, draft)
    written = draft.model_dump_json(exclude_defaults=True)
    if not await conversations.advance(session, conversation, step, written, now):
        return Answer(toast=kit.words.replies.stale)
    return Answer(render.question(kit.words, conversation.token, step, draft, now, chat.zone))


async def _finish(session: Session, kit: Kit, chat: Chat, conversation: Conversation, draft: Draft) -> Answer:
    now, rule = kit.clock(), rule_of(draft)
    await conversations.end(session, chat, conversation.person_id, Subject.SETUP)
    reminder: Reminder | None
    if draft.reminder_id is None:
        try:
            reminder = await add_reminder(session, chat, rule, now)
        except TooManyError:
            return Answer(OutgoingMessage(kit.words.setup.too_many.format(most=MOST_REMINDERS)))
    else:
        reminder = await find_reminder(session, chat, draft.reminder_id)
        if reminder is None:
            return Answer(toast=kit.words.reminders.already_removed)
        change_rule(reminder, chat, rule, now)
    if chat.off_reason:
        await resume(session, chat, now)  # who sets up a reminder wants it to come
    kit.wake()
    message = render.done(
        kit.words,
        rule,
        reminder.due_at,
        now,
        zone_of(chat),
        quiet_hours(chat.quiet_start, chat.quiet_end),
        is_new=draft.reminder_id is None,
    )
    return Answer(message)


def _local(chat: Chat, now: datetime) -> datetime:
    return now.astimezone(zone_of(chat)).replace(tzinfo=None)
