"""Builds everything and wires it together; the only such place. Called by `commands.run`, the preview and the tests."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, JobQueue
from telegram.request import BaseRequest
from tzdata import IANA_VERSION

from bot.content.library import Library
from bot.database.engine import DATABASE_ERRORS, Database, DatabaseError
from bot.database.lead import Lead, SharedLead
from bot.delivery.call_counts import CountedRequest
from bot.delivery.chat_admins import ChatAdmins
from bot.delivery.rate_limits import ALLOWED, RateLimiter
from bot.delivery.reaching import patiently
from bot.delivery.sending import Sender
from bot.delivery.transport import HttpRequest
from bot.delivery.uploads import Uploads
from bot.domain.encryption import Cipher
from bot.domain.flood_limits import AT_ONCE, FloodLimits
from bot.domain.steady_clock import SteadyClock
from bot.entrypoints.backups import Backups
from bot.entrypoints.chat_turns import make_handle_once
from bot.entrypoints.scheduler import Scheduler
from bot.entrypoints.update_queue import UpdateQueue
from bot.entrypoints.vitals import Vitals
from bot.handlers import all_handlers, danger_in_commands, flood_guard, left_behind
from bot.handlers.bot_profile import register
from bot.handlers.command_names import CommandNames
from bot.handlers.context import SERVICES, Context, Services
from bot.handlers.errors import on_error
from bot.handlers.overload import Overload
from bot.handlers.presence import Presence
from bot.settings import Settings
from bot.usecases import handled_updates
from bot.usecases.circles import CircleMessages
from bot.usecases.clearing import Clearing
from bot.usecases.conversations.resuming import FlowTurns
from bot.usecases.copies import remember_bot
from bot.usecases.outbox import Outbox
from bot.usecases.queued_messages import QueuedMessages
from bot.usecases.tap_counts import TapCounts
from bot.usecases.timed_messages import TimedMessages
from bot.usecases.zone_data import compute_anew

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
PtbApplication = Application[Any, Any, Any, Any, Any, Any]  # Any: PTB's six type variables say little
HANDLERS_SETTLE = 2.0  # seconds that a stop gives to replies under way


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Shared:
    """What several bots in one program have together; `connections` and `lead` on PostgreSQL alone."""

    request: BaseRequest
    connections: Database | None = None
    lead: SharedLead | None = None


class App:
    """The whole program around one database and one bot token. `start` and `stop` once each.

    `clock` tells when things are due, `seconds` how fast they go; `request` reaches a Telegram in this process, which
    takes `allowed` messages a second. `at_once`: how many answers one person gets in a row. Several bots in one program
    `share` what is theirs together.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        *,
        clock: Clock = system_clock,
        request: BaseRequest | None = None,
        seconds: Callable[[], float] = time.monotonic,
        allowed: float = ALLOWED,
        at_once: int = AT_ONCE,
        share: Shared | None = None,
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url, connections=share.connections if share else None)
        self.stopping = asyncio.Event()
        self.library = library
        self._clock = clock
        steady_clock = SteadyClock(clock, seconds)
        changed = self._changed = asyncio.Event()  # something may be due sooner than it was
        pacer = RateLimiter(settings.messages_per_second, clock=seconds, allowed=allowed)
        admins = ChatAdmins(seconds)
        request = request or (share.request if share else HttpRequest(proxy=settings.proxy_address))
        self._transport = CountedRequest(request, is_shared=share is not None)
        self.application = _build_application(settings, pacer, self._transport)
        bot = self.application.bot
        cipher = Cipher(settings.secret_key.get_secret_value()) if settings.secret_key else None
        lead = share.lead if share and share.lead else Lead(self.database)

        def may_send() -> bool:
            return lead.is_held() and steady_clock.is_settled()

        sender = Sender(bot, Uploads(self.database), pacer, is_paid=settings.paid_broadcast)
        self.outbox = Outbox(
            self.database,
            QueuedMessages(database=self.database, library=library, sender=sender, admins=admins, cipher=cipher),
            pacer,
            clock,
            claim=max(20, int(settings.messages_per_second * 2)),
            may_send=may_send,
            may_delete=steady_clock.is_sure,
        )
        self.tap_counts = TapCounts(
            database=self.database, library=library, sender=sender, pacer=pacer, clock=clock, seconds=seconds
        )
        circles = CircleMessages(self.database, library)
        timed_messages = TimedMessages(
            database=self.database,
            sender=sender,
            sources=(FlowTurns(self.database, library), circles),
            clock=clock,
            changed=changed,
            may_send=may_send,
        )
        self.scheduler = Scheduler(
            bot=bot,
            database=self.database,
            lead=lead,
            library=library,
            outbox=self.outbox,
            tap_counts=self.tap_counts,
            timed_messages=timed_messages,
            clock=clock,
            clearing=Clearing(
                database=self.database,
                library=library,
                counting_key=settings.counting_key,
                left_after=timedelta(days=settings.forget_blocked_after) or None,
                strangers_after=timedelta(days=settings.forget_strangers_after) or None,
                may_delete=steady_clock.is_sure,
            ),
            steady_clock=steady_clock,
            changed=changed,
            stopping=self.stopping,
            quiet_months=settings.quiet_months,
        )
        self.backups = Backups(
            self.database,
            settings.backup_dir,
            settings.backup_keep,
            clock=clock,
            leads=lambda: self.scheduler.leads,
            end=self._end,
        )
        self._lost: DatabaseError | None = None
        names = self._names = CommandNames(library)
        overload = self._overload = Overload(library, lambda: self.update_queue.waiting, seconds)
        self.update_queue = UpdateQueue(
            self._process,
            is_urgent=names.is_urgent,
            leaves_out=overload.leaves_out,
            seconds=seconds,
            once=make_handle_once(self.database, clock),
        )
        services = Services(
            library=library,
            database=self.database,
            settings=settings,
            sender=sender,
            uploads=sender.uploads,
            admins=admins,
            flood_limits=FloodLimits(seconds, at_once=at_once),
            pacer=pacer,
            cipher=cipher,
            circles=circles,
            timed_messages=timed_messages,
            outbox=self.outbox,
            tap_counts=self.tap_counts,
            clock=clock,
            waiting=self.update_queue.count_waiting,
            schedule_changed=changed,
        )
        _take_updates(self.application, services)
        self.vitals = Vitals(
            bot=bot,
            database=self.database,
            scheduler=self.scheduler,
            outbox=self.outbox,
            calls=self._transport.counts,
            pacer=pacer,
            per_second=settings.messages_per_second,
            update_queue=self.update_queue,
            clock=clock,
            polls=settings.webhook_url is None,
        )
        self._background: set[asyncio.Task[None]] = set()

    async def _process(self, update: Update) -> None:
        await self.application.process_update(self._names.plain(update))

    async def start(self) -> None:
        """Open the database and reach Telegram. Raises DatabaseError, or InvalidToken; keeps trying when offline."""
        await self.open_database()
        await self.reach_telegram()

    async def open_database(self) -> None:
        """The first half of `start`. Raises DatabaseError."""
        await self.database.migrate()
        if bot := self.settings.only_bot:
            await remember_bot(self.database, bot)
        self.update_queue.know(await handled_updates.recent(self.database))

    async def reach_telegram(self) -> None:
        """The second half of `start`. Raises InvalidToken; keeps trying when offline."""
        await patiently(self.application.initialize, self.stopping)
        if self.stopping.is_set():
            return
        await self.application.start()
        self._keep_running(register(self.application.bot, self.library, self.settings.operators))

    def start_clock(self) -> None:
        """From now on what is due is sent by itself."""
        assert self.application.job_queue  # noqa: S101 - built with one
        self.scheduler.schedule(self.application.job_queue)
        self._keep_running(self.backups.run())
        self._keep_running(self._compute_anew())

    async def _compute_anew(self) -> None:
        try:
            if await compute_anew(self.database, IANA_VERSION, self._clock):
                self._changed.set()
        except DATABASE_ERRORS:
            log.exception("what is due is not computed anew for new zone data; it will be at the next start")

    def _keep_running(self, work: Coroutine[Any, Any, None]) -> None:  # Any: what asyncio itself asks for
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    @property
    def fatal(self) -> Exception | None:
        """What ends the program: Telegram does not accept the token, or the database is lost."""
        return self.scheduler.fatal or self._lost

    def _end(self, error: DatabaseError) -> None:
        self._lost = error
        self.stopping.set()

    async def stop(self) -> None:
        """Settle what is in flight and close. Within five seconds."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(self.update_queue.settle(HANDLERS_SETTLE), self.scheduler.stop())
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        await self._transport.shutdown()  # PTB leaves it open when its own start has failed
        await self.database.close()


def _build_application(settings: Settings, pacer: RateLimiter, transport: BaseRequest) -> PtbApplication:
    """PTB's part: calls over our transport at our pace."""
    return (
        Application.builder()
        .token(settings.token)
        .base_url(f"{settings.bot_api_url}/bot")
        .base_file_url(f"{settings.bot_api_url}/file/bot")
        .request(transport)
        .get_updates_request(transport)
        .rate_limiter(pacer)
        .updater(None)
        .job_queue(JobQueue())
        .context_types(ContextTypes(context=Context))
        .build()
    )


def _take_updates(application: PtbApplication, services: Services) -> None:
    """PTB's other part: updates to handlers, with what handlers work with."""
    application.bot_data[SERVICES] = services
    presence = Presence()
    application.add_handler(presence.before(), group=-4)
    application.add_handler(flood_guard.handler(), group=-3)
    application.add_handler(danger_in_commands.before(), group=-2)
    application.add_handler(left_behind.before(), group=-1)
    application.add_handlers(all_handlers())
    application.add_handler(presence.after(), group=1)
    application.add_error_handler(on_error)
