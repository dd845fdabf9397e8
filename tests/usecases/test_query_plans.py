"""What is due is found by indexes, in their order: no table is read whole, and no rush is sorted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from benchmarks.plans import listening, plans_of, scanned, sorted_after
from bot.database.engine import Database
from bot.database.models import Chat, Conversation, QueuedMessage, Reminder
from bot.database.values import MessageKind, MessageState, Subject
from bot.delivery.outcomes import Sent
from bot.domain.ids import TelegramId
from bot.domain.schedule import write_rule
from bot.usecases import hush
from bot.usecases.claims import claim, sweep, waits
from bot.usecases.conversations.rows import open_by
from bot.usecases.marks import mark
from bot.usecases.next_events import next_event_at
from bot.usecases.presence import look_for_silence
from bot.usecases.reminders.due import queue_due
from bot.usecases.vitals import read_figures
from tests.scenes import MORNING, berlin, choose

COUNT = 5000
NOW = berlin(3, "08:30")


@pytest.fixture
async def rush(database: Database) -> Database:
    """Half of the reminders are due, and as many messages wait; the database knows how many rows there are."""
    early, late = NOW - timedelta(minutes=1), NOW + timedelta(hours=3)
    chats = [{"id": n, "telegram_id": n, "zone": "Europe/Berlin", "seed": n, "created_at": early} for n in NUMBERS]
    rule = write_rule(MORNING)
    reminders = [{"chat_id": n, "rule": rule, "due_at": late if n % 2 else NOW, "created_at": early} for n in NUMBERS]
    messages = [_message(n, MessageState.SENT if n % 2 else MessageState.QUEUED) for n in NUMBERS]
    async with database.write() as session:
        await session.execute(insert(Chat), chats)
        await session.execute(insert(Reminder), reminders)
        await session.execute(insert(QueuedMessage), messages)
    if not database.is_sqlite:  # which does so by itself; SQLite knows nothing of its tables
        async with database.engine.connect() as connection:
            await connection.execute(text("ANALYZE"))
            await connection.commit()
    return database


NUMBERS = range(1, COUNT + 1)


def _message(number: int, state: MessageState) -> dict[str, Any]:  # Any: values of different columns
    at = NOW - timedelta(seconds=number)
    return {
        "chat_id": number,
        "kind": MessageKind.AFFIRMATION,
        "affirmation_id": "text-1",
        "occurrence_at": at,
        "send_after": at,
        "send_before": at + timedelta(hours=6),
        "state": state,
    }


async def test_the_hot_loop_reads_no_whole_table_and_sorts_no_rush(rush: Database) -> None:
    with listening(rush) as statements:
        assert (await queue_due(rush, choose, NOW)).handled == 250
        claimed = await claim(rush, NOW, 400)
        assert len(claimed) == 400
        async with rush.engine.connect() as connection:
            assert await connection.run_sync(waits, rush, NOW)
        await mark(rush, [(message, Sent()) for message in claimed], NOW)
        assert await next_event_at(rush)
        await sweep(rush, NOW)
        async with rush.write() as session:
            await hush.clear_over(session, NOW)
        async with rush.read() as session:
            await read_figures(session, NOW)
    plans = await plans_of(rush, statements, is_small=True)
    assert {statement: lines for statement, plan in plans.items() if (lines := scanned(plan))} == {}
    assert {statement: lines for statement, plan in plans.items() if (lines := sorted_after(plan))} == {}


async def test_a_persons_conversations_are_found_among_all(rush: Database) -> None:
    rows = [
        {
            "chat_id": n,
            "person_id": n,
            "subject": Subject.SETUP,
            "token": f"t{n}",
            "step": "time",
            "draft": "{}",
            "updated_at": NOW,
        }
        for n in NUMBERS
    ]
    async with rush.write() as session:
        await session.execute(insert(Conversation), rows)
        if not rush.is_sqlite:
            await session.execute(text("ANALYZE conversations"))
    with listening(rush) as statements:
        async with rush.write() as session:
            await open_by(session, TelegramId(7))
            await session.execute(select(Conversation.id).where(Conversation.token == "t7"))
            await session.execute(delete(Conversation).where(Conversation.token == "t8"))
    plans = await plans_of(rush, statements)
    assert {statement: lines for statement, plan in plans.items() if (lines := scanned(plan))} == {}
    assert len(plans) == 3


FOUND_BY = (
    (r"SELECT queued_messages.id FROM", "ix_queued_messages_waiting"),
    (r"SELECT \(SELECT min.* min\(queued_messages.send_after\)", "ix_queued_messages_waiting"),
    (r"SELECT \(SELECT min.* min\(queued_messages.claimed_until\)", "ix_queued_messages_claimed"),
    (r"SELECT \(SELECT min.* min\(chats.travels_until\)", "ix_chats_travels_until"),
    (r"SELECT queued_messages.* ORDER BY queued_messages.send_before", "ix_queued_messages_earliest_deadline"),
    (r"UPDATE .* queued_messages.claimed_until <=", "ix_queued_messages_claimed"),
    (r"DELETE .* queued_messages.send_after <", "ix_queued_messages_send_after"),
    (r"DELETE .* queued_messages.kind = 'asking'", "ix_queued_messages_asking"),
    (r"UPDATE chats .* chats.last_seen_at IS NULL", "ix_chats_unseen"),
)


async def test_what_waits_and_what_is_claimed_is_found_among_all_that_was_sent(rush: Database) -> None:
    with listening(rush) as statements:
        async with rush.engine.connect() as connection:
            await connection.run_sync(waits, rush, NOW)
        await claim(rush, NOW, 400)
        await next_event_at(rush)
        await sweep(rush, NOW)
        await look_for_silence(rush, 3, NOW)
    plans = await plans_of(rush, statements, is_small=True)
    for statement, index in FOUND_BY:
        found = [plan for text, plan in plans.items() if re.match(statement, " ".join(text.split()))]
        assert [any(index in line for line in plan) for plan in found] == [True], (statement, found)
