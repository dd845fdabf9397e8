"""Setting up a reminder: begun by /start, /reminders, an invitation, "Change", or the card of a group or channel."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from telegram.constants import ChatType

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, Reminder
from bot.database.values import Subject
from bot.dialogues.changes import change, hour_of, written_out
from bot.dialogues.reminder_draft import Problem, ReminderDraft, rule_of
from bot.dialogues.reminder_setup import SetupStep, answer, next_step, step_back, with_next_moment
from bot.domain.encryption import DecryptionError
from bot.domain.ids import TelegramId
from bot.domain.schedule import Rule
from bot.handlers import first_questions
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.handlers.group_setup import draft_for_group, leaves_one, next_post, take_looks
from bot.handlers.zone_answers import read_zone, with_note
from bot.screens import reminder_setup as render
from bot.screens.callback_data import question_start
from bot.screens.group_setup import shared_question
from bot.screens.outgoing import OutgoingMessage, joined
from bot.screens.zones import BACK
from bot.usecases import conversations
from bot.usecases.chats import resume, set_zone, zone_of
from bot.usecases.reminders import own_text
from bot.usecases.reminders.edit import (
    MOST_REMINDERS,
    TooManyError,
    add_reminder,
    change_rule,
    find_reminder,
    list_reminders,
    quiet_hours,
)

PRIVATE = ChatType.PRIVATE

# Where words that answer no button may change what was said before: a group is asked more, with the time behind it.
TAKES_CHANGES = (SetupStep.CONFIRM, SetupStep.DAYS, SetupStep.THEMES, SetupStep.LOOK)
SETUP_STEPS = tuple(step.value for step in SetupStep if step is not SetupStep.DONE)


async def begin(
    session: Session,
    context: Context,
    chat: Chat,
    person_id: TelegramId,
    *,
    language: str | None,
    draft: ReminderDraft | None = None,
) -> OutgoingMessage:
    """Begins a setup and returns its first question."""
    draft = draft or ReminderDraft(language=language)
    if chat.kind != PRIVATE:
        draft = await draft_for_group(session, chat, person_id, draft)
    step = next_step(draft, has_zone=(chat.zone or draft.zone) is not None)
    conversation = await conversations.begin(
        session,
        chat,
        person_id,
        Subject.SETUP,
        step,
        draft.model_dump_json(exclude_defaults=True),
        context.services.clock(),
    )
    return render.question(
        context.voice.interface, conversation.token, step, draft, context.services.clock(), chat.zone
    )


async def begin_with(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, draft: ReminderDraft
) -> Answer:
    """Begins a setup from a draft with some answers; returns the next question or the result."""
    conversation = await conversations.begin(
        session,
        chat,
        person_id,
        Subject.SETUP,
        SetupStep.RHYTHM,
        draft.model_dump_json(exclude_defaults=True),
        context.services.clock(),
    )
    return await _go_on(session, context, chat, conversation, draft)


async def begin_wish(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, *, language: str | None, wish: str
) -> Answer:
    """Begins a setup, and gives its first question the words that came with the command, if there are any."""
    question = await begin(session, context, chat, person_id, language=language)
    if not wish:
        return Answer(question)
    newest = (await conversations.list_open(session, chat, person_id))[0]
    return await take_answer(session, context, chat, newest, wish)


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes one answer, tapped or typed; returns the next question or the result."""
    draft, step, now = (
        ReminderDraft.model_validate_json(conversation.draft),
        SetupStep(conversation.step),
        context.services.clock(),
    )
    if text == render.CANCEL:
        await conversations.end(session, chat, conversation.person_id, Subject.SETUP)
        is_first_question = draft.reminder_id is None and not draft.is_shared
        interface = context.voice.interface
        return Answer(
            OutgoingMessage(interface.start.not_now_reply if is_first_question else interface.setup.cancelled)
        )
    if text == BACK:
        return await _go_on(session, context, chat, conversation, step_back(draft, step))
    if step is SetupStep.ZONE:
        return await _take_zone(session, context, chat, conversation, draft, text)
    themes = tuple(context.voice.catalogue_of(chat).rules.themes)
    texts, local, language = context.voice.interface.setup, _local(chat, now), context.voice.language
    said = text if draft.is_shared else written_out(text, texts.morning_and_evening)
    if step is SetupStep.TIME:
        said = hour_of(said, {hour: part.typed for hour, part in texts.parts_of_day.items()})
    answered = answer(draft, step, said, local, language, themes)
    if answered == "unread" and step in TAKES_CHANGES:
        answered = change(draft, said, texts.change_words, local, language)
        if step is not SetupStep.CONFIRM and isinstance(answered, ReminderDraft):
            return await _go_on(session, context, chat, conversation, answered, is_changed=True)
    if isinstance(answered, str):
        return Answer(_question(context, chat, conversation, step, draft, problem=answered), is_refused=True)
    if step is SetupStep.THEMES and not await leaves_one(session, context, chat, answered):
        return Answer(_question(context, chat, conversation, step, draft, problem="none_left"))
    return await _go_on(session, context, chat, conversation, answered)


