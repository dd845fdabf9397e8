"""Sends what flows and circles say by themselves: at least once, one at a time in a chat. Called by `scheduler`.

A line is saved as undelivered before it is sent, and sent again after `UNDELIVERED_AFTER` until Telegram has taken it,
also after a kill. Its source drops a line that nobody waits for any more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, inspect, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.flows import Flows
from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import Chat, Circle, Conversation
from bot.database.troubles import is_away
from bot.database.values import FailedWork
from bot.delivery.outcomes import Broken, Moved, Outcome, RetryLater, Sent, TokenRefusedError
from bot.delivery.sending import Sender
from bot.domain.ids import TelegramId
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import failures
from bot.usecases.chats import move

log = logging.getLogger(__name__)

FlowsOf = Callable[[str | None, str | None], Flows]  # the flows of a practice, or the bot's own (None), in a language
# A line that was not delivered within this time is sent again.
UNDELIVERED_AFTER = timedelta(seconds=60)
# A line that is so late is not sent: nobody waits for it any more.
TOO_LATE = timedelta(minutes=30)
ROWS_A_TRANSACTION = 100
MOST_SENDING = 20  # lines in flight at once; the others follow


class TimedMessage(Protocol):
    """A line to send."""

    @property
    def row_id(self) -> int:
        """The row that `failures` names."""
        ...

    @property
    def telegram_id(self) -> TelegramId:
        """Where it is sent."""
        ...

    @property
    def thread_id(self) -> int:
        """The topic; 0 for none."""
        ...

    @property
    def message_id(self) -> int:
        """The message that has the buttons until then; 0 for none."""
        ...


Timed = TypeVar("Timed", bound=TimedMessage)


class TimedSource(Protocol[Timed]):
    """A source of lines: `conversations.resuming.FlowTurns`, `circles.CircleMessages`."""

    work: FailedWork

    async def take_due(self, now: datetime) -> Sequence[Timed]:
        """Returns one batch of what is due, saved as undelivered; empty if nothing more is."""
        ...

    def messages_of(self, line: Timed) -> Sequence[OutgoingMessage]:
        """Returns the messages to send, in order; empty if only the old buttons are to be removed."""
        ...

    def files_of(self, line: Timed) -> Mapping[str, bytes]:
        """Returns the pictures that these messages may show, by name."""
        ...

    async def confirm(self, line: Timed, message_id: int, now: datetime) -> bool:
        """Saves that Telegram has taken it. Returns False if it is not the newest message any more."""
        ...

    async def drop(self, line: Timed) -> None:
        """Gives up a line that cannot be delivered, now or later."""
        ...


class TimedMessages:
    """Sends the due lines of its sources. Sets `changed` when something may be due sooner than it was."""

    def __init__(
        self,
        *,
        database: Database,
        sender: Sender,
        sources: Sequence[TimedSource[Any]],  # Any: each has lines of its own kind
        clock: Callable[[], datetime],
        changed: asyncio.Event,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self._may_send = may_send
        self._database = database
        self._sender = sender
        self._sources = sources
        self._clock = clock
        self._changed = changed
        self._slots = asyncio.Semaphore(MOST_SENDING)
        self._sending: set[asyncio.Task[None]] = set()
        # By kind of work and row: what is on its way there already.
        self._waiting: dict[tuple[FailedWork, int], TimedMessage] = {}  # for a slot
        self._in_flight: set[tuple[FailedWork, int]] = set()
        self._is_stopped = False

    async def start_due(self, now: datetime) -> None:
        """Starts to send what is due, without waiting for Telegram. An error of one source does not stop the others."""
        for source in self._sources:
            try:
                while not self._is_stopped and (lines := await source.take_due(now)):
                    for line in lines:
                        self._start(source, line)
            except DATABASE_ERRORS:
                log.exception("the database cannot be used; looking again soon", extra={"work": str(source.work)})
            except Exception:
                log.exception("what is due cannot be taken; looking again soon", extra={"work": str(source.work)})

    async def send(self, source: TimedSource[Timed], line: Timed, *, is_silent: bool = True) -> None:
        """Sends one line. Only the newest message of a conversation keeps its buttons. Raises TokenRefusedError."""
        outcome = await self._deliver(source, line, is_silent=is_silent)
        match outcome:
            case Sent(message_id):
                is_newest = await source.confirm(line, message_id, self._clock())
                self._changed.set()
                if not is_newest and message_id:
                    await self._sender.take_buttons_away(line.telegram_id, message_id)
                elif line.message_id:
                    await self._sender.take_buttons_away(line.telegram_id, line.message_id)
            case RetryLater():
                log.warning("Telegram did not take it; it is sent again", extra={"work": str(source.work)})
            case Moved(telegram_id):
                async with self._database.write() as session:
                    await move(session, line.telegram_id, telegram_id, self._clock())
            case Broken(error):
                async with self._database.write() as session:
                    is_set_aside = await failures.record(session, source.work, line.row_id, error, self._clock())
                if is_set_aside:
                    await source.drop(line)
            case _:
                log.info("nothing can be said there", extra={"work": str(source.work), "outcome": str(outcome)})
                await source.drop(line)

    async def settle(self, seconds: float | None = None) -> None:
        """Waits until nothing is in flight, for `seconds` at most."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)

    def stop(self) -> None:
        """Starts nothing new."""
        self._is_stopped = True

    def _start(self, source: TimedSource[Timed], line: Timed) -> None:
        """Sends it in its turn, in place of one of the same row that still waits: a row is taken again and again."""
        key = source.work, line.row_id
        if key in self._in_flight:  # if Telegram does not take that one, this one is taken again
            return
        has_task = key in self._waiting
        self._waiting[key] = line
        if not has_task:
            task = asyncio.create_task(self._send_in_turn(source, line.row_id))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send_in_turn(self, source: TimedSource[Any], row_id: int) -> None:  # Any: the source's own kind of line
        key = source.work, row_id
        async with self._slots:
            line = self._waiting.pop(key)
            if not self._may_send():  # another process has the lead: it stays undelivered, and comes again there
                return
            self._in_flight.add(key)
            try:
                await self.send(source, line)
            except TokenRefusedError:  # whoever asks Telegram next finds it out, too, and ends the program
                log.error("the token is refused", extra={"work": str(source.work)})
            except Exception:  # it stays undelivered, and comes again
                log.exception("it is sent again soon", extra={"work": str(source.work), "row": row_id})
            finally:
                self._in_flight.discard(key)

    async def _deliver(self, source: TimedSource[Timed], line: Timed, *, is_silent: bool) -> Outcome:
        """Sends the line's messages. Returns the last outcome, or the first that is not `Sent`."""
        outcome: Outcome = Sent()
        try:
            for message in source.messages_of(line):
                outcome = await self._sender.send_by_itself(
                    line.telegram_id,
                    message,
                    thread_id=line.thread_id or None,
                    is_silent=is_silent,
                    files=source.files_of(line),
                )
                if not isinstance(outcome, Sent):
                    return outcome
        except TokenRefusedError:
            raise
        except Exception as error:
            return Broken(error)
        return outcome


