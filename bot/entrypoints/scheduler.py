"""The scheduler: one APScheduler job in PTB's JobQueue that does all that is due. Called by `app`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]  # it has no types
from telegram import Bot
from telegram.ext import CallbackContext, Job, JobQueue

from bot.content.library import Library
from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.lead import Lead
from bot.database.prepared import compile_all
from bot.delivery.outcomes import TokenRefusedError
from bot.delivery.token_check import is_refused
from bot.domain.steady_clock import SteadyClock
from bot.entrypoints.due_reminders import DueReminders
from bot.entrypoints.group_visits import visit_groups
from bot.entrypoints.lead_keeper import LeadKeeper
from bot.usecases import look_back, presence, travel
from bot.usecases.appointments.due import queue_prompts
from bot.usecases.clearing import Clearing
from bot.usecases.moved_clock import MovedClock
from bot.usecases.next_events import Thing, earliest_events, next_event_at
from bot.usecases.outbox import STOP_SENDS_SECONDS, Outbox
from bot.usecases.reminders.returns import queue_returns
from bot.usecases.tap_counts import TapCounts
from bot.usecases.timed_messages import TimedMessages

log = logging.getLogger(__name__)

# The job wakes at the earliest due time, and at least this often, to notice when the clock was moved.
LONGEST_SLEEP = timedelta(seconds=1)
# The database is asked at least this often, because another process may have written to it.
LOOK_AGAIN = timedelta(seconds=30)
VISIT_AGAIN = timedelta(minutes=10)
LISTEN_AGAIN = timedelta(hours=6)
LOOK_AGAIN_FOR_LEAD = timedelta(seconds=5)


class Step(NamedTuple):
    """What a look does: only while one of these things is due; None: each time. `run` takes the time of the look."""

    name: str
    run: Callable[[datetime], Awaitable[None]]
    of: frozenset[Thing] | None = None


class Scheduler:
    """Does what is due, while the program runs.

    Use cases set `changed` when they write something that may be due sooner. The scheduler sets `stopping` only when
    the token is refused, and `fatal` with it. All other errors are logged.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        database: Database,
        lead: Lead,
        library: Library,
        outbox: Outbox,
        tap_counts: TapCounts,
        timed_messages: TimedMessages,
        clock: Callable[[], datetime],
        clearing: Clearing,
        steady_clock: SteadyClock,
        changed: asyncio.Event,
        stopping: asyncio.Event,
        quiet_months: int = 0,
    ) -> None:
        self.ticked_at: datetime | None = None  # when the clock last turned, whatever became of it
        self.looked_at: datetime | None = None  # when what is due was last queued without an error
        self.fatal: TokenRefusedError | None = None
        self._bot = bot
        self._database = database
        self._outbox = outbox
        self._tap_counts = tap_counts
        self._timed_messages = timed_messages
        self._clock = clock
        self._clearing = clearing
        self._steady_clock = steady_clock
        self._moved_clock = MovedClock(database, steady_clock)
        self._changed = changed
        self._stopping_program = stopping
        self._keeper = LeadKeeper(database, lead, clock, self._lead_is_taken)
        self._look_at: datetime | None = None
        self._visited_at: datetime | None = None
        self._listened_at: datetime | None = None
        self._quiet_months = quiet_months
        self._visiting: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._job: Job[Any] | None = None
        self._scheduled_at: datetime | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._stopping = False
        self._are_more_due = False  # reminders than this look has queued
        self._due_reminders = DueReminders(database, library, outbox.handed, self._start_sending, counts=outbox.counts)
        self._reminders = Step("reminders", self._queue_reminders, frozenset({Thing.REMINDER}))
        self._steps = (
            Step("flows and circles", timed_messages.start_due, frozenset({Thing.FLOW, Thing.CIRCLE})),  # ahead of all
            Step("counts", lambda _now: self._tap_counts.pick_up()),
            Step("sessions", self._repeated(queue_prompts), frozenset({Thing.SESSION})),  # ahead of what waits for them
            Step("months of silence", self._look_for_silence),
            Step("journeys that end", self._repeated(travel.end_journeys), frozenset({Thing.JOURNEY})),
            Step("pauses that end", self._repeated(queue_returns), frozenset({Thing.PAUSE})),
            Step("looking back", self._repeated(look_back.queue_questions), frozenset({Thing.LOOK})),
            self._reminders,
            Step("clearing", clearing.clear),  # after all that still reads what is over by now
        )

    @property
    def leads(self) -> bool:
        """Whether this process holds the sending lead."""
        return self._keeper.has_it

    async def take_lead(self) -> bool:
        """Returns whether this process holds the sending lead. A new lead takes over the claims of a dead process."""
        return await self._keeper.take()

    def _lead_is_taken(self) -> None:
        """Sends what is queued at once: the process that led before may have died long before its time to look."""
        self._look_at = None
        if self._watch:
            self._start_sending()

    async def tick(self, context: CallbackContext[Any, Any, Any, Any]) -> None:  # Any: only its queue is used
        """Runs the job once and schedules its next run, so that there is always exactly one."""
        try:
            self._tap_counts.show_due()
            now = self._clock()
            if self._changed.is_set() or self._is_time_to_look(now):
                self._changed.clear()
                await self._look(now)
        except Exception:  # what is due now is looked at again soon, and must not end the clock
            log.exception("what is due cannot be looked at; looking again soon")
            self._look_at = self._clock() + LOOK_AGAIN_FOR_LEAD
        finally:
            self.ticked_at = self._clock()
            if not self._stopping and context.job_queue:
                self.schedule(context.job_queue)

    def _is_time_to_look(self, now: datetime) -> bool:
        """It is at LOOK_AGAIN from the last look at the latest: if it is further away, the clock was put back since."""
        return self._look_at is None or not now < self._look_at <= now + LOOK_AGAIN

    def schedule(self, job_queue: JobQueue[Any]) -> None:
        """Schedules the job for the earliest due time, without a misfire limit, so that a late run is never dropped."""
        now, sleep = self._clock(), timedelta(0)
        if self._look_at:
            sleep = max(min(self._look_at - now, LONGEST_SLEEP), sleep)
        self._scheduled_at = now
        self._job = job_queue.run_once(self.tick, when=sleep, job_kwargs={"misfire_grace_time": None})
        if self._watch is None:
            self._watch_clock(job_queue)
            self._keeper.start()

    async def catch_up(self) -> None:
        """Does all that is due now, and returns after it was sent. Called by the preview and the tests."""
        await self._look(self._clock())
        while self._are_more_due:
            await self._look(self._clock())
        self.ticked_at = self._clock()
        for task in filter(None, (self._sending, self._visiting)):
            await task
        await self._timed_messages.settle()
        await self._tap_counts.settle()

    async def stop(self) -> None:
        """Queues nothing more, waits for what is being sent, and releases the lead."""
        self._stopping = True
        self._clearing.stop()
        self._due_reminders.stop()
        if self._watch:
            self._watch.cancel()
        self._outbox.stop()
        self._tap_counts.stop()
        self._timed_messages.stop()
        await asyncio.gather(
            self._tap_counts.settle(), self._timed_messages.settle(STOP_SENDS_SECONDS), self._settle_sending()
        )
        await self._keeper.stop()

    async def _settle_sending(self) -> None:
        if unfinished := {task for task in (self._sending, self._visiting) if task}:
            await asyncio.wait(unfinished, timeout=STOP_SENDS_SECONDS)

    def _watch_clock(self, job_queue: JobQueue[Any]) -> None:
        """Reschedules the job when the clock was put back: APScheduler waits for a time that is then far away."""
        if self._scheduled_at and self._job and self._clock() < self._scheduled_at - LONGEST_SLEEP:
            log.warning("the clock was put back; looking anew at what is due")
            self._look_at = self._visited_at = None
            with suppress(JobLookupError):  # it runs just now, and schedules the next one by itself
                self._job.schedule_removal()
                self.schedule(job_queue)
        self._watch = asyncio.get_running_loop().call_later(LONGEST_SLEEP.total_seconds(), self._watch_clock, job_queue)

    async def _look(self, now: datetime) -> None:
        """Does each step on its own: a step that fails is repeated soon, and does not stop the others."""
        self._look_at, self._are_more_due = now + LOOK_AGAIN_FOR_LEAD, False
        if not await self.take_lead():
            self.looked_at = now  # that another process sends is well
            return
        is_checked = await self._try(Step("a clock put back", self._moved_clock.check), now)
        if not self._steady_clock.is_settled():
            log.warning("the clock leapt forth: nothing is sent by it for a minute, should it be put back")
            self.looked_at = now
            return
        self._start_visiting(now)
        due = await self._find_due(now)
        failed = [step for step in self._steps if (not step.of or step.of & due) and not await self._try(step, now)]
        self._start_sending()
        if self._reminders not in failed:
            self.looked_at = now
        if self._are_more_due:
            self._look_at = now
        if self._are_more_due or failed or not is_checked:
            return
        compile_all(self._database)
        earliest = await next_event_at(self._database)
        latest = now + LOOK_AGAIN
        # What is due already is on its way; it is looked at again soon, not at once.
        self._look_at = min(max(earliest, now + LONGEST_SLEEP), latest) if earliest else latest

    async def _find_due(self, now: datetime) -> frozenset[Thing]:
        """Returns what is due; everything where that cannot be read, so that each step meets its own trouble."""
        try:
            earliest = await earliest_events(self._database)
        except Exception:
            log.exception("what is due cannot be found out at once; each step looks by itself")
            return frozenset(Thing)
        return frozenset(thing for thing, at in earliest.items() if at <= now)

    async def _try(self, step: Step, now: datetime) -> bool:
        try:
            await step.run(now)
        except DATABASE_ERRORS:
            log.exception("the database cannot be used; looking again soon", extra={"step": step.name})
            return False
        except Exception:
            log.exception("a step failed; the others go on", extra={"step": step.name})
            return False
        return True

    def _repeated(self, queue: Callable[[Database, datetime], Awaitable[int]]) -> Callable[[datetime], Awaitable[None]]:
        """Returns what calls `queue`, which handles one batch, until it finds nothing."""

        async def run(now: datetime) -> None:
            while not self._stopping and await queue(self._database, now):
                pass

        return run

    async def _look_for_silence(self, now: datetime) -> None:
        if self._listened_at is None or abs(now - self._listened_at) >= LISTEN_AGAIN:
            is_sure = self._steady_clock.is_sure()  # nobody is asked because a clock leapt by months
            await presence.look_for_silence(self._database, self._quiet_months, now, is_sure=is_sure)
            self._listened_at = now

    async def _queue_reminders(self, now: datetime) -> None:
        self._are_more_due = await self._due_reminders.queue(now)

    def _start_visiting(self, now: datetime) -> None:
        is_under_way = self._visiting and not self._visiting.done()
        if is_under_way or (self._visited_at and abs(now - self._visited_at) < VISIT_AGAIN):
            return
        self._visited_at = now
        self._visiting = asyncio.create_task(visit_groups(self._bot, self._database, now))

    def _start_sending(self) -> None:
        if self._stopping or (self._sending and not self._sending.done()):
            return
        self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            await self._outbox.send_queued()
        except DATABASE_ERRORS:
            log.exception("the database cannot be used; sending again soon")
        except TokenRefusedError as error:
            if await is_refused(self._bot):
                self.fatal = error
                self._stopping_program.set()
            else:
                log.warning("a token that was refused is accepted again; sending begins again soon")
        except Exception:  # nothing that one message does may end the program
            log.exception("sending stopped; it begins again soon")
