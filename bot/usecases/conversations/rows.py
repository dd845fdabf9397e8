"""The rows of conversations: what one person has open in one chat, at most one for each subject.

Every advance is a conditional update on the token and the step that the answer belongs to: of two taps at once the
second finds another step, and changes nothing.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.database.writes import changed
from bot.domain.ids import NOBODY, TelegramId

ABANDONED_AFTER = timedelta(days=7)
LONG_AGO = timedelta(days=2)  # no question takes typed words for as long
# Questions that a person has opened, and that typed words answer.
QUESTIONS = (
    *(Subject.SETUP, Subject.PAUSE, Subject.FORGET, Subject.ZONE, Subject.QUIET, Subject.TRAVEL, Subject.SAFETY_PLAN),
    *(Subject.NOTE, Subject.OWN_SENTENCE, Subject.LOOK_TIME, Subject.INVITATION, Subject.APPOINTMENT),
)


async def begin(
    session: AsyncSession, chat: Chat, person_id: TelegramId, subject: Subject, step: str, draft: str, now: datetime
) -> Conversation:
    """Begins a conversation. The person's open one on the same subject ends, and its buttons with it.

    Of the person's other questions only the buttons hold from now on: what is typed is meant for the new one.
    """
    await end(session, chat, person_id, subject)
    if subject in QUESTIONS:
        await close_to_words(session, person_id, now)
    conversation = Conversation(
        chat_id=chat.id,
        person_id=person_id,
        subject=subject,
        token=secrets.token_hex(4),
        step=step,
        draft=draft,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def list_open(session: AsyncSession, chat: Chat, person_id: TelegramId) -> Sequence[Conversation]:
    """Returns this person's open conversations in this chat, the newest first."""
    query = (
        select(Conversation)
        .where(Conversation.chat_id == chat.id, Conversation.person_id == person_id)
        .order_by(Conversation.updated_at.desc(), Conversation.id.desc())
    )
    return (await session.scalars(query)).all()


async def open_by(session: AsyncSession, person_id: TelegramId) -> Sequence[tuple[Conversation, Chat]]:
    """Returns this person's open conversations with the chats that they are about, the newest first."""
    query = (
        select(Conversation, Chat)
        .join(Chat, Chat.id == Conversation.chat_id)
        .where(Conversation.person_id == person_id)
        .order_by(Conversation.updated_at.desc(), Conversation.id.desc())
    )
    return [(row, chat) for row, chat in await session.execute(query)]


async def advance(session: AsyncSession, conversation: Conversation, step: str, draft: str, now: datetime) -> bool:
    """Saves the next step. Returns False, and saves nothing, if someone else has gone on from this step since."""
    statement = (
        update(Conversation)
        .where(
            Conversation.id == conversation.id,
            Conversation.token == conversation.token,
            Conversation.step == conversation.step,
            Conversation.draft == conversation.draft,
        )
        .values(step=step, draft=draft, updated_at=now)
    )
    return await changed(session, statement) == 1


async def close_to_words(session: AsyncSession, person_id: TelegramId, now: datetime, *subjects: Subject) -> None:
    """Lets a person's open questions on these subjects, or on all, take no typed words any more. Their buttons hold.

    It is as if they had been asked long ago; a tap on one lets it take words again. What several administrators answer
    together stays as it is.
    """
    if person_id == NOBODY:
        return
    wanted = subjects or (*QUESTIONS, Subject.LOOK)
    statement = update(Conversation).where(
        Conversation.person_id == person_id,
        Conversation.subject.in_(wanted),
        Conversation.updated_at > now - LONG_AGO,
    )
    await session.execute(statement.values(updated_at=now - LONG_AGO))


async def end_one(session: AsyncSession, chat: Chat, token: str) -> bool:
    """Ends the conversation with this token. Returns False if there is none: of two at once only one ends it."""
    statement = delete(Conversation).where(Conversation.chat_id == chat.id, Conversation.token == token)
    return await changed(session, statement) == 1


async def clear_abandoned(session: AsyncSession, now: datetime) -> None:
    """Deletes conversations that nobody has answered for ABANDONED_AFTER."""
    await session.execute(delete(Conversation).where(Conversation.updated_at < now - ABANDONED_AFTER))


async def leave(database: Database, person_id: TelegramId, subject: Subject) -> None:
    """Ends what a person has open on one subject in their private chat. Where nothing is open nothing is written.

    Only what was open when it looked: a question that another message begins meanwhile goes on waiting.
    """
    async with database.read() as session:
        rows = await open_by(session, person_id)
    left = [row.id for row, chat in rows if chat.telegram_id == person_id and row.subject == subject]
    if not left:
        return
    async with database.write() as session:
        await session.execute(delete(Conversation).where(Conversation.id.in_(left)))


async def end(session: AsyncSession, chat: Chat, person_id: TelegramId, subject: Subject | None = None) -> None:
    """End what is open on one subject, or on all."""
    query = delete(Conversation).where(Conversation.chat_id == chat.id, Conversation.person_id == person_id)
    await session.execute(query if subject is None else query.where(Conversation.subject == subject))