Row = TypeVar("Row", Conversation, Circle)


async def take_batch(
    database: Database,
    table: type[Row],
    wake: Callable[[AsyncSession, Row, Chat], Awaitable[Timed | None]],
    put_off: Callable[[AsyncSession, int, datetime | None], Awaitable[None]],
    *,
    work: FailedWork,
    now: datetime,
    where: ColumnElement[bool] | None = None,
) -> list[Timed]:
    """Takes one batch of rows whose `wake_at` has come. `wake` saves a row as undelivered and returns its line.

    A row that fails stops no other: `put_off` saves when it is tried again; None sets it aside. For sources.
    """
    query = (
        select(table, Chat)
        .join(Chat, Chat.id == table.chat_id)
        .where(table.wake_at <= now, true() if where is None else where)
        .order_by(table.wake_at)
        .limit(ROWS_A_TRANSACTION)
        .with_for_update(of=table, skip_locked=True)
    )
    lines: list[Timed] = []
    async with database.write() as session:
        for row, chat in (await session.execute(query)).all():
            (row_id,) = inspect(row).identity or ()
            try:
                async with session.begin_nested():
                    line = await wake(session, row, chat)
            except Exception as error:
                if is_away(error):
                    raise
                is_set_aside = await failures.record(session, work, row_id, error, now)
                await put_off(session, row_id, None if is_set_aside else now + failures.TRY_AGAIN)
            else:
                lines += [line] if line else []
    return lines
