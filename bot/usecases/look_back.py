"""Looking back: one word or colour for each day, encrypted, and the question for it, which only comes if it was set up.

Private chats only. Called by handlers, the scheduler and `queued_messages`.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import ERASES, Database
from bot.database.models import Chat, Conversation, LookAsking, LookEntry, QueuedMessage
from bot.database.values import FailedWork, MessageKind, Subject
from bot.database.writes import changed
from bot.domain.encryption import Cipher, EncryptedKind, Owner
from bot.domain.ids import ChatId
from bot.domain.look_back import WEEKS, DayWord
from bot.domain.schedule import Daily, write_rule
from bot.usecases import conversations, failures
from bot.usecases.reminders.edit import next_at_of, out_of_quiet_hours

log = logging.getLogger(__name__)

WORD_STEP, TIME_STEP = "look_word", "look_time"
ASKED_AT_ONCE = 250  # questions in a transaction
TOO_LATE = timedelta(hours=2)  # a question for the evening does not come at night
IN_TALK = timedelta(minutes=30)  # so long after the last answer a question waits, so as not to take the next one
REF = "day:"  # in notice_ref: the local day that the question is about


def owner(chat_id: ChatId) -> Owner:
    """Returns what the entries of this chat are bound to."""
    return Owner(EncryptedKind.LOOK_ENTRY, chat_id)


def decrypt(entry: LookEntry, cipher: Cipher) -> DayWord:
    """Returns the word or colour. Raises DecryptionError when no key decrypts it."""
    return DayWord.from_text(cipher.decrypt(entry.encrypted, owner(entry.chat_id)))


async def keep(session: AsyncSession, chat: Chat, cipher: Cipher, day: date, said: DayWord) -> None:
    """Keeps what was said of a day; a second answer takes the place of the first."""
    # Of two at once the second waits here, and then finds the first one's row.
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    encrypted = cipher.encrypt(said.to_text(), owner(chat.id))
    await session.merge(LookEntry(chat_id=chat.id, day=day, encrypted=encrypted))
    await session.flush()


async def list_kept(session: AsyncSession, chat: Chat, first: date) -> Sequence[LookEntry]:
    """Returns the entries of the weeks on a page that begins with this day, the oldest first, still encrypted."""
    last = first + timedelta(weeks=WEEKS)
    query = select(LookEntry).where(LookEntry.chat_id == chat.id, LookEntry.day >= first, LookEntry.day < last)
    return (await session.scalars(query.order_by(LookEntry.day))).all()


async def oldest_day(session: AsyncSession, chat: Chat) -> date | None:
    """Returns the day of the oldest entry; None if there is none."""
    day: date | None = await session.scalar(select(func.min(LookEntry.day)).where(LookEntry.chat_id == chat.id))
    return day


async def remove(session: AsyncSession, chat: Chat, day: date) -> bool:
    """Erases one entry. Returns False if it is gone: of two taps at once the second finds nothing."""
    session.info[ERASES] = True
    statement = delete(LookEntry).where(LookEntry.chat_id == chat.id, LookEntry.day == day)
    return await changed(session, statement) > 0


async def remove_all(session: AsyncSession, chat: Chat) -> None:
    """Erases all entries. Safe to call again."""
    session.info[ERASES] = True
    await session.execute(delete(LookEntry).where(LookEntry.chat_id == chat.id))


async def asking_of(session: AsyncSession, chat: Chat) -> LookAsking | None:
    """Returns when the question comes; None if it does not come by itself."""
    return await session.get(LookAsking, chat.id)


async def set_asking(session: AsyncSession, chat: Chat, rule: Daily, now: datetime) -> LookAsking:
    """Lets the question come by this rule from now on; the one before ends. Safe to call twice."""
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    written = write_rule(rule)
    next_at = next_at_of(written, chat, now)
    asking = await session.merge(LookAsking(chat_id=chat.id, rule=written, next_at=next_at))
    await session.flush()
    return asking


async def stop_asking(session: AsyncSession, chat: Chat) -> None:
    """Ends the asking, and the question that waits. Entries stay. Safe to call again."""
    await session.execute(delete(LookAsking).where(LookAsking.chat_id == chat.id))
    await conversations.end(session, chat, chat.telegram_id, Subject.LOOK)


async def queue_questions(database: Database, now: datetime) -> int:
    """Queues one batch of the questions that are due. Returns how many rows were handled: call again until 0.

    A row is locked by who handles it, and its next time moves in the same transaction: two processes queue it once.
    """
    async with database.write() as session:
        query = (
            select(LookAsking, Chat)
            .join(Chat, Chat.id == LookAsking.chat_id)
            .where(LookAsking.next_at <= now)
            .order_by(LookAsking.next_at)
            .limit(ASKED_AT_ONCE)
            .with_for_update(of=LookAsking, skip_locked=True)
        )
        rows = (await session.execute(query)).all()
        for asking, chat in rows:
            await _queue_or_put_off(session, asking, chat, now)
    return len(rows)


async def _queue_or_put_off(session: AsyncSession, asking: LookAsking, chat: Chat, now: datetime) -> None:
    """A row that fails stops no other, and is tried again later."""
    chat_id, queue = chat.id, partial(_queue, session, asking, chat, now)
    if again := await failures.guarded(session, FailedWork.LOOK, chat_id, queue, now):
        await session.execute(update(LookAsking).where(LookAsking.chat_id == chat_id).values(next_at=again))


async def _queue(session: AsyncSession, asking: LookAsking, chat: Chat, now: datetime) -> None:
    due_at = asking.next_at
    following = next_at_of(asking.rule, chat, now)
    is_mine = await changed(
        session,
        update(LookAsking)
        .where(LookAsking.chat_id == chat.id, LookAsking.next_at == due_at)
        .values(next_at=following)
        .execution_options(synchronize_session=False),
    )
    is_quiet = chat.off_reason is not None or (chat.paused_until is not None and chat.paused_until > now)
    if due_at is None or not is_mine or is_quiet or now - due_at >= TOO_LATE:
        return
    held = (chat.hushed_until, chat.quiet_until, await _after_talk(session, chat))
    send_after = out_of_quiet_hours(chat, max([due_at, *filter(None, held)]))
    day = due_at.astimezone(ZoneInfo(chat.zone or "UTC")).date()
    session.add(
        QueuedMessage(
            chat_id=chat.id,
            kind=MessageKind.LOOK,
            notice_ref=f"{REF}{day.isoformat()}",
            occurrence_at=due_at,
            send_after=send_after,
            send_before=due_at + TOO_LATE,
        )
    )
    await session.flush()


async def _after_talk(session: AsyncSession, chat: Chat) -> datetime | None:
    """Returns when a question may come without taking an answer that is meant for another one."""
    query = select(func.max(Conversation.updated_at)).where(
        Conversation.chat_id == chat.id, Conversation.subject.in_([Subject.FLOW, Subject.SAFETY_PLAN, Subject.NOTE])
    )
    newest: datetime | None = await session.scalar(query)
    return newest + IN_TALK if newest else None


async def begin_question(session: AsyncSession, chat: Chat, day: date, now: datetime) -> Conversation:
    """Lets typed words answer the question about this day. The one before takes none any more."""
    return await conversations.begin(session, chat, chat.telegram_id, Subject.LOOK, WORD_STEP, day.isoformat(), now)


async def begin_queued(session: AsyncSession, chat_id: ChatId, notice_ref: str | None, now: datetime) -> date | None:
    """Begins the question of a queued message. Returns its day; None if it is not wanted any more.

    That is so when the asking ended since, and when that day has its word already. Safe to call again.
    """
    chat = await session.get(Chat, chat_id)
    if chat is None or await asking_of(session, chat) is None:
        return None
    day = date.fromisoformat((notice_ref or "").removeprefix(REF))
    if await session.get(LookEntry, (chat_id, day)):
        return None
    await begin_question(session, chat, day, now)
    return day
