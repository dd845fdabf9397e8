"""Queues what is due around sessions, and lets the rest wait. Called by `scheduler`, before reminders are queued.

A row is locked while its events are taken and `next_at` is moved on; what is said around a session is queued once
(unique on the chat, the prompt and the session), whoever takes it. What is too late is left out, and never piles up.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import AppointmentPlan, Chat, QueuedMessage
from bot.database.values import FailedWork, MessageKind, MessageState
from bot.domain.appointments import Appointments, Event, Prompt, list_events, next_event, quiet_window
from bot.usecases import failures
from bot.usecases.appointments.edit import LOOK_AGAIN, be_quiet, prompt_ref
from bot.usecases.reminders.edit import out_of_quiet_hours, quiet_hours

log = logging.getLogger(__name__)

DUE_AT_ONCE = 25  # rows in a transaction: each takes about a millisecond, and a tap must not wait long
INSTANT = timedelta(microseconds=1)


async def queue_prompts(database: Database, now: datetime) -> int:
    """Takes one batch of what is due at `now`. Returns the number of chats: call again until 0."""
    query = (
        select(AppointmentPlan, Chat)
        .join(Chat, Chat.id == AppointmentPlan.chat_id)
        .where(AppointmentPlan.next_at <= now)
        .order_by(AppointmentPlan.next_at, AppointmentPlan.chat_id)
        .limit(DUE_AT_ONCE)
        .with_for_update(of=AppointmentPlan, skip_locked=True)
    )
    async with database.write() as session:
        rows = (await session.execute(query)).all()
        for row, chat in rows:
            await _take_or_put_off(database, session, row, chat, now)
    if rows:
        log.info("sessions looked at", extra={"due": len(rows)})
    return len(rows)


async def _take_or_put_off(
    database: Database, session: AsyncSession, row: AppointmentPlan, chat: Chat, now: datetime
) -> None:
    """A chat that fails stops no other."""
    chat_id = chat.id
    take = partial(_take, database, session, row, chat, now)
    if again := await failures.guarded(session, FailedWork.APPOINTMENT, chat_id, take, now):
        await session.execute(update(AppointmentPlan).where(AppointmentPlan.chat_id == chat_id).values(next_at=again))


async def _take(database: Database, session: AsyncSession, row: AppointmentPlan, chat: Chat, now: datetime) -> None:
    plan, zone = Appointments.from_stored(row.plan), ZoneInfo(chat.zone or "UTC")
    quiet = quiet_hours(chat.quiet_start, chat.quiet_end)
    events = list_events(plan, zone, quiet, (row.next_at or now) - INSTANT, now)
    if until := quiet_window(plan, now):
        await be_quiet(session, chat, until, now)
    said = [event for event in events if event.prompt is not Prompt.QUIET and now < event.before]
    if said and (message := _message(chat, said[-1], now)):
        connection = await session.connection()
        await connection.execute(database.insert_new(QueuedMessage), message)
    following = next_event(plan, zone, quiet, now)
    kept = plan.without_past(now.date())
    if not kept.appointments or (following is None and plan.ends_on is not None):
        await session.execute(delete(AppointmentPlan).where(AppointmentPlan.chat_id == chat.id))
        return
    if kept != plan:
        row.plan = kept.to_json()
    row.next_at = following.at if following else now + LOOK_AGAIN


def _message(chat: Chat, event: Event, now: datetime) -> dict[str, object] | None:
    """Returns the row to queue; None in a pause, or if the support card keeps it back for too long."""
    if chat.paused_until and now < chat.paused_until:
        return None
    send_after = max(now, chat.hushed_until or now)
    if event.prompt is Prompt.ENDING or send_after > now:
        send_after = out_of_quiet_hours(chat, send_after)
    if send_after >= event.before:
        return None
    return {
        "chat_id": chat.id,
        "kind": MessageKind.APPOINTMENT,
        "notice_ref": prompt_ref(event),
        "occurrence_at": event.starts_at,
        "send_after": send_after,
        "send_before": event.before,
        "state": MessageState.QUEUED,
        "attempts": 0,
    }
