"""The hush after the support card was opened: for an hour, nothing speaks in that chat by itself. Called by handlers.

A flow or a circle is held and a reminder put off by moving the time at which it is due: what is due in other chats is
found as fast as ever. All that is stored is until when it is quiet, and that is erased when it is over.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.database.models import Chat, Circle, Conversation, QueuedMessage, Reminder
from bot.database.values import CircleStage, MessageKind, MessageState, Subject
from bot.dialogues import flows
from bot.usecases.circles import PART
from bot.usecases.conversations.flow_rows import only_as_read, read, wake_at_of
from bot.usecases.reminders.edit import GRACE, out_of_quiet_hours
from bot.usecases.timed_messages import UNDELIVERED_AFTER

HUSH = timedelta(hours=1)


async def begin(session: AsyncSession, chat: Chat, now: datetime) -> datetime:
    """Begins the hush, or begins it anew. Returns when reminders may come again: out of quiet hours.

    Each statement changes only what is due before the end, so that nothing comes sooner than it would have.
    """
    until = now + HUSH
    later = out_of_quiet_hours(chat, until)
    chat.hushed_until = until
    await session.flush()
    waits = Conversation.chat_id == chat.id, Conversation.subject == Subject.FLOW, Conversation.wake_at < until
    await session.execute(update(Conversation).where(*waits).values(wake_at=until))
    is_open = Circle.chat_id == chat.id, Circle.stage != CircleStage.OVER, Circle.wake_at < until
    await session.execute(update(Circle).where(*is_open).values(wake_at=until))
    # First the reminders: what one that is being queued leaves behind is then among the messages.
    await session.execute(
        update(Reminder).where(Reminder.chat_id == chat.id, Reminder.due_at < until).values(due_at=later)
    )
    # Claimed ones too: the outbox puts them off (`Outbox.hold`), and a process that takes them over finds them put off.
    queued = QueuedMessage.chat_id == chat.id, QueuedMessage.state.in_([MessageState.QUEUED, MessageState.SENDING])
    # What is said around a session belongs to its day: it is dropped instead.
    may_be_later = and_(QueuedMessage.send_before <= later, QueuedMessage.kind != MessageKind.APPOINTMENT)
    too_late = case((may_be_later, later + GRACE), else_=QueuedMessage.send_before)
    await session.execute(
        update(QueuedMessage)
        .where(*queued, QueuedMessage.send_after < until)
        .values(send_after=later, send_before=too_late)
    )
    return later


async def end_for_flows(session: AsyncSession, chat: Chat, book: Flows, now: datetime) -> None:
    """Lets flows and circles that are held go on: each waits from now on as long as its step says.

    Reminders stay put off. Asked again, it changes nothing: what goes on is not due at the end of the hush any more.
    """
    until = chat.hushed_until
    if until is None or until <= now:
        return
    held = select(Conversation).where(
        Conversation.chat_id == chat.id, Conversation.subject == Subject.FLOW, Conversation.wake_at == until
    )
    for row in (await session.scalars(held)).all():
        state = read(row)
        wake_at = wake_at_of(flows.say_again(book, state.position), now)
        if state.undelivered_since:
            wake_at = now + UNDELIVERED_AFTER
        statement = only_as_read(update(Conversation), row).where(Conversation.wake_at == until)
        await session.execute(statement.values(wake_at=wake_at))
    await session.execute(
        update(Circle)
        .where(Circle.chat_id == chat.id, Circle.stage == CircleStage.ARRIVING, Circle.wake_at == until)
        .values(wake_at=now + PART)
    )


async def clear_over(session: AsyncSession, now: datetime) -> None:
    """Erases what is over, the hours after a session too."""
    await session.execute(update(Chat).where(Chat.hushed_until <= now).values(hushed_until=None))
    await session.execute(update(Chat).where(Chat.quiet_until <= now).values(quiet_until=None))
