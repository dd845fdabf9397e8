"""The outbox where things meet: a stop, the pace, a full house, the end of a claim, a database that is away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from socket import gaierror
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.database.engine import Database
from bot.database.models import QueuedMessage
from bot.database.values import MessageState, OffReason
from bot.delivery.outcomes import (
    Broken,
    ChatLost,
    Moved,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Skipped,
    TokenRefusedError,
    TopicClosed,
)
from bot.delivery.rate_limits import RateLimiter
from bot.domain.ids import ChatId, TelegramId
from bot.usecases.batched_marks import Counts
from bot.usecases.claims import ERROR_TOO_LATE, LEASE, Claimed, claim
from bot.usecases.marks import mark
from bot.usecases.outbox import LEASE_MARGIN, MOST_CLAIMED, Outbox
from localtelegram.clock import MovableClock
from tests.scenes import berlin, chats_with_a_message, queue_all, queued

NOW = berlin(3, "08:30")
Answer = Callable[[Claimed], Awaitable[Outcome]]
GONE = OperationalError("select", {}, Exception("gone"))


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW, real=lambda: NOW)


@pytest.fixture
async def three(database: Database) -> Database:
    """Three chats, 1 to 3, with one message each to send."""
    return await chats_with_a_message(database, 3, NOW)


class Delivery:
    """Takes messages; what a test says of a chat comes of them, or else they are sent."""

    def __init__(self, **answers: Outcome | Exception | Answer) -> None:
        self.taken: list[int] = []
        self._answers = {int(name.removeprefix("chat")): answer for name, answer in answers.items()}

    async def deliver(self, message: Claimed) -> Outcome:
        self.taken.append(message.telegram_id)
        answer = self._answers.get(message.telegram_id, Sent())
        if isinstance(answer, Exception):
            raise answer
        return await answer(message) if callable(answer) else answer


class Pace(RateLimiter):
    """Says what it is told, and lets everyone wait as long as a test says."""

    def __init__(self, *waits: float) -> None:
        super().__init__(100_000)
        self.told: list[object] = []
        self._waits = list(waits)

    def wait_for_turn(self) -> float:
        wait = self._waits.pop(0) if self._waits else 0.0
        self.told.append(("turn in", wait))
        return wait

    def wait_for_chat(self, chat_id: int) -> float:
        self.told.append(("to", chat_id))
        return 0.0

    def reached(self) -> None:
        self.told.append("reached")

    def unreachable(self) -> None:
        self.told.append("unreachable")

    def refuse(self, chat_id: int, seconds: float) -> None:
        self.told.append(("refused", chat_id, seconds))


def outbox(
    database: Database, delivery: Delivery, clock: MovableClock, pacer: RateLimiter | None = None, claim: int = 400
) -> Outbox:
    return Outbox(database, delivery, pacer or Pace(), clock, claim=claim)


async def rows(database: Database) -> dict[int, tuple[MessageState, str | None, float]]:
    """Of each chat: the state of its message, what went wrong, and in how many seconds it may go."""
    return {
        row.chat_id: (MessageState(row.state), row.error, (row.send_after - NOW).total_seconds())
        for row in await queued(database)
    }


async def states(database: Database) -> list[MessageState]:
    return [state for state, _, _ in (await rows(database)).values()]


async def test_a_message_is_started_when_its_turn_has_come_and_not_before(three: Database, clock: MovableClock) -> None:
    pace = Pace(0.0, 0.001, 0.002, 0.0)
    await outbox(three, Delivery(), clock, pace).send_queued()
    assert [told for told in pace.told if told != "reached"] == [
        *(("turn in", 0.0), ("to", 1)),
        *(("turn in", 0.001), ("turn in", 0.002), ("turn in", 0.0), ("to", 2)),
        *(("turn in", 0.0), ("to", 3)),
    ]


async def test_a_stop_ends_a_long_wait_for_a_turn(three: Database, clock: MovableClock) -> None:
    async def stop(message: Claimed) -> Outcome:
        box.stop()
        return Sent()

    pace = Pace(0.0, *[3600.0] * 1000)
    box = outbox(three, Delivery(chat1=stop), clock, pace)
    await box.send_queued()
    assert await states(three) == [MessageState.SENT, MessageState.QUEUED, MessageState.QUEUED]
    assert pace.told.count(("turn in", 3600.0)) == 1


async def test_what_waits_for_room_when_a_stop_comes_is_given_back(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(message: Claimed) -> Outcome:
        await asyncio.sleep(0.01)
        box.stop()
        return Sent()

    monkeypatch.setattr("bot.usecases.outbox.MOST_UNMARKED", 1)
    delivery = Delivery(chat1=stop)
    box = outbox(three, delivery, clock)
    await box.send_queued()
    assert delivery.taken == [1]
    assert await states(three) == [MessageState.SENT, MessageState.QUEUED, MessageState.QUEUED]
    again = outbox(three, delivery, clock)  # room is made for each, one after the other
    await again.send_queued()
    assert delivery.taken == [1, 2, 3]


@pytest.mark.parametrize(("asked", "size"), [(2, 2), (10_000, MOST_CLAIMED)])
async def test_no_more_is_claimed_at_once_than_asked_for(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, asked: int, size: int
) -> None:
    async def claim_and_count(database: Database, now: datetime, size: int) -> list[Claimed]:
        sizes.add(size)
        return await claim(database, now, size)

    sizes: set[int] = set()
    monkeypatch.setattr("bot.usecases.outbox.claim", claim_and_count)
    await outbox(three, Delivery(), clock, claim=asked).send_queued()
    assert sizes == {size}
    assert await states(three) == [MessageState.SENT] * 3


async def test_what_turns_too_late_after_it_was_claimed_is_skipped(three: Database, clock: MovableClock) -> None:
    async def take_long(message: Claimed) -> Outcome:
        clock.move(timedelta(seconds=10))
        return Sent()

    async with three.write() as session:
        await session.execute(update(QueuedMessage).values(send_before=NOW + timedelta(seconds=10)))
    delivery = Delivery(chat1=take_long)
    box = outbox(three, delivery, clock, Pace(0.0, 0.01))
    await box.send_queued()
    assert (delivery.taken, await states(three)) == (
        [1],
        [MessageState.SENT, MessageState.SKIPPED, MessageState.SKIPPED],
    )
    assert box.counts == Counts(sent=1, skipped=2)


async def test_what_cannot_go_within_its_claim_goes_with_the_next_one(three: Database, clock: MovableClock) -> None:
    async def take_long(message: Claimed) -> Outcome:
        clock.move(LEASE - LEASE_MARGIN)
        return Sent()

    delivery, pace = Delivery(chat1=take_long), Pace(0.0, 0.01)
    box = outbox(three, delivery, clock, pace)
    await box.send_queued()
    await box.send_queued()
    assert delivery.taken == [1, 2, 3]
    assert pace.told.count(("turn in", 0.0)) == 3  # only what is sent takes a turn
    assert [error for _, error, _ in (await rows(three)).values()] == [None, *["the claim has ended"] * 2]
    assert box.counts == Counts(sent=3, postponed=2)


async def test_a_chat_that_has_just_got_something_waits_by_itself(three: Database, clock: MovableClock) -> None:
    class Slow(Pace):
        def wait_for_chat(self, chat_id: int) -> float:
            return 0.5 if chat_id == 2 else 0.0

    await outbox(three, Delivery(), clock, Slow()).send_queued()
    assert await states(three) == [MessageState.SENT, MessageState.QUEUED, MessageState.SENT]
    assert (await rows(three))[2] == (MessageState.QUEUED, "the chat's own pace", 0.5)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Sent(), "reached"),
        (Refused("no"), "reached"),
        (Skipped(), "reached"),
        (RetryLater(7.0, is_asked=True, error="wait"), ("refused", 2, 7.0)),
        (RetryLater(7.0, is_asked=False, error="gone"), "unreachable"),
        (Broken(RuntimeError("whatever")), None),
    ],
)
async def test_the_pace_is_told_what_each_outcome_says_of_the_way_to_telegram(
    three: Database, clock: MovableClock, outcome: Outcome, told: object
) -> None:
    pace = Pace()
    async with three.write() as session:
        await session.execute(update(QueuedMessage).where(QueuedMessage.chat_id != 2).values(state=MessageState.SENT))
    await outbox(three, Delivery(chat2=outcome), clock, pace).send_queued()
    assert pace.told == [("turn in", 0.0), ("to", 2), *([told] if told else [])]


async def test_each_outcome_is_counted_once(three: Database, clock: MovableClock) -> None:
    later = RetryLater(60.0, is_asked=True, error="wait")
    first = outbox(three, Delivery(chat1=later, chat2=TopicClosed("closed"), chat3=Refused("no")), clock)
    await first.send_queued()
    assert first.counts == Counts(postponed=2, failed=1)
    clock.move(timedelta(hours=7))
    await first.send_queued()
    assert first.counts == Counts(postponed=2, failed=1, skipped=2)


async def test_a_group_that_moved_is_put_off_and_then_sent_to_and_what_is_broken_has_failed(
    three: Database, clock: MovableClock
) -> None:
    lost, broken = ChatLost(OffReason.BLOCKED, "blocked"), Broken(RuntimeError("whatever"))
    box = outbox(three, Delivery(chat1=Moved(TelegramId(-1001)), chat2=lost, chat3=broken), clock)
    await box.send_queued()
    await box.send_queued()
    assert box.counts == Counts(sent=1, postponed=1, failed=2)


async def test_what_is_skipped_is_counted_round_by_round(three: Database, clock: MovableClock) -> None:
    box = outbox(three, Delivery(chat2=Skipped(), chat3=Skipped()), clock)
    await box.send_queued()
    await queue_all(three, berlin(4, "08:30"))
    clock.set(berlin(4, "16:00"))
    await box.send_queued()
    assert box.counts == Counts(sent=1, skipped=5)


@pytest.mark.parametrize("error", [GONE, ConnectionRefusedError(111, "refused"), gaierror(-2, "unknown host")])
async def test_a_database_that_is_away_puts_a_message_off_and_blames_nobody(
    three: Database, clock: MovableClock, error: Exception
) -> None:
    pace = Pace()
    await outbox(three, Delivery(chat2=error), clock, pace).send_queued()
    assert (await rows(three))[2] == (MessageState.QUEUED, type(error).__name__, 2.0)
    assert "unreachable" not in pace.told
    assert await states(three) == [MessageState.SENT, MessageState.QUEUED, MessageState.SENT]


async def test_a_refused_token_starts_nothing_more_and_is_raised_at_the_end(
    three: Database, clock: MovableClock
) -> None:
    delivery = Delivery(chat1=TokenRefusedError("Unauthorized"))
    with pytest.raises(TokenRefusedError):
        await outbox(three, delivery, clock, Pace(0.0, 3600.0)).send_queued()
    assert delivery.taken == [1]
    assert await rows(three) == {
        1: (MessageState.QUEUED, "TokenRefusedError", 2.0),
        **dict.fromkeys((2, 3), (MessageState.QUEUED, None, 0.0)),
    }


async def test_a_token_that_is_accepted_again_goes_on_where_it_was(three: Database, clock: MovableClock) -> None:
    async def refuse_once(message: Claimed) -> Outcome:
        if delivery.taken.count(1) == 1:
            raise TokenRefusedError("Unauthorized")
        return Sent()

    delivery = Delivery(chat1=refuse_once)
    box = outbox(three, delivery, clock)
    with pytest.raises(TokenRefusedError):
        await box.send_queued()
    clock.move(timedelta(seconds=2))
    await box.send_queued()
    assert await states(three) == [MessageState.SENT] * 3


async def test_what_could_not_be_marked_for_longer_than_a_claim_is_not_sent_again(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mark_nothing(*args: Any) -> None:  # Any: what the outbox hands over
        raise GONE

    monkeypatch.setattr("bot.usecases.batched_marks.AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("bot.usecases.batched_marks.mark", mark_nothing)
    delivery = Delivery()
    box = outbox(three, delivery, clock)
    with pytest.raises(OperationalError):
        await box.send_queued()
    clock.move(LEASE + timedelta(seconds=1))
    monkeypatch.setattr("bot.usecases.batched_marks.mark", mark)
    await box.send_queued()
    assert delivery.taken == [1, 2, 3]
    assert await states(three) == [MessageState.SENT] * 3


async def test_what_was_sent_is_marked_while_others_are_in_flight(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mark_and_say_so(*args: Any) -> None:  # Any: what the outbox hands over
        await mark(*args)
        is_marked.set()

    async def wait_for_the_mark(message: Claimed) -> Outcome:
        await is_marked.wait()
        return Sent()

    is_marked = asyncio.Event()
    monkeypatch.setattr("bot.usecases.batched_marks.mark", mark_and_say_so)
    await outbox(three, Delivery(chat2=wait_for_the_mark), clock).send_queued()
    assert await states(three) == [MessageState.SENT] * 3


async def test_what_cannot_be_marked_is_marked_when_the_database_is_back(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, is_back = 0, asyncio.Event()

    async def mark_the_third_time(*args: Any) -> None:  # Any: what the outbox hands over
        nonlocal tries
        tries += 1
        if tries < 3:
            raise GONE
        is_back.set()
        await mark(*args)

    async def wait_until_it_is_back(message: Claimed) -> Outcome:
        await is_back.wait()
        return Sent()

    monkeypatch.setattr("bot.usecases.batched_marks.mark", mark_the_third_time)
    box = outbox(three, Delivery(chat2=wait_until_it_is_back), clock)
    await box.send_queued()
    assert await states(three) == [MessageState.SENT] * 3
    assert box.counts == Counts(sent=3)


async def test_many_that_are_not_marked_are_marked_before_one_more_is_started(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(message: Claimed) -> Outcome:
        seen.extend(await states(three))
        return Sent()

    seen: list[MessageState] = []
    monkeypatch.setattr("bot.usecases.outbox.MOST_UNMARKED", 2)
    monkeypatch.setattr("bot.usecases.batched_marks.LONGEST_WAIT", 0.2)
    box = outbox(three, Delivery(chat3=look), clock, Pace(0.0, 0.001, 0.0, 0.001, 0.0))
    await box.send_queued()
    assert seen == [MessageState.SENT, MessageState.SENT, MessageState.SENDING]


async def test_a_stop_waits_for_what_is_in_flight_only_so_long(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never_end(message: Claimed) -> Outcome:
        box.stop()
        await asyncio.Event().wait()
        return Sent()

    monkeypatch.setattr("bot.usecases.outbox.STOP_SENDS_SECONDS", 0.01)
    box = outbox(three, Delivery(chat1=never_end), clock, Pace(0.0, 3600.0))
    await box.send_queued()
    assert await states(three) == [
        MessageState.SENDING,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]  # its claim ends by itself


async def test_without_a_stop_what_is_in_flight_has_all_the_time_it_needs(
    three: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take_long(message: Claimed) -> Outcome:
        await asyncio.sleep(0.1)
        return Sent()

    monkeypatch.setattr("bot.usecases.outbox.STOP_SENDS_SECONDS", 0.01)
    await outbox(three, Delivery(chat3=take_long), clock).send_queued()
    assert await states(three) == [MessageState.SENT] * 3


async def test_what_became_too_late_after_it_was_claimed_says_so_and_what_was_stopped_does_not(
    three: Database, clock: MovableClock
) -> None:
    """A clock that was wrong for a moment brings back what was too late by it (`moved_clock`), and no more."""

    async def take_long(message: Claimed) -> Outcome:
        box.withdraw(ChatId(3))
        clock.move(timedelta(seconds=2))
        return Sent()

    async with three.write() as session:
        for number in (1, 2):  # what will soonest be too late goes first
            row = update(QueuedMessage).where(QueuedMessage.chat_id == number)
            await session.execute(row.values(send_before=clock() + timedelta(seconds=number)))
    box = outbox(three, Delivery(chat1=take_long), clock, Pace(0.0, 0.001))
    await box.send_queued()
    assert {chat: found[:2] for chat, found in (await rows(three)).items()} == {
        1: (MessageState.SENT, None),
        2: (MessageState.SKIPPED, ERROR_TOO_LATE),
        3: (MessageState.SKIPPED, None),
    }
    assert box.counts == Counts(sent=1, skipped=2)
