"""The questions after a person's first reminder: in therapy or in a group, and words or pictures.

The reminder is set already: nobody has to answer. Only their buttons answer them, tapped, or typed as they are labeled.
"""

from enum import StrEnum

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.handlers.answers import Answer
from bot.handlers.context import Context
from bot.screens import first_questions as render
from bot.screens.callback_data import question_start
from bot.screens.invitations import read_answer
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import conversations, preferences


class FirstStep(StrEnum):
    """The open question."""

    FOR_WHOM = "first-for-whom"
    LOOK = "first-look"


FIRST_STEPS = tuple(FirstStep)


async def begin(session: Session, context: Context, chat: Chat, person_id: TelegramId) -> OutgoingMessage:
    """Returns the first question."""
    conversation = await conversations.begin(
        session, chat, person_id, Subject.FIRST_QUESTIONS, FirstStep.FOR_WHOM, "{}", context.services.clock()
    )
    return _question(context, conversation.token, FirstStep.FOR_WHOM)


async def take_answer(
    session: Session, context: Context, chat: Chat, conversation: Conversation, text: str
) -> Answer | None:
    """Takes one answer and returns the next question, or thanks. None for other words: they are not meant for it."""
    step = FirstStep(conversation.step)
    answer = read_answer(_question(context, conversation.token, step), text)
    if answer is None:
        return None
    if step is FirstStep.LOOK:
        if answer != render.SKIP:  # of two at once either may win: both are this person's own
            chat.shows_pictures = answer == render.PICTURES
        await conversations.end(session, chat, conversation.person_id, Subject.FIRST_QUESTIONS)
        return Answer(OutgoingMessage(context.voice.interface.first_questions.done))
    if not await conversations.advance(session, conversation, FirstStep.LOOK, "{}", context.services.clock()):
        return Answer(toast=context.voice.interface.replies.stale)
    if answer != render.SKIP:
        await _choose_themes(session, context, chat, answer)
    return Answer(_question(context, conversation.token, FirstStep.LOOK))


async def _choose_themes(session: Session, context: Context, chat: Chat, answer: str) -> None:
    """Only the themes are stored, not the answer. Those that the person has left out otherwise stay as they are."""
    themes_for = context.voice.catalogue_of(chat).rules.themes_for
    unasked = themes_for.unasked(
        in_therapy=answer in (render.THERAPY, render.BOTH), in_group=answer in (render.GROUP, render.BOTH)
    )
    await preferences.hold_themes(session, chat)
    left_out = preferences.themes_left_out(chat).difference(themes_for.unasked()).union(unasked)
    await preferences.leave_out(session, chat, left_out, context.voice.choice_of(chat, left_out))


def _question(context: Context, token: str, step: FirstStep) -> OutgoingMessage:
    ask = render.for_whom if step is FirstStep.FOR_WHOM else render.look
    return ask(context.voice.interface, question_start(token, step))
