"""Claims: the earliest deadline first, never one of another process, and nothing is kept longer than it is needed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageKind, MessageState, OffReason
from bot.domain.ids import ChatId, TelegramId
from bot.usecases.chats import pause, switch_off
from bot.usecases.claims import KEEP_SENT, LEASE, Claimed, claim, release, sweep, take_over
from tests.scenes import MORNING, berlin, chat_with, queued

NOW = berlin(3, "08:30")
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def chat(database: Database) -> int:
    return await chat_with(database, MORNING, now=berlin(2))


async def queue(database: Database, chat: int, **columns: object) -> int:
    """A message to this chat, due now; returns its number."""
    row = {
        "chat_id": chat,
        "kind": MessageKind.AFFIRMATION,
        "affirmation_id": "text-1",
        "occurrence_at": NOW,
        "send_after": NOW,
        "send_before": NOW + timedelta(hours=6),
        "state": MessageState.QUEUED,
        "attempts": 0,
    } | columns
    async with database.write() as session:
        return (await session.scalars(insert(QueuedMessage).returning(QueuedMessage.id), row)).one()


async def set_chat(database: Database, chat: int, **columns: object) -> None:
    async with database.write() as session:
        await session.execute(update(Chat).where(Chat.id == chat).values(**columns))


async def row_of(database: Database, number: int) -> QueuedMessage:
    async with database.read() as session:
        return (await session.scalars(select(QueuedMessage).where(QueuedMessage.id == number))).one()


def ids(claimed: list[Claimed]) -> list[int]:
    return [message.id for message in claimed]


async def test_a_claim_holds_all_that_is_needed_to_send_it(database: Database, chat: int) -> None:
    await set_chat(
        database, chat, language="es", practice="quiet", is_silent=True, shows_pictures=False, last_notice="welcome"
    )
    number = await queue(database, chat, kind=MessageKind.NOTICE, notice_ref="joined:7", attempts=2)
    assert await claim(database, NOW, 10) == [
        Claimed(
            claimed_until=NOW + LEASE,
            reminder_id=None,
            refusals=0,
            id=number,
            chat_id=ChatId(chat),
            telegram_id=TelegramId(42),
            thread_id=0,
            is_silent=True,
            language="es",
            practice="quiet",
            shows_pictures=False,
            kind=MessageKind.NOTICE,
            affirmation_id="text-1",
            notice_ref="joined:7",
            last_notice="welcome",
            send_before=NOW + timedelta(hours=6),
            attempts=2,
            send_after=NOW,
            occurrence_at=NOW,
        )
    ]
    row = await row_of(database, number)
    assert (row.state, row.claimed_until, row.attempts) == (MessageState.SENDING, NOW + LEASE, 3)


async def test_the_longest_waiting_are_claimed_first_and_no_more_than_asked_for(database: Database, chat: int) -> None:
    late = await queue(database, chat, send_after=NOW)
    early = await queue(database, chat, send_after=NOW - A_MINUTE)
    not_yet = await queue(database, chat, send_after=NOW + A_MINUTE)
    also_late = await queue(database, chat, send_after=NOW)
    assert ids(await claim(database, NOW, 2)) == [early, late]
    assert ids(await claim(database, NOW, 10)) == [also_late]
    assert await claim(database, NOW, 10) == []
    assert (await row_of(database, not_yet)).state == MessageState.QUEUED


async def test_what_will_soonest_be_too_late_is_claimed_first(database: Database, chat: int) -> None:
    """As what belongs to a session, or comes to somebody whose quiet hours begin soon."""
    usual = await queue(database, chat, send_after=NOW - 2 * A_MINUTE)
    soon_quiet = await queue(database, chat, send_after=NOW - A_MINUTE, send_before=NOW + 20 * A_MINUTE)
    before_session = await queue(database, chat, send_before=NOW + 5 * A_MINUTE)
    not_yet = await queue(database, chat, send_after=NOW + A_MINUTE, send_before=NOW + 2 * A_MINUTE)
    assert ids(await claim(database, NOW, 1)) == [before_session]
    assert ids(await claim(database, NOW, 10)) == [soon_quiet, usual]
    assert ids(await claim(database, NOW + A_MINUTE, 10)) == [not_yet]


async def test_an_older_message_goes_first_however_it_is_stored(database: Database, chat: int) -> None:
    numbers = [await queue(database, chat, send_after=NOW - minutes * A_MINUTE) for minutes in range(5)]
    assert ids(await claim(database, NOW, 10)) == numbers[::-1]


async def test_many_processes_claim_each_message_once(database: Database, chat: int) -> None:
    numbers = [await queue(database, chat) for _ in range(12)]
    claimed = await asyncio.gather(*(claim(database, NOW, 3) for _ in range(6)))
    assert sorted(number for claims in claimed for number in ids(claims)) == numbers


@pytest.mark.parametrize(
    ("reason", "kind", "is_claimed"),
    [
        (None, MessageKind.AFFIRMATION, True),
        (None, MessageKind.NOTICE, True),
        (OffReason.STOPPED, MessageKind.AFFIRMATION, False),
        (OffReason.STOPPED, MessageKind.NOTICE, True),
        (OffReason.BLOCKED, MessageKind.AFFIRMATION, False),
        (OffReason.BLOCKED, MessageKind.NOTICE, False),
    ],
)
async def test_whoever_has_stopped_is_still_told_of_their_group_and_of_nothing_else(
    database: Database, chat: int, reason: OffReason | None, kind: MessageKind, is_claimed: bool
) -> None:
    await set_chat(database, chat, off_reason=reason)
    number = await queue(database, chat, kind=kind)
    assert ids(await claim(database, NOW, 10)) == [number] * is_claimed


@pytest.mark.parametrize("leaves", ["stop", "pause", "block"])
async def test_whoever_stops_or_pauses_is_told_of_their_group_by_what_was_queued_before(
    database: Database, chat: int, leaves: str
) -> None:
    own, notice = await queue(database, chat), await queue(database, chat, kind=MessageKind.NOTICE)
    async with database.write() as session:
        if leaves == "pause":
            await pause(session, await session.get_one(Chat, chat), NOW + timedelta(days=1), NOW)
        else:
            reason = OffReason.STOPPED if leaves == "stop" else OffReason.BLOCKED
            await switch_off(session, ChatId(chat), reason, NOW)
    assert ids(await claim(database, NOW, 10)) == ([] if leaves == "block" else [notice])
    assert own != notice


async def test_what_is_given_back_can_be_claimed_at_once_and_the_rest_stays_claimed(
    database: Database, chat: int
) -> None:
    numbers = [await queue(database, chat) for _ in range(4)]
    claimed = await claim(database, NOW, 3)
    async with database.write() as session:
        await session.execute(
            update(QueuedMessage).where(QueuedMessage.id == numbers[1]).values(state=MessageState.SENT)
        )
    await release(database, claimed[1:])
    rows = {number: await row_of(database, number) for number in numbers}
    assert [rows[number].state for number in numbers] == [
        MessageState.SENDING,
        MessageState.SENT,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]
    assert rows[numbers[2]].claimed_until is None
    await release(database, [])
    assert ids(await claim(database, NOW, 10)) == numbers[2:]


async def test_a_new_lead_takes_over_what_is_claimed_and_nothing_else(database: Database, chat: int) -> None:
    held = await queue(database, chat, state=MessageState.SENDING, claimed_until=NOW + LEASE)
    sent = await queue(database, chat, state=MessageState.SENT)
    await take_over(database, NOW)
    row = await row_of(database, held)
    assert (row.state, row.claimed_until) == (MessageState.QUEUED, None)
    assert (await row_of(database, sent)).state == MessageState.SENT


async def test_a_claim_that_is_over_is_taken_back_and_one_that_is_not_stays(database: Database, chat: int) -> None:
    over = await queue(database, chat, state=MessageState.SENDING, claimed_until=NOW)
    holds = await queue(database, chat, state=MessageState.SENDING, claimed_until=NOW + A_MINUTE)
    assert await sweep(database, NOW) == 0
    assert [
        ((await row_of(database, number)).state, (await row_of(database, number)).claimed_until)
        for number in (over, holds)
    ] == [(MessageState.QUEUED, None), (MessageState.SENDING, NOW + A_MINUTE)]


async def test_what_is_too_late_is_skipped_and_counted(database: Database, chat: int) -> None:
    """What is being sent may still arrive; what nobody began with is skipped at its very minute."""
    too_late = await queue(database, chat, send_before=NOW)
    in_time = await queue(database, chat, send_before=NOW + A_MINUTE)
    sending = await queue(database, chat, send_before=NOW, state=MessageState.SENDING, claimed_until=NOW + A_MINUTE)
    sent = await queue(database, chat, send_before=NOW, state=MessageState.SENT)
    assert await sweep(database, NOW) == 1
    states = [(await row_of(database, number)).state for number in (too_late, in_time, sending, sent)]
    assert states == [MessageState.SKIPPED, MessageState.QUEUED, MessageState.SENDING, MessageState.SENT]


@pytest.mark.parametrize("state", MessageState)
async def test_what_is_done_is_kept_for_three_days_and_what_is_not_for_good(
    database: Database, chat: int, state: MessageState
) -> None:
    columns = {"state": state, "claimed_until": NOW + A_MINUTE if state is MessageState.SENDING else None}
    old = await queue(database, chat, send_after=NOW - KEEP_SENT - A_MINUTE, **columns)
    new = await queue(database, chat, send_after=NOW - KEEP_SENT, **columns)
    await sweep(database, NOW, may_delete=False)
    assert {row.id for row in await queued(database)} == {new, old}
    await sweep(database, NOW)
    is_done = state in {MessageState.SENT, MessageState.SKIPPED, MessageState.FAILED}
    assert {row.id for row in await queued(database)} == {new} | ({old} if not is_done else set())


async def test_a_message_that_another_process_holds_is_passed_over_and_a_chat_that_it_holds_is_not(
    database: Database, chat: int
) -> None:
    if database.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    held, free = await queue(database, chat), await queue(database, chat)
    async with database.write() as session:
        await session.execute(select(QueuedMessage.id).where(QueuedMessage.id == held).with_for_update())
        await session.execute(select(Chat.id).where(Chat.id == chat).with_for_update())
        assert ids(await claim(database, NOW, 10)) == [free]


async def test_a_program_that_is_killed_again_and_again_sends_the_same_less_and_less_often(
    database: Database, chat: int
) -> None:
    await queue(database, chat)
    sent, now = [], NOW
    for second in range(60):  # killed every second, after it was sent and before it was marked
        now = NOW + timedelta(seconds=second)
        await take_over(database, now)
        sent += [second for _ in await claim(database, now, 10)]
    assert sent == [0, 1, 6, 15, 32]
    await take_over(database, now)
    assert ids(await claim(database, now + timedelta(minutes=6), 10)), "and it is never given up"


async def test_what_would_be_too_late_is_sent_again_at_once(database: Database, chat: int) -> None:
    await queue(database, chat, attempts=7, send_before=NOW + A_MINUTE)
    await claim(database, NOW, 10)
    await take_over(database, NOW)
    assert await claim(database, NOW, 10)


async def test_what_a_stop_has_left_unsent_was_not_tried(database: Database, chat: int) -> None:
    number = await queue(database, chat)
    await release(database, await claim(database, NOW, 10))
    assert (await row_of(database, number)).attempts == 0