async def _take_zone(
    session: Session, context: Context, chat: Chat, conversation: Conversation, draft: ReminderDraft, text: str
) -> Answer:
    now = context.services.clock()
    start = question_start(conversation.token, SetupStep.ZONE)
    found = read_zone(context.voice.interface, chat, start, text, draft.language, now)
    if isinstance(found, Answer):
        return found
    if draft.is_shared:  # written at the end, with all the rest
        draft = draft.model_copy(update={"zone": found.zone})
    else:
        await set_zone(session, chat, found.zone, now)
    if chat.telegram_id > 0:
        context.voice = context.voice.in_zone(found.zone)
    return with_note(context, chat, await _go_on(session, context, chat, conversation, draft), found)


def _question(
    context: Context,
    chat: Chat,
    conversation: Conversation,
    step: SetupStep,
    draft: ReminderDraft,
    *,
    problem: Problem | None = None,
) -> OutgoingMessage:
    if step in (SetupStep.DAYS, SetupStep.THEMES, SetupStep.LOOK):
        spoken = context.voice.library.of_practice(chat.practice).of(context.voice.language).rules.themes
        # In the order in which answers count them, whatever language is spoken here.
        themes = {theme: spoken.get(theme, theme) for theme in context.voice.catalogue_of(chat).rules.themes}
        return shared_question(
            context.voice.interface,
            conversation.token,
            step,
            draft,
            themes,
            first_weekday=context.voice.first_weekday,
            problem=problem,
        )
    asked = render.question(
        context.voice.interface, conversation.token, step, draft, context.services.clock(), chat.zone, problem=problem
    )
    return asked.with_heading(_own_words(context, chat, draft)) if draft.encrypted_text else asked


def _own_words(context: Context, chat: Chat, draft: ReminderDraft) -> str:
    """What the reminder is to say."""
    texts, cipher = context.voice.interface.setup.own, context.services.cipher
    with suppress(DecryptionError):
        if cipher and draft.encrypted_text:
            return texts.words.format(text=cipher.decrypt(draft.encrypted_text, own_text.owner(chat.id)))
    return texts.unavailable


async def _go_on(
    session: Session,
    context: Context,
    chat: Chat,
    conversation: Conversation,
    draft: ReminderDraft,
    *,
    is_changed: bool = False,
) -> Answer:
    """Asks the next question, or finishes. `is_changed`: says first what was changed by typing."""
    now = context.services.clock()
    if chat.zone:
        draft = with_next_moment(draft, _local(chat, now))
    step = next_step(draft, has_zone=(chat.zone or draft.zone) is not None)
    if step is SetupStep.DONE:
        return await _finish(session, context, chat, conversation, draft)
    written = draft.model_dump_json(exclude_defaults=True)
    if not await conversations.advance(session, conversation, step, written, now):
        return Answer(toast=context.voice.interface.replies.stale)
    question = _question(context, chat, conversation, step, draft)
    noted = render.noted(context.voice.interface, draft) if is_changed else ""
    return Answer(replace(question, text=joined(noted, question.text)))


