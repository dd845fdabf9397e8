"""Invitations, for the person who opens the link: asks about each suggestion; nothing is chosen before a yes.

The conversation stores the suggestion, not the code, so that nobody can learn who opened which invitation.
"""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, Reminder
from bot.database.values import OffReason, Subject
from bot.dialogues.reminder_setup import draft_of
from bot.domain.ids import TelegramId
from bot.domain.schedule import write_rule
from bot.handlers import reminder_setup
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.handlers.reminders import overview
from bot.screens import invitations as render
from bot.screens.callback_data import question_start
from bot.screens.outgoing import OutgoingMessage, joined
from bot.usecases import chats, conversations, invitations, preferences
from bot.usecases.invitations import Suggestion
from bot.usecases.reminders.edit import list_reminders


class InvitationStep(StrEnum):
    """The open question. The language comes first, because the others are asked in it."""

    LANGUAGE = "invite-language"
    WORDS = "invite-words"
    RHYTHM = "invite-rhythm"


INVITATION_STEPS = tuple(InvitationStep)


class InvitationDraft(BaseModel):
    """What is suggested, and which questions have been answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suggestion: Suggestion
    answered: tuple[InvitationStep, ...] = ()
    language: str | None = None  # Telegram's hint at where someone may be


async def begin(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, code: str, *, language: str | None
) -> OutgoingMessage | None:
    """Returns the greeting, the suggestions and the first question; None for an ended or unknown invitation."""
    invitation = await invitations.find_open(session, code)
    if invitation is None:
        return None
    if chat.off_reason not in (None, OffReason.STOPPED):  # they are back
        await chats.resume(session, chat, context.services.clock())
        context.services.schedule_changed.set()
    draft = InvitationDraft(suggestion=invitations.suggestion_of(invitation), language=language)
    reminders = await list_reminders(session, chat)
    steps = list(_open_steps(context, chat, draft, reminders))
    greeting = render.welcome(context.voice.interface, context.services.settings.practice_name)
    if not steps:
        lead = joined(greeting, context.voice.interface.invitation.is_so_already)
        return await _finish(session, context, chat, person_id, draft, lead=lead)
    written, now = draft.model_dump_json(exclude_defaults=True), context.services.clock()
    row = await conversations.begin(session, chat, person_id, Subject.INVITATION, steps[0], written, now)
    question = _question(context, chat, draft, steps[0], row.token, reminders)
    lead = joined(greeting, render.suggested(context.voice.interface, (_line(context, draft, step) for step in steps)))
    return replace(question, text=joined(lead, question.text))


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes one answer, tapped or typed, and returns the next question or the result."""
    draft, step = InvitationDraft.model_validate_json(conversation.draft), InvitationStep(conversation.step)
    reminders = await list_reminders(session, chat)
    question = _question(context, chat, draft, step, conversation.token, reminders)
    answer = render.read_answer(question, text)
    if answer is None:
        return Answer(replace(question, text=joined(context.voice.interface.invitation.not_an_answer, question.text)))
    # First the row: of two answers at once only one gets past here.
    draft = draft.model_copy(update={"answered": (*draft.answered, step)})
    written = draft.model_dump_json(exclude_defaults=True)
    if not await conversations.advance(session, conversation, step, written, context.services.clock()):
        return Answer(toast=context.voice.interface.replies.stale)
    if step is InvitationStep.RHYTHM and answer != render.NO:
        return await _set_up(session, context, chat, conversation, draft, is_as_suggested=answer == render.YES)
    lead = context.voice.interface.invitation.not_chosen
    if answer == render.YES:
        lead = await _choose(session, context, chat, draft.suggestion, step)
    return await _go_on(session, context, chat, conversation, draft, lead)


async def _go_on(
    session: Session, context: Context, chat: Chat, conversation: Conversation, draft: InvitationDraft, lead: str
) -> Answer:
    reminders = await list_reminders(session, chat)
    step = next(_open_steps(context, chat, draft, reminders), None)
    if step is None:
        await conversations.end(session, chat, conversation.person_id, Subject.INVITATION)
        return Answer(await _finish(session, context, chat, conversation.person_id, draft, lead=lead))
    await conversations.advance(session, conversation, step, conversation.draft, context.services.clock())
    question = _question(context, chat, draft, step, conversation.token, reminders)
    return Answer(replace(question, text=joined(lead, question.text)))


