"""Finds and changes a person's appointments, and sets when something is due next. Called by handlers and `chats`."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import AppointmentPlan, Chat, QueuedMessage
from bot.database.values import MessageKind, MessageState
from bot.domain.appointments import (
    KEPT_AFTER,
    Appointments,
    Event,
    Occurrence,
    Prompt,
    list_occurrences,
    next_event,
    next_occurrence,
    quiet_window,
)
from bot.usecases.claims import Claimed
from bot.usecases.reminders.edit import GRACE, out_of_quiet_hours, quiet_hours, wait_for_quiet

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
# Where nothing is due, it is looked at after so long, to forget what is past.
LOOK_AGAIN = KEPT_AFTER + timedelta(days=2)


def prompt_ref(event: Event) -> str:
    """Returns the notice_ref of the message for this event: one for each prompt of each session."""
    return f"{event.prompt}:{event.starts_at:%Y-%m-%dT%H:%MZ}"


def read_prompt_ref(ref: str) -> tuple[Prompt, datetime]:
    """Returns the prompt, and when its session begins. Raises ValueError for another text."""
    prompt, _, starts_at = ref.partition(":")
    return Prompt(prompt), datetime.fromisoformat(starts_at)


def is_about(message: Claimed, starts_at: datetime) -> bool:
    """Whether a claimed message is one of those around the session that begins then."""
    if message.kind != MessageKind.APPOINTMENT or message.notice_ref is None:
        return False
    return read_prompt_ref(message.notice_ref)[1] == starts_at


async def find(session: AsyncSession, chat: Chat) -> Appointments:
    """Returns the chat's appointments; empty if it has none. Raises ValueError if they cannot be read."""
    row = await session.get(AppointmentPlan, chat.id)
    return Appointments.from_stored(row.plan) if row else Appointments()


async def find_next(session: AsyncSession, chat: Chat, now: datetime) -> Occurrence | None:
    """Returns the next session that takes place; None if none is coming."""
    return next_occurrence(await find(session, chat), now)


async def change(
    session: AsyncSession, chat: Chat, make: Callable[[Appointments], Appointments], now: datetime
) -> Appointments:
    """Saves what `make` makes of the appointments as they stand, and returns it. Without an appointment none are kept.

    Of two changes at once the second waits for the first, and starts from what it has made.
    """
    await session.flush()
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    row = await session.get(AppointmentPlan, chat.id, populate_existing=True)
    plan = make(Appointments.from_stored(row.plan) if row else Appointments())
    if plan.appointments:
        await session.merge(AppointmentPlan(chat_id=chat.id, plan=plan.to_json(), updated_at=now))
    else:
        await session.execute(delete(AppointmentPlan).where(AppointmentPlan.chat_id == chat.id))
    await session.flush()
    await _withdraw(session, chat, plan, now)
    await _set_due(session, chat, plan, now)
    return plan


async def reschedule(session: AsyncSession, chat: Chat, now: datetime) -> None:
    """Sets anew when something is due, for a chat whose zone, quiet hours, pause or stop has changed."""
    await session.flush()
    row = await session.get(AppointmentPlan, chat.id)
    if row is None:
        return
    try:
        plan = Appointments.from_stored(row.plan)
    except ValueError:  # what is wrong there must not stop the change
        log.warning("a person's appointments cannot be read", extra={"chat": chat.id})
        return
    await _set_due(session, chat, plan, now)


async def be_quiet(session: AsyncSession, chat: Chat, until: datetime, now: datetime) -> None:
    """Lets what is ordinary wait until then: reminders, and what is queued and is not about a session itself.

    Each statement changes only what is due before the end, so that nothing comes sooner than it would have.
    """
    if chat.quiet_until == until:
        return
    chat.quiet_until = until
    later = out_of_quiet_hours(chat, until)
    await wait_for_quiet(session, chat, now)
    too_late = case((QueuedMessage.send_before <= later, later + GRACE), else_=QueuedMessage.send_before)
    await session.execute(
        update(QueuedMessage)
        .where(
            QueuedMessage.chat_id == chat.id,
            QueuedMessage.state == MessageState.QUEUED,
            QueuedMessage.kind != MessageKind.APPOINTMENT,
            QueuedMessage.send_after < until,
        )
        .values(send_after=later, send_before=too_late)
    )


async def _set_due(session: AsyncSession, chat: Chat, plan: Appointments, now: datetime) -> None:
    """Sets `next_at`, and whether it is quiet right now. Nothing is due while the chat is off."""
    is_off, quiet = chat.off_reason is not None, quiet_hours(chat.quiet_start, chat.quiet_end)
    event = None if is_off else next_event(plan, ZoneInfo(chat.zone or "UTC"), quiet, now)
    await session.execute(
        update(AppointmentPlan)
        .where(AppointmentPlan.chat_id == chat.id)
        .values(next_at=None if is_off else event.at if event else now + LOOK_AGAIN)
    )
    if until := quiet_window(plan, now):
        await be_quiet(session, chat, until, now)
    else:
        chat.quiet_until = None


async def _withdraw(session: AsyncSession, chat: Chat, plan: Appointments, now: datetime) -> None:
    """Skips what is queued about a session that does not take place any more, or was not chosen after all."""
    query = select(QueuedMessage.id, QueuedMessage.notice_ref).where(
        QueuedMessage.chat_id == chat.id,
        QueuedMessage.kind == MessageKind.APPOINTMENT,
        QueuedMessage.state == MessageState.QUEUED,
    )
    for row in (await session.execute(query)).all():
        prompt, starts_at = read_prompt_ref(row.notice_ref or "")
        takes_place = bool(list_occurrences(plan, starts_at, starts_at + MINUTE))
        if takes_place and (prompt in plan.prompts or prompt is Prompt.ENDING):
            continue
        await session.execute(
            update(QueuedMessage)
            .where(QueuedMessage.id == row.id, QueuedMessage.state == MessageState.QUEUED)
            .values(state=MessageState.SKIPPED)
        )
