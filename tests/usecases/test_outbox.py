"""The outbox sends each message once; Telegram's answer decides what happens to the message and its chat."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.database.engine import Database
from bot.database.models import Chat, QueuedMessage, Reminder
from bot.database.values import FailedWork, MessageKind, MessageState, OffReason
from bot.delivery.outcomes import ChatLost, Moved, Outcome, Refused, RetryLater, Sent, TokenRefusedError
from bot.delivery.rate_limits import RateLimiter
from bot.domain.ids import ChatId, TelegramId
from bot.domain.schedule import Daily
from bot.usecases import outbox as outbox_module
from bot.usecases.chats import switch_off
from bot.usecases.claims import LEASE, Claimed, claim, release, take_over
from bot.usecases.failures import MOST_TRIES, TRY_AGAIN, list_set_aside
from bot.usecases.marks import mark
from bot.usecases.outbox import LEASE_MARGIN, Outbox, all_but_notices
from localtelegram.clock import MovableClock
from tests.scenes import MORNING, berlin, chat_with, chats_with_a_message, queue_all, queued
from tests.wire import until

NOW = berlin(3, "08:30")
Deliver = Callable[[Claimed], Awaitable[Outcome]]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW, real=lambda: NOW)


@pytest.fixture
async def five(database: Database) -> Database:
    """A database with five chats, 1 to 5, each with one queued message."""
    return await chats_with_a_message(database, 5, NOW)


@dataclass
class Delivering:
    """A delivery that calls a function of the test."""

    function: Deliver

    async def deliver(self, message: Claimed) -> Outcome:
        return await self.function(message)


def outbox(
    database: Database, deliver: Deliver, clock: MovableClock, *, claim: int = 400, per_second: float = 100_000
) -> Outbox:
    return Outbox(database, Delivering(deliver), RateLimiter(per_second), clock, claim=claim)


class Telegram:
    """Accepts messages, except for chats that have another outcome."""

    def __init__(self, **answers: Outcome) -> None:
        self.taken: list[int] = []
        self._answers = {int(name.removeprefix("chat")): outcome for name, outcome in answers.items()}

    async def __call__(self, message: Claimed) -> Outcome:
        self.taken.append(message.telegram_id)
        return self._answers.pop(message.telegram_id, Sent())


async def states(database: Database) -> list[MessageState]:
    return [MessageState(row.state) for row in await queued(database)]


async def test_all_are_sent_once_and_marked(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock, claim=2)
    await box.send_queued()
    await box.send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]
    assert [(row.state, row.sent_at, row.claimed_until) for row in await queued(five)] == [
        (MessageState.SENT, NOW, None)
    ] * 5
    assert box.counts.sent == 5


async def test_two_processes_share_without_repeating(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    await asyncio.gather(*(outbox(five, telegram, clock, claim=1).send_queued() for _ in range(3)))
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_retry_after_is_waited_for_and_then_it_comes(five: Database, clock: MovableClock) -> None:
    telegram = Telegram(chat2=RetryLater(7, is_asked=True, error="asked to wait"))
    box = outbox(five, telegram, clock)
    await box.send_queued()
    waiting = [row for row in await queued(five) if row.state == MessageState.QUEUED]
    assert [(row.chat_id, row.send_after) for row in waiting] == [(2, NOW + timedelta(seconds=7))]
    await box.send_queued()
    assert Counter(telegram.taken)[2] == 1
    clock.move(timedelta(seconds=8))
    await outbox(five, telegram, clock).send_queued()
    assert Counter(telegram.taken)[2] == 2
    assert await states(five) == [MessageState.SENT] * 5


async def test_what_did_not_get_through_is_tried_again_later_and_later(five: Database, clock: MovableClock) -> None:
    waits = []
    for _ in range(4):
        telegram = Telegram(chat3=RetryLater(0, is_asked=False, error="no connection"))
        await outbox(five, telegram, clock).send_queued()
        (row,) = [row for row in await queued(five) if row.state == MessageState.QUEUED]
        waits.append((row.send_after - clock()).total_seconds())
        clock.set(row.send_after)
    assert waits == [2, 4, 8, 16]
    await outbox(five, Telegram(), clock).send_queued()
    assert await states(five) == [MessageState.SENT] * 5


@pytest.mark.parametrize("reason", [OffReason.BLOCKED, OffReason.GONE, OffReason.NO_RIGHTS])
async def test_a_refusal_for_good_switches_the_chat_off(five: Database, clock: MovableClock, reason: OffReason) -> None:
    await outbox(five, Telegram(chat4=ChatLost(reason, "said so")), clock).send_queued()
    async with five.read() as session:
        chat = await session.get_one(Chat, 4)
        due = await session.scalar(select(Reminder.due_at).where(Reminder.chat_id == 4))
    assert (chat.off_reason, chat.off_at, due) == (reason, NOW, None)
    assert Counter(await states(five)) == {MessageState.SENT: 4, MessageState.FAILED: 1}


async def test_a_message_refused_for_itself_leaves_its_chat_alone(
    five: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox(five, Telegram(chat4=Refused("can't parse entities", is_about_message=True)), clock).send_queued()
    async with five.read() as session:
        assert (await session.get_one(Chat, 4)).off_reason is None
    assert Counter(await states(five)) == {MessageState.SENT: 4, MessageState.FAILED: 1}
    assert "message refused" in caplog.text


async def test_a_moved_group_gets_its_message_at_the_new_number(five: Database, clock: MovableClock) -> None:
    telegram = Telegram(chat5=Moved(TelegramId(-1005)))
    box = outbox(five, telegram, clock)
    await box.send_queued()
    await box.send_queued()
    assert telegram.taken[-1] == -1005
    assert await states(five) == [MessageState.SENT] * 5
    async with five.read() as session:
        assert (await session.get_one(Chat, 5)).telegram_id == -1005


async def test_what_is_too_late_is_skipped(five: Database, clock: MovableClock) -> None:
    clock.move(timedelta(hours=7))
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    await box.send_queued()
    assert telegram.taken == []
    assert await states(five) == [MessageState.SKIPPED] * 5
    assert box.counts.skipped == 5


async def test_what_a_dead_process_held_is_taken_up_when_its_claim_ends(five: Database, clock: MovableClock) -> None:
    async with five.write() as session:
        await session.execute(update(QueuedMessage).values(state=MessageState.SENDING, claimed_until=NOW + LEASE))
    telegram = Telegram()
    await outbox(five, telegram, clock).send_queued()
    assert telegram.taken == []
    clock.move(LEASE)
    await outbox(five, telegram, clock).send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_a_new_lead_takes_up_at_once_what_a_dead_process_held(five: Database, clock: MovableClock) -> None:
    async with five.write() as session:
        await session.execute(update(QueuedMessage).values(state=MessageState.SENDING, claimed_until=NOW + LEASE))
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    await take_over(five, clock())
    await box.send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_a_stop_settles_what_is_in_flight_and_gives_back_the_rest(five: Database, clock: MovableClock) -> None:
    taken = []

    async def deliver(message: Claimed) -> Outcome:
        taken.append(message.telegram_id)
        box.stop()
        await asyncio.sleep(0.05)
        return Sent()

    box = outbox(five, deliver, clock, per_second=2)  # the second one would have to wait for its turn
    await box.send_queued()
    assert len(taken) == 1
    assert Counter(await states(five)) == {MessageState.SENT: 1, MessageState.QUEUED: 4}


async def test_a_chat_that_says_stop_gets_nothing_that_was_claimed_before(five: Database, clock: MovableClock) -> None:
    taken: list[int] = []
    ticks = count()

    async def deliver(message: Claimed) -> Outcome:
        if not taken:
            others = {1, 2, 3, 4, 5} - {message.chat_id}
            for number in others:
                async with five.write() as session:
                    await switch_off(session, ChatId(number), OffReason.STOPPED, NOW)
                box.withdraw(ChatId(number))
        taken.append(message.telegram_id)
        return Sent()

    # The rate limit lets no message go before the others have said stop.
    box = Outbox(five, Delivering(deliver), RateLimiter(20, clock=lambda: next(ticks) if taken else 0), clock)
    await box.send_queued()
    assert len(taken) == 1
    assert Counter(await states(five)) == {MessageState.SENT: 1, MessageState.SKIPPED: 4}


async def test_what_is_claimed_for_a_chat_that_is_held_comes_when_it_may(five: Database, clock: MovableClock) -> None:
    taken: list[int] = []
    ticks = count()
    until = NOW + timedelta(hours=1)

    async def deliver(message: Claimed) -> Outcome:
        if not taken:
            for number in {1, 2, 3, 4, 5} - {message.chat_id}:
                box.hold(ChatId(number), until)
        taken.append(message.telegram_id)
        return Sent()

    # The rate limit lets no message go before the others are held.
    box = Outbox(five, Delivering(deliver), RateLimiter(20, clock=lambda: next(ticks) if taken else 0), clock)
    await box.send_queued()
    assert len(taken) == 1
    waiting = await queued(five, MessageState.QUEUED)
    assert [row.send_after for row in waiting] == [until] * 4
    clock.move(timedelta(hours=1))
    await box.send_queued()
    assert sorted(taken) == [1, 2, 3, 4, 5]


async def test_a_message_is_not_started_close_to_the_end_of_its_claim(five: Database, clock: MovableClock) -> None:
    """Another process may claim it when the claim ends; a message started shortly before could be sent twice."""
    taken: list[int] = []
    ticks = count()

    async def deliver(message: Claimed) -> Outcome:
        if not taken:
            clock.move(LEASE - LEASE_MARGIN)
        taken.append(message.telegram_id)
        return Sent()

    # The rate limit lets no message go before the first one was sent.
    box = Outbox(five, Delivering(deliver), RateLimiter(20, clock=lambda: next(ticks) if taken else 0), clock)
    await box.send_queued()
    assert taken == [1]
    await box.send_queued()
    assert sorted(taken) == [1, 2, 3, 4, 5]
    assert sorted(row.attempts for row in await queued(five)) == [1, 2, 2, 2, 2]  # given back, and claimed anew


async def test_a_stop_counts_for_a_message_that_telegram_puts_off_while_it_is_in_flight(
    five: Database, clock: MovableClock
) -> None:
    taken: list[int] = []

    async def deliver(message: Claimed) -> Outcome:
        taken.append(message.telegram_id)
        if len(taken) == 5:
            async with five.write() as session:
                await switch_off(session, message.chat_id, OffReason.STOPPED, NOW)
            box.withdraw(message.chat_id)
            return RetryLater(7.0, is_asked=True, error="asked to wait")
        return Sent()

    box = outbox(five, deliver, clock)
    await box.send_queued()
    clock.move(timedelta(minutes=1))
    await outbox(five, deliver, clock).send_queued()
    assert len(taken) == 5
    assert MessageState.SENDING not in await states(five)


@pytest.mark.parametrize("error", [RuntimeError("whatever"), OSError(28, "No space left on device"), KeyError("x")])
async def test_a_message_that_fails_stops_no_other_and_is_set_aside_after_some_tries(
    five: Database, clock: MovableClock, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    taken: list[int] = []

    async def deliver(message: Claimed) -> Outcome:
        taken.append(message.telegram_id)
        if message.telegram_id == 3:
            raise error
        return Sent()

    for _ in range(MOST_TRIES + 2):
        await outbox(five, deliver, clock).send_queued()
        clock.move(TRY_AGAIN)
    assert Counter(taken) == {1: 1, 2: 1, 3: MOST_TRIES, 4: 1, 5: 1}
    (failed,) = [row for row in await queued(five) if row.state != MessageState.SENT]
    assert (failed.chat_id, failed.state) == (3, MessageState.FAILED)
    async with five.read() as session:
        (failure,) = await list_set_aside(session)
    assert (failure.work, failure.row_id, failure.tries) == (FailedWork.MESSAGE, failed.id, MOST_TRIES)
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [(record.__dict__["row"], record.exc_info and record.exc_info[1]) for record in logged] == [
        (failed.id, error)
    ] * MOST_TRIES


async def test_a_message_that_cannot_be_marked_stops_no_other(
    five: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("whatever")

    monkeypatch.setattr("bot.usecases.marks.move", break_down)
    await outbox(five, Telegram(chat2=Moved(TelegramId(-1002))), clock).send_queued()
    assert Counter(await states(five)) == {MessageState.SENT: 4, MessageState.QUEUED: 1}


async def test_a_token_that_is_refused_ends_it_and_loses_nothing(five: Database, clock: MovableClock) -> None:
    async def deliver(message: Claimed) -> Outcome:
        raise TokenRefusedError("Unauthorized")

    with pytest.raises(TokenRefusedError):
        await outbox(five, deliver, clock).send_queued()
    assert await states(five) == [MessageState.QUEUED] * 5


async def test_two_messages_to_one_chat_keep_a_second_between_them(database: Database, clock: MovableClock) -> None:
    await chat_with(database, MORNING, Daily(at=time(8, 29)), now=berlin(2), telegram_id=42)
    await queue_all(database, NOW)
    telegram = Telegram()
    await outbox(database, telegram, clock).send_queued()
    assert telegram.taken == [42]
    (waiting,) = [row for row in await queued(database) if row.state == MessageState.QUEUED]
    assert timedelta(0) < waiting.send_after - NOW <= timedelta(seconds=1)


async def test_who_woke_up_without_the_lead_sends_and_marks_nothing_of_another(
    five: Database, clock: MovableClock
) -> None:
    """One hangs with what it has claimed; another takes over and sends it; then the first one goes on."""
    woken, other = Telegram(), Telegram()
    has_lead = True
    refused = RetryLater(900.0, is_asked=False, error="a lost answer")

    async def hang(message: Claimed) -> Outcome:
        nonlocal has_lead
        woken.taken.append(message.telegram_id)
        has_lead = False  # while this one is in flight, all of it stands still
        clock.move(timedelta(seconds=4))
        await take_over(five, clock())
        await outbox(five, other, clock).send_queued()
        return refused

    box = Outbox(five, Delivering(hang), RateLimiter(5), clock, may_send=lambda: has_lead)
    await box.send_queued()
    assert len(woken.taken) < 5
    assert sorted(other.taken) == [1, 2, 3, 4, 5]
    assert await states(five) == [MessageState.SENT] * 5


async def test_a_kill_can_repeat_no_more_than_two_hundred(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chats_with_a_message(database, 450, NOW)
    taken, marked, most = 0, 0, 0

    async def take(_message: Claimed) -> Outcome:
        nonlocal taken, most
        taken += 1
        most = max(most, taken - marked)
        return Sent()

    async def slowly(*args: Any) -> None:
        nonlocal marked
        await asyncio.sleep(0.02)
        await mark(*args)
        _, done, _ = args
        marked += len(done)

    monkeypatch.setattr("bot.usecases.batched_marks.mark", slowly)
    await outbox(database, take, clock).send_queued()
    assert (taken, marked) == (450, 450)
    assert most <= 200


async def handed(database: Database) -> list[Claimed]:
    """The five, claimed for this process as they were queued."""
    return await claim(database, NOW, 5)


async def test_what_is_handed_over_is_sent_before_what_waits(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    box.handed.put((await handed(five))[3:])
    async with five.write() as session:
        await session.execute(
            update(QueuedMessage).where(QueuedMessage.id <= 3).values(state=MessageState.QUEUED, claimed_until=None)
        )
    await box.send_queued()
    assert telegram.taken == [4, 5, 1, 2, 3]
    assert await states(five) == [MessageState.SENT] * 5


async def test_what_is_handed_over_while_the_last_ones_are_under_way_is_sent_as_well(
    five: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, (first, *others) = Telegram(), await handed(five)
    waits, may_end = asyncio.Event(), asyncio.Event()

    async def settle(box: Outbox, *given: Any) -> None:  # Any: as the outbox calls it
        waits.set()
        await settle_as_ever(box, *given)

    async def deliver(message: Claimed) -> Outcome:
        if message == first:
            await may_end.wait()
        return await telegram(message)

    settle_as_ever = Outbox._settle
    monkeypatch.setattr(Outbox, "_settle", settle)
    box = outbox(five, deliver, clock)
    box.handed.put([first])
    sending = asyncio.create_task(box.send_queued())
    await waits.wait()
    box.handed.put(others)
    may_end.set()
    await sending
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_while_more_is_queued_it_waits_for_that_and_looks_only_where_something_waits(
    five: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, (first, second, *others) = Telegram(), await handed(five)
    looks = 0

    async def count_looks(*given: Any) -> list[Claimed]:  # Any: as claim takes them
        nonlocal looks
        looks += 1
        return await claim(*given)

    monkeypatch.setattr(outbox_module, "claim", count_looks)
    box = outbox(five, telegram, clock)
    with box.handed.feeding():
        box.handed.put([first])
        sending = asyncio.create_task(box.send_queued())
        await until(lambda: telegram.taken == [1])
        box.handed.put([second])
        await until(lambda: telegram.taken == [1, 2])
        assert looks == 0
        await release(five, others)
        box.handed.put([])  # they wait in the queue
        await until(lambda: sorted(telegram.taken) == [1, 2, 3, 4, 5])
        assert not sending.done()
    await sending
    assert await states(five) == [MessageState.SENT] * 5


async def test_a_stop_while_more_is_queued_ends_it_without_another_look(
    five: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, (first, *_) = Telegram(), await handed(five)
    box = outbox(five, telegram, clock)
    monkeypatch.delattr(outbox_module, "claim")
    with box.handed.feeding():
        box.handed.put([first])
        sending = asyncio.create_task(box.send_queued())
        await until(lambda: telegram.taken == [1])
        box.stop()
        await sending


async def test_room_is_for_what_is_sent_before_its_claim_ends(five: Database, clock: MovableClock) -> None:
    box = outbox(five, Telegram(), clock, claim=6)
    assert (box.handed.room, await box.handed.has_room(250, 0.0)) == (6, True)
    box.handed.put(await handed(five))
    assert (box.handed.room, await box.handed.has_room(250, 0.0), await box.handed.has_room(1, 0.0)) == (1, False, True)
    waiting = asyncio.create_task(box.handed.has_room(250, 60.0))
    await box.send_queued()
    assert await waiting
    assert box.handed.room == 6


async def test_what_could_not_be_given_back_goes_as_soon_as_the_database_is_there_again(
    five: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, has_lead = Telegram(), True

    async def deliver(message: Claimed) -> Outcome:
        nonlocal has_lead
        has_lead = False
        return await telegram(message)

    async def away(_: Database, unsent: list[Claimed]) -> None:
        if unsent:
            raise OSError("no connection")

    box = Outbox(five, Delivering(deliver), RateLimiter(5), clock, may_send=lambda: has_lead)
    with monkeypatch.context() as patch:
        patch.setattr(outbox_module, "release", away)
        with pytest.raises(OSError, match="no connection"):
            await box.send_queued()
    assert len(telegram.taken) == 1
    has_lead = True
    box._delivery = Delivering(telegram)
    await box.send_queued()
    assert sorted(telegram.taken) == [1, 2, 3, 4, 5]


async def test_a_stop_gives_back_what_was_handed_over(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    box.handed.put(await handed(five))
    box.stop()
    await box.send_queued()
    assert (telegram.taken, box.handed.room) == ([], 0)
    assert [(row.state, row.attempts, row.claimed_until) for row in await queued(five)] == [("queued", 0, None)] * 5


async def test_who_says_stop_gets_nothing_of_what_was_handed_over(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    box.handed.put(await handed(five))
    box.withdraw(ChatId(2))
    await box.send_queued()
    assert telegram.taken == [1, 3, 4, 5]


async def test_only_what_is_meant_is_withdrawn_and_each_withdrawal_counts(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    (first, *others) = [message._replace(chat_id=ChatId(1)) for message in await handed(five)]
    box.handed.put([first, *others])
    box.withdraw(ChatId(1), lambda message: message.id == first.id)
    box.withdraw(ChatId(1), lambda message: message.id == others[0].id)
    await box.send_queued()
    assert telegram.taken == [message.telegram_id for message in others[1:]]


async def test_who_stops_is_still_told_of_their_groups(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    (notice, *others) = await handed(five)
    box.handed.put([notice._replace(kind=MessageKind.NOTICE), *others])
    for number in range(1, 6):
        box.withdraw(ChatId(number), all_but_notices)
    await box.send_queued()
    assert telegram.taken == [notice.telegram_id]


async def test_who_says_stop_and_comes_back_gets_what_is_queued_then(five: Database, clock: MovableClock) -> None:
    telegram = Telegram()
    box = outbox(five, telegram, clock)
    box.withdraw(ChatId(2))
    clock.move(timedelta(days=1))
    box.handed.put(
        [message._replace(claimed_until=clock() + LEASE, send_before=clock() + LEASE) for message in await handed(five)]
    )
    await box.send_queued()
    assert telegram.taken == [1, 2, 3, 4, 5]