async def _set_up(
    session: Session,
    context: Context,
    chat: Chat,
    conversation: Conversation,
    draft: InvitationDraft,
    *,
    is_as_suggested: bool,
) -> Answer:
    person_id, rule = conversation.person_id, draft.suggestion.rule
    await conversations.end(session, chat, person_id, Subject.INVITATION)
    filled = draft_of(rule, draft.language) if rule else None
    if is_as_suggested and filled:
        return await reminder_setup.begin_with(session, context, chat, person_id, filled)
    return Answer(await reminder_setup.begin(session, context, chat, person_id, language=draft.language))


async def _finish(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, draft: InvitationDraft, *, lead: str
) -> OutgoingMessage:
    """The overview; without a reminder, the first setup question, unless the person has just declined one."""
    if shown := await overview(session, context, chat, lead=lead):
        return shown
    if InvitationStep.RHYTHM in draft.answered:
        return OutgoingMessage(context.voice.interface.start.not_now_reply)
    question = await reminder_setup.begin(session, context, chat, person_id, language=draft.language)
    return replace(question, text=joined(lead, question.text))


def _open_steps(
    context: Context, chat: Chat, draft: InvitationDraft, reminders: list[Reminder]
) -> Iterator[InvitationStep]:
    """The questions that have not been asked, would change something, and can be fulfilled."""
    suggestion, rule, practices = draft.suggestion, draft.suggestion.rule, context.voice.library.practices
    practice = chat.practice if chat.practice in practices else None  # everyone's, where the practice is gone
    rules = [reminder.rule for reminder in reminders]
    is_open = {
        InvitationStep.LANGUAGE: context.voice.library.fit(suggestion.language) not in (None, context.voice.language),
        InvitationStep.WORDS: suggestion.practice != practice and suggestion.practice in (None, *practices),
        InvitationStep.RHYTHM: rule is not None and draft_of(rule, None) is not None and write_rule(rule) not in rules,
    }
    yield from (step for step in InvitationStep if is_open[step] and step not in draft.answered)


async def _choose(session: Session, context: Context, chat: Chat, suggestion: Suggestion, step: InvitationStep) -> str:
    """Applies a yes to the language or to the practice, and returns the confirmation."""
    if step is InvitationStep.LANGUAGE:
        chat.language = suggestion.language
        context.voice = context.voice.speaking(suggestion.language)
        return context.voice.interface.language.chosen
    before = context.voice.catalogue_of(chat).rules.themes_for
    context.voice = context.voice.of_practice(suggestion.practice)
    after = context.voice.catalogue.rules.themes_for
    await preferences.choose_practice(session, chat, suggestion.practice, before, after)
    texts = context.voice.interface.invitation
    return texts.words_chosen.format(practice=texts.practice) if suggestion.practice else texts.own_words_chosen


def _question(
    context: Context, chat: Chat, draft: InvitationDraft, step: InvitationStep, token: str, reminders: list[Reminder]
) -> OutgoingMessage:
    suggestion, start = draft.suggestion, question_start(token, step)
    match step:
        case InvitationStep.LANGUAGE:
            language = suggestion.language or context.voice.language
            return render.language_question(
                context.voice.interface, context.voice.speaking(language).interface, language, start
            )
        case InvitationStep.WORDS:
            is_back = suggestion.practice is None
            practice = _practice(context, chat.practice if is_back else suggestion.practice)
            return render.practice_question(context.voice.interface, practice, start, is_back=is_back)
        case InvitationStep.RHYTHM:
            assert suggestion.rule  # noqa: S101 - else the step is not open, for the type checker
            now = context.services.clock().astimezone(chats.zone_of(chat)).replace(tzinfo=None)
            return render.rhythm_question(
                context.voice.interface, suggestion.rule, start, now, has_reminders=bool(reminders)
            )


def _line(context: Context, draft: InvitationDraft, step: InvitationStep) -> str:
    suggestion = draft.suggestion
    if step is InvitationStep.LANGUAGE and suggestion.language:
        return render.language_line(context.voice.interface, suggestion.language)
    if step is InvitationStep.RHYTHM and suggestion.rule:
        return render.rhythm_line(context.voice.interface, suggestion.rule, context.services.clock())
    return render.practice_line(
        context.voice.interface, _practice(context, suggestion.practice) if suggestion.practice else None
    )


def _practice(context: Context, practice: str | None) -> str:
    """The practice's name, in the language of this update."""
    return context.voice.of_practice(practice).interface.invitation.practice
