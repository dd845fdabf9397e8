"""A clock tick -> what is due, in order. The one APScheduler job, through PTB's JobQueue."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.error import TelegramError
from telegram.ext import CallbackContext, Job, JobQueue

from bot.content.library import Library
from bot.database.engine import Database, Lead, Trouble
from bot.dialogues.flows import Book
from bot.domain.rotation import Choice
from bot.usecases import circles
from bot.usecases.circles import Speech
from bot.usecases.claims import take_over
from bot.usecases.conversations import clear_abandoned
from bot.usecases.conversations.flow_rows import Reply
from bot.usecases.conversations.resuming import take_due
from bot.usecases.groups import list_without_rights, regain
from bot.usecases.outbox import SETTLE_SECONDS, Outbox
from bot.usecases.reminders.due import next_event_at, queue_due, queue_returns
from bot.usecases.tap_counts import Recount
from bot.usecases.taps import clear_old

log = logging.getLogger(__name__)

# The job wakes at the earliest due time, and at least this often: a clock that was moved is noticed within it.
LONGEST_SLEEP = timedelta(seconds=1)
# The database is asked at least this often: another process may have written what is due.
LOOK_AGAIN = timedelta(seconds=30)
VISIT_AGAIN = timedelta(minutes=10)
CLEAR_AGAIN = timedelta(hours=6)
LOOK_AGAIN_FOR_LEAD = timedelta(seconds=5)
MOST_SPEAKING = 20  # flows that go on by themselves in the same moment; the others follow


class Jobs:
    """Runs what is due while the program runs. `speak` says what a flow says by itself, `lead_on` what a circle does.

    `may_write` asks Telegram whether the bot may write in a chat.

    `on_fatal` is told of an error that only a person can mend.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        recount: Recount,
        library: Library,
        speak: Callable[[Reply], Awaitable[None]],
        lead_on: Callable[[Speech], Awaitable[None]],
        may_write: Callable[[int], Awaitable[bool]],
        clock: Callable[[], datetime],
        on_fatal: Callable[[Exception], None],
    ) -> None:
        self.looked_at: datetime | None = None
        self._database = database
        self._outbox = outbox
        self._recount = recount
        self._library = library
        self._speak = speak
        self._lead_on = lead_on
        self._may_write = may_write
        self._visited_at: datetime | None = None
        self._slots = asyncio.Semaphore(MOST_SPEAKING)
        self._speaking: set[asyncio.Task[None]] = set()
        self._clock = clock
        self._on_fatal = on_fatal
        self._lead = Lead(database)
        self._leads = False
        self._look_at: datetime | None = None
        self._cleared_at: datetime | None = None
        self._sending: asyncio.Task[None] | None = None
        self._job: Job[Any] | None = None
        self._scheduled_at: datetime | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._stopping = False

    async def take_lead(self) -> bool:
        """Whether this process is the one that sends. What a dead one held is taken up when the lead is new."""
        has_lead = await self._lead.take()
        if has_lead and not self._leads:
            await take_over(self._database)
        self._leads = has_lead
        return has_lead

    async def tick(
        self, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:  # Any: nothing of it is used but the queue
        """The job. It sets its own next run, so that there is always exactly one."""
        try:
            self._recount.show_due()
            now = self._clock()
            if self._look_at is None or now >= self._look_at:
                await self._look(now)
        except Trouble:
            log.exception("the database cannot be used; looking again soon")
            self._look_at = self._clock() + LOOK_AGAIN_FOR_LEAD
        finally:
            if not self._stopping and context.job_queue:
                self.schedule(context.job_queue)

    def schedule(self, job_queue: JobQueue[Any]) -> None:
        """Wake at the earliest due time. Never late enough to be dropped: there is no misfire."""
        now, sleep = self._clock(), timedelta(0)
        if self._look_at:
            sleep = max(min(self._look_at - now, LONGEST_SLEEP), sleep)
        self._scheduled_at = now
        self._job = job_queue.run_once(self.tick, when=sleep, job_kwargs={"misfire_grace_time": None})
        if self._watch is None:
            self._watch_clock(job_queue)

    def _watch_clock(self, job_queue: JobQueue[Any]) -> None:
        """APScheduler waits for a moment on the clock; if the clock is put back, that moment is far away again."""
        if self._scheduled_at and self._job and self._clock() < self._scheduled_at - LONGEST_SLEEP:
            log.warning("the clock was put back; looking anew at what is due")
            self._look_at = self._cleared_at = None
            self._job.schedule_removal()
            self.schedule(job_queue)
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(LONGEST_SLEEP.total_seconds(), self._watch_clock, job_queue)

    def wake(self) -> None:
        """A reminder was added or changed: look at the next tick."""
        self._look_at = None

    async def catch_up(self) -> None:
        """Do all that is due now, and return when it is sent: what the preview and the tests call."""
        await self._look(self._clock())
        if self._sending:
            await self._sending
        if self._speaking:
            await asyncio.wait(self._speaking)
        await self._recount.settle()

    async def stop(self) -> None:
        """Queue nothing more, settle what is in flight, give up the lead."""
        self._stopping = True
        if self._watch:
            self._watch.cancel()
        self._outbox.stop()
        self._recount.stop()
        await asyncio.gather(self._recount.settle(), self._settle())
        await self._lead.release()

    async def _settle(self) -> None:
        if unfinished := {*self._speaking, *([self._sending] if self._sending else [])}:
            await asyncio.wait(unfinished, timeout=SETTLE_SECONDS)

    async def _look(self, now: datetime) -> None:
        self._look_at = now + LOOK_AGAIN_FOR_LEAD
        if not await self.take_lead():
            return
        await self._clear(now)
        self._say(self._visit(now))
        await self._go_on(now)
        await self._recount.pick_up()
        while not self._stopping and await queue_returns(self._database, now):
            pass
        while not self._stopping and await queue_due(self._database, self._choice_of, now):
            self._start_sending()
        self._start_sending()
        earliest = await next_event_at(self._database)
        latest = now + LOOK_AGAIN
        # What is due already is on its way; it is looked at again soon, not at once.
        self._look_at = min(max(earliest, now + LONGEST_SLEEP), latest) if earliest else latest
        self.looked_at = now

    async def _clear(self, now: datetime) -> None:
        if self._cleared_at and abs(now - self._cleared_at) < CLEAR_AGAIN:
            return
        async with self._database.write() as session:
            await clear_abandoned(session, now)
            await clear_old(session, now)
            await circles.clear_over(session, now)
        self._cleared_at = now

    async def _visit(self, now: datetime) -> None:
        """Groups in which the bot may not write: nobody tells it when their members may again, so it asks."""
        if self._visited_at and abs(now - self._visited_at) < VISIT_AGAIN:
            return
        self._visited_at = now
        async with self._database.read() as session:
            numbers = await list_without_rights(session)
        for number in numbers:
            try:
                if not await self._may_write(number):
                    continue
            except TelegramError as error:
                log.info("a group cannot be asked about", extra={"error": error.message})
                continue
            async with self._database.write() as session:
                rows = await regain(session, number, now)
            log.info("the bot may write again", extra={"chats": rows})

    async def _go_on(self, now: datetime) -> None:
        """Flows and circles whose wait is over, ahead of all reminders."""
        while not self._stopping and (replies := await take_due(self._database, self._book_of, now)):
            for reply in replies:
                self._say(self._speak(reply))
        while not self._stopping and (speeches := await circles.take_due(self._database, self._book_of, now)):
            for speech in speeches:
                self._say(self._lead_on(speech))

    def _book_of(self, words: str | None, language: str | None) -> Book:
        return self._library.of_practice(words).of(language).flows

    def _choice_of(self, words: str | None, language: str | None, left_out: str) -> Choice:
        return self._library.of_practice(words).choice(language, left_out)

    def _say(self, saying: Awaitable[None]) -> None:
        task = asyncio.create_task(self._say_in_turn(saying))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)

    async def _say_in_turn(self, saying: Awaitable[None]) -> None:
        async with self._slots:
            try:
                await saying
            except Trouble:
                log.exception("the database cannot be used; it is said again soon")

    def _start_sending(self) -> None:
        if self._stopping or (self._sending and not self._sending.done()):
            return
        self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            await self._outbox.send_queued()
        except Trouble:
            log.exception("the database cannot be used; sending again soon")
        except Exception as error:  # the outbox raises only what must end the program
            self._on_fatal(error)
