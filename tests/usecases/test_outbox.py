"""The outbox: everything once; what Telegram says decides what becomes of a message and of its chat."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import select, update
from telegram.error import InvalidToken

from bot.database.engine import Database
from bot.database.models import Chat, OffReason, QueuedMessage, Reminder, State
from bot.delivery.rate_limits import Pacer
from bot.delivery.sending import Later, Moved, Off, Outcome, Refused, Sent
from bot.domain.schedule import Daily
from bot.usecases.chats import switch_off
from bot.usecases.claims import LEASE, Claimed, take_over
from bot.usecases.outbox import Outbox
from localtelegram.clock import MovableClock
from tests.scenes import MORNING, berlin, chat_with, queue_all, queued

NOW = berlin(3, "08:30")
Deliver = Callable[[Claimed], Awaitable[Outcome]]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW, real=lambda: NOW)


@pytest.fixture
async def five(database: Database) -> Database:
    """Five chats, 1 to 5, with one message each to send."""
    for number in range(1, 6):
        await chat_with(database, MORNING, now=berlin(2), telegram_id=number)
    await queue_all(database, NOW)
    return database


def outbox(database: Database, deliver: Deliver, clock: MovableClock, *, claim: int = 400) -> Outbox:
    return Outbox(database, deliver, Pacer(100_000), clock, claim=claim)


class Telegram:
    """Takes messages, and answers some of the chats otherwise."""

    def __init__(self, **answers: Outcome) -> None:
        self.taken: list[int] = []
        self._answers = {int(name.removeprefix("chat")): outcome for name, outcome in answers.items()}

    async def __call__(self, message: Claimed) -> Outcome:
        self.taken.append(message.telegram_id)
        return self._answers.pop(message.telegram_id, Sent())


async def states(database: Database) -> list[State]:
    return [State(row.state) for row in await queued(database)]


async def test_all_are_sent_once_and_marked(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock, claim=2)
    await box.send_queued()
    await box.send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]
    assert [(row.state, row.sent_at, row.claimed_until) for row in await queued(five)] == [(State.SENT, NOW, None)] * 5
    assert box.counts.sent == 5


async def test_two_processes_share_without_repeating(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    await asyncio.gather(*(outbox(five, telegram, clock, claim=1).send_queued() for _ in range(3)))
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_retry_after_is_waited_for_and_then_it_comes(five: Database, clock: MovableClock) -> None:
    telegram = Telegram(chat2=Later(7, is_asked=True, error="asked to wait"))
    box = outbox(five, telegram, clock)
    await box.send_queued()
    waiting = [row for row in await queued(five) if row.state == State.QUEUED]
    assert [(row.chat_id, row.send_after) for row in waiting] == [(2, NOW + timedelta(seconds=7))]
    await box.send_queued()
    assert Counter(telegram.taken)[2] == 1
    clock.move(timedelta(seconds=8))
    await outbox(five, telegram, clock).send_queued()
    assert Counter(telegram.taken)[2] == 2
    assert await states(five) == [State.SENT] * 5


async def test_what_did_not_get_through_is_tried_again_later_and_later(five: Database, clock: MovableClock) -> None:
    waits = []
    for _ in range(4):
        telegram = Telegram(chat3=Later(0, is_asked=False, error="no connection"))
        await outbox(five, telegram, clock).send_queued()
        (row,) = [row for row in await queued(five) if row.state == State.QUEUED]
        waits.append((row.send_after - clock()).total_seconds())
        clock.set(row.send_after)
    assert waits == [2, 4, 8, 16]
    await outbox(five, Telegram(), clock).send_queued()
    assert await states(five) == [State.SENT] * 5


@pytest.mark.parametrize("reason", [OffReason.BLOCKED, OffReason.GONE, OffReason.NO_RIGHTS])
async def test_a_refusal_for_good_switches_the_chat_off(five: Database, clock: MovableClock, reason: OffReason) -> None:
    await outbox(five, Telegram(chat4=Off(reason, "said so")), clock).send_queued()
    async with five.read() as session:
        chat = await session.get_one(Chat, 4)
        due = await session.scalar(select(Reminder.due_at).where(Reminder.chat_id == 4))
    assert (chat.off_reason, chat.off_at, due) == (reason, NOW, None)
    assert Counter(await states(five)) == {State.SENT: 4, State.FAILED: 1}


async def test_a_message_refused_for_itself_leaves_its_chat_alone(
    five: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox(five, Telegram(chat4=Refused("can't parse entities")), clock).send_queued()
    async with five.read() as session:
        assert (await session.get_one(Chat, 4)).off_reason is None
    assert Counter(await states(five)) == {State.SENT: 4, State.FAILED: 1}
    assert "message refused" in caplog.text


async def test_a_moved_group_gets_its_message_at_the_new_number(five: Database, clock: MovableClock) -> None:
    telegram = Telegram(chat5=Moved(-1005))
    box = outbox(five, telegram, clock)
    await box.send_queued()
    await box.send_queued()
    assert telegram.taken[-1] == -1005
    assert await states(five) == [State.SENT] * 5
    async with five.read() as session:
        assert (await session.get_one(Chat, 5)).telegram_id == -1005


async def test_what_is_too_late_is_skipped(five: Database, clock: MovableClock) -> None:
    clock.move(timedelta(hours=7))
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    await box.send_queued()
    assert telegram.taken == []
    assert await states(five) == [State.SKIPPED] * 5
    assert box.counts.skipped == 5


async def test_what_a_dead_process_held_is_taken_up_when_its_claim_ends(five: Database, clock: MovableClock) -> None:
    async with five.write() as session:
        await session.execute(update(QueuedMessage).values(state=State.SENDING, claimed_until=NOW + LEASE))
    telegram = Telegram()
    await outbox(five, telegram, clock).send_queued()
    assert telegram.taken == []
    clock.move(LEASE)
    await outbox(five, telegram, clock).send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_a_new_lead_takes_up_at_once_what_a_dead_process_held(five: Database, clock: MovableClock) -> None:
    async with five.write() as session:
        await session.execute(update(QueuedMessage).values(state=State.SENDING, claimed_until=NOW + LEASE))
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    await take_over(five)
    await box.send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_a_stop_settles_what_is_in_flight_and_gives_back_the_rest(five: Database, clock: MovableClock) -> None:
    taken = []

    async def deliver(message: Claimed) -> Outcome:
        taken.append(message.telegram_id)
        box.stop()
        await asyncio.sleep(0.05)
        return Sent()

    box = Outbox(five, deliver, Pacer(2), clock)  # the second one would have to wait for its turn
    await box.send_queued()
    assert len(taken) == 1
    assert Counter(await states(five)) == {State.SENT: 1, State.QUEUED: 4}


async def test_a_chat_that_says_stop_gets_nothing_that_was_claimed_before(five: Database, clock: MovableClock) -> None:
    taken: list[int] = []

    async def deliver(message: Claimed) -> Outcome:
        if not taken:
            others = {1, 2, 3, 4, 5} - {message.chat_id}
            for number in others:
                async with five.write() as session:
                    await switch_off(session, number, OffReason.STOPPED, NOW)
                box.withdraw(number)
        taken.append(message.telegram_id)
        return Sent()

    box = Outbox(five, deliver, Pacer(20), clock)
    await box.send_queued()
    assert len(taken) == 1
    assert Counter(await states(five)) == {State.SENT: 1, State.SKIPPED: 4}


async def test_a_token_that_is_refused_ends_it_and_loses_nothing(five: Database, clock: MovableClock) -> None:
    async def deliver(message: Claimed) -> Outcome:
        raise InvalidToken("Unauthorized")

    with pytest.raises(InvalidToken):
        await outbox(five, deliver, clock).send_queued()
    assert await states(five) == [State.QUEUED] * 5


async def test_two_messages_to_one_chat_keep_a_second_between_them(database: Database, clock: MovableClock) -> None:
    await chat_with(database, MORNING, Daily(at=time(8, 29)), now=berlin(2), telegram_id=42)
    await queue_all(database, NOW)
    telegram = Telegram()
    await outbox(database, telegram, clock).send_queued()
    assert telegram.taken == [42]
    (waiting,) = [row for row in await queued(database) if row.state == State.QUEUED]
    assert timedelta(0) < waiting.send_after - NOW <= timedelta(seconds=1)