async def _finish(
    session: Session, context: Context, chat: Chat, conversation: Conversation, draft: ReminderDraft
) -> Answer:
    now, rule = context.services.clock(), rule_of(draft)
    await conversations.end(session, chat, conversation.person_id, Subject.SETUP)
    had_reminders = bool(await list_reminders(session, chat))
    if chat.zone is None and draft.zone:
        await set_zone(session, chat, draft.zone, now)
    reminder = await _write(session, context, chat, draft, rule)
    if isinstance(reminder, Answer):
        return reminder
    if chat.off_reason:
        await resume(session, chat, now)  # who sets up a reminder wants it to come
    then = await _what_follows(session, context, chat, conversation, draft, had_reminders=had_reminders)
    context.services.schedule_changed.set()
    shows_post = draft.is_shared and then is not None
    message = render.done(
        context.voice.interface,
        rule,
        reminder.due_at,
        now,
        zone_of(chat),
        quiet_hours(chat.quiet_start, chat.quiet_end),
        is_new=draft.reminder_id is None,
        is_shared=draft.is_shared,
        is_own=reminder.encrypted_text is not None,
        shows_hint=not shows_post,
    )
    if draft.encrypted_text:
        message = message.with_heading(_own_words(context, chat, draft))
    texts = context.voice.interface.together
    # Whoever was quicker has chosen themes, looks and zone: they stay.
    is_changed = draft.is_first and had_reminders
    parts = (texts.changed_meanwhile if is_changed else "", message.text, texts.first_post if shows_post else "")
    text = joined(*parts)
    if not shows_post:
        return Answer(replace(message, text=text), then=then)
    # The post would push the buttons out of sight: they stand below it.
    last = OutgoingMessage(render.hint(context.voice.interface, is_shared=True), message.rows)
    return Answer(OutgoingMessage(text), then=then, last=last)


async def _what_follows(
    session: Session,
    context: Context,
    chat: Chat,
    conversation: Conversation,
    draft: ReminderDraft,
    *,
    had_reminders: bool,
) -> OutgoingMessage | None:
    """Stores the looks of a group, and shows its next post in private.

    Asks a person for the other of two wishes, and then, with a first reminder, the rest.
    """
    if draft.reminder_id is not None:
        return None
    if not draft.is_shared and draft.then:
        other = draft.then.model_copy(update={"is_first": draft.is_first or not had_reminders})
        return (await begin_with(session, context, chat, conversation.person_id, other)).message
    if not draft.is_shared:
        is_first = (draft.is_first or not had_reminders) and not draft.encrypted_text
        return None if not is_first else await first_questions.begin(session, context, chat, conversation.person_id)
    if draft.is_first and not had_reminders:
        await take_looks(session, context, chat, draft)
    return await next_post(session, context, chat) if conversation.person_id else None


async def _write(session: Session, context: Context, chat: Chat, draft: ReminderDraft, rule: Rule) -> Reminder | Answer:
    """Returns the reminder, new or changed; or the answer that says why there is none."""
    if draft.reminder_id is None:
        try:
            now = context.services.clock()
            return await add_reminder(session, chat, rule, now, encrypted_text=draft.encrypted_text)
        except TooManyError:
            return Answer(OutgoingMessage(context.voice.interface.setup.too_many.format(most=MOST_REMINDERS)))
    reminder = await find_reminder(session, chat, draft.reminder_id)
    if reminder is None:
        return Answer(toast=context.voice.interface.reminders.already_removed)
    change_rule(reminder, chat, rule, context.services.clock())
    return reminder


def _local(chat: Chat, now: datetime) -> datetime:
    return now.astimezone(zone_of(chat)).replace(tzinfo=None)
