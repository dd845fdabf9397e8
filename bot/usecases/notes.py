"""Notes for a session: kept when a person asks for it, encrypted, gone by themselves. Private chats only.

Called by `handlers.notes` and the scheduler. Notes whose time is over are never returned, whenever they are cleared.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import ERASES
from bot.database.models import Chat, Note
from bot.database.writes import changed
from bot.domain.encryption import Cipher, EncryptedKind, Owner
from bot.domain.ids import ChatId
from bot.domain.notes import MOST_NOTES

CLEARED_AT_ONCE = 500  # rows in a transaction


class TooManyNotesError(Exception):
    """The chat has MOST_NOTES already."""


def owner(chat_id: ChatId) -> Owner:
    """Returns what the notes of this chat are bound to."""
    return Owner(EncryptedKind.NOTE, chat_id)


def decrypt(note: Note, cipher: Cipher) -> str:
    """Returns the words. Raises DecryptionError when no key decrypts them."""
    return cipher.decrypt(note.encrypted, owner(note.chat_id))


async def keep(
    session: AsyncSession, chat: Chat, cipher: Cipher, message_id: int, text: str, now: datetime, days: int
) -> tuple[Note, bool]:
    """Keeps a note for so many days. Returns it, and whether it is new: one message is kept once.

    Raises TooManyNotesError. `message_id` is that of the person's message.
    """
    # Of two at once the second waits here, and sees the first; the unique key on chat and message holds it, too.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    query = select(Note).where(Note.chat_id == chat.id, Note.message_id == message_id)
    if known := (await session.scalars(query)).one_or_none():
        return known, False
    if await count(session, chat, now) >= MOST_NOTES:
        raise TooManyNotesError
    note = Note(
        chat_id=chat.id,
        message_id=message_id,
        encrypted=cipher.encrypt(text, owner(chat.id)),
        kept_at=now,
        gone_at=now + timedelta(days=days),
    )
    session.add(note)
    await session.flush()
    return note, True


async def list_kept(session: AsyncSession, chat: Chat, now: datetime) -> Sequence[Note]:
    """Returns the notes that are there, the oldest first, still encrypted."""
    query = select(Note).where(Note.chat_id == chat.id, Note.gone_at > now).order_by(Note.id)
    return (await session.scalars(query)).all()


async def count(session: AsyncSession, chat: Chat, now: datetime) -> int:
    """Returns how many notes are there."""
    query = select(func.count()).where(Note.chat_id == chat.id, Note.gone_at > now)
    return await session.scalar(query) or 0


async def let_go(session: AsyncSession, chat: Chat, note_id: int) -> bool:
    """Erases one note. Returns False if it is gone: of two taps at once the second finds nothing."""
    session.info[ERASES] = True
    return await changed(session, delete(Note).where(Note.chat_id == chat.id, Note.id == note_id)) > 0


async def let_all_go(session: AsyncSession, chat: Chat, newest_id: int) -> None:
    """Erases all notes up to this one: what was added after the question was asked stays. Safe to call again."""
    session.info[ERASES] = True
    await session.execute(delete(Note).where(Note.chat_id == chat.id, Note.id <= newest_id))


async def keep_longer(session: AsyncSession, chat: Chat, newest_id: int, now: datetime, days: int) -> None:
    """Lets the time of all notes up to this one begin anew. Those whose time is over do not come back."""
    await session.execute(
        update(Note)
        .where(Note.chat_id == chat.id, Note.id <= newest_id, Note.gone_at > now)
        .values(gone_at=now + timedelta(days=days))
    )


async def clear_gone(session: AsyncSession, now: datetime) -> int:
    """Erases one batch of notes whose time is over, in every chat. Returns how many: call again until 0."""
    batch = select(Note.id).where(Note.gone_at <= now).limit(CLEARED_AT_ONCE)
    erased = await changed(session, delete(Note).where(Note.id.in_(batch)))
    if erased:
        session.info[ERASES] = True
    return erased
