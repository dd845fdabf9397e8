"""Lines that flows and circles say by themselves: however long Telegram takes, each is on its way once."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.database.engine import Database
from bot.database.values import FailedWork
from bot.delivery.outcomes import Outcome, RetryLater, Sent
from bot.domain.ids import TelegramId
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.timed_messages import MOST_SENDING, UNDELIVERED_AFTER, TimedMessages
from tests.scenes import berlin

NOW = berlin(3)


@dataclass(frozen=True)
class Line:
    row_id: int
    text: str = "words"
    thread_id: int = 0
    message_id: int = 0

    @property
    def telegram_id(self) -> TelegramId:
        return TelegramId(self.row_id)


class Source:
    """Has the same rows due each time until Telegram has taken them, as a table has."""

    work = FailedWork.FLOW

    def __init__(self, count: int) -> None:
        self.due = {number: Line(number) for number in range(1, count + 1)}
        self._is_taken = False

    async def take_due(self, _now: Any) -> Sequence[Line]:  # Any: of no use here
        self._is_taken = not self._is_taken
        return list(self.due.values()) if self._is_taken else ()

    def messages_of(self, line: Line) -> Sequence[OutgoingMessage]:
        return (OutgoingMessage(line.text),)

    def files_of(self, _line: Line) -> Mapping[str, bytes]:
        return {}

    async def confirm(self, line: Line, _message_id: int, _now: Any) -> bool:  # Any: of no use here
        self.due.pop(line.row_id, None)
        return True

    async def drop(self, line: Line) -> None:
        raise AssertionError(line)


class HangingSender:
    """Takes nothing before `opens`, and then what `answers` says."""

    def __init__(self) -> None:
        self.opens = asyncio.Event()
        self.answer: Outcome = Sent(1)
        self.heard: list[tuple[int, str]] = []

    async def send_by_itself(self, telegram_id: int, message: OutgoingMessage, **_: Any) -> Outcome:  # Any: not of use
        await self.opens.wait()
        self.heard.append((telegram_id, message.text))
        return self.answer


@pytest.fixture
def sender() -> HangingSender:
    return HangingSender()


def timed(database: Database, sender: HangingSender, source: Source) -> TimedMessages:
    # It sends by this one method; the rest of a Sender is not used without buttons.
    return TimedMessages(
        database=database,
        sender=sender,  # type: ignore[arg-type]  # a stand-in, as above
        sources=(source,),
        clock=lambda: NOW,
        changed=asyncio.Event(),
    )


async def look_for_minutes(messages: TimedMessages, minutes: int) -> None:
    for minute in range(minutes):
        await messages.start_due(NOW + minute * UNDELIVERED_AFTER)
        await asyncio.sleep(0)


async def test_what_is_on_its_way_or_waits_is_not_sent_once_more(database: Database, sender: HangingSender) -> None:
    source = Source(5 * MOST_SENDING)
    messages = timed(database, sender, source)
    await look_for_minutes(messages, 6)
    sender.opens.set()
    await messages.settle()
    assert Counter(chat for chat, _ in sender.heard) == dict.fromkeys(range(1, 5 * MOST_SENDING + 1), 1)
    assert source.due == {}


async def test_what_telegram_did_not_take_comes_again(database: Database, sender: HangingSender) -> None:
    source = Source(2)
    messages = timed(database, sender, source)
    sender.opens.set()
    sender.answer = RetryLater(0.0, is_asked=False, error="no answer")
    await look_for_minutes(messages, 1)
    await messages.settle()
    sender.answer = Sent(1)
    await messages.start_due(NOW + timedelta(minutes=1))
    await messages.settle()
    assert Counter(chat for chat, _ in sender.heard) == {1: 2, 2: 2}


async def test_of_what_waits_the_newest_is_sent(database: Database, sender: HangingSender) -> None:
    source = Source(MOST_SENDING + 1)
    messages = timed(database, sender, source)
    await look_for_minutes(messages, 1)
    last = MOST_SENDING + 1
    source.due[last] = Line(last, "newer words")
    await look_for_minutes(messages, 1)
    sender.opens.set()
    await messages.settle()
    assert [text for chat, text in sender.heard if chat == last] == ["newer words"]
