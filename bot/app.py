"""Builds everything and wires it together; the only such place. Called by `running`, the preview and the tests."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, JobQueue
from telegram.request import BaseRequest

from bot.content.library import Library
from bot.database.engine import Database
from bot.database.models import Kind, Notice
from bot.delivery.chat_admins import Admins, UnknownAdminsError, may_write
from bot.delivery.rate_limits import Pacer, retry_seconds
from bot.delivery.sending import Outcome, Unwanted, change_buttons, send
from bot.delivery.transport import AiohttpRequest
from bot.delivery.uploads import Pictures
from bot.domain.encryption import Sealer
from bot.domain.flood_limits import Restraint
from bot.entrypoints.scheduler import Jobs
from bot.entrypoints.update_queue import Inbox
from bot.handlers import all_handlers, circles, flood_guard
from bot.handlers.bot_profile import register
from bot.handlers.context import Context, Kit
from bot.handlers.errors import apologize
from bot.handlers.sending import speak
from bot.screens.affirmations import affirmation, pause_is_over
from bot.screens.groups import notice
from bot.screens.outgoing import OutgoingMessage
from bot.screens.taps import PREFIX, rows_under
from bot.settings import Settings
from bot.usecases.chats import find_row
from bot.usecases.circles import Speech
from bot.usecases.claims import Claimed
from bot.usecases.conversations.flow_rows import Reply
from bot.usecases.outbox import Outbox
from bot.usecases.tap_counts import Recount
from bot.usecases.taps import Unshown

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
PtbApplication = Application[Any, Any, Any, Any, Any, Any]  # Any: PTB's six type variables say little
UNHEALTHY_AFTER = timedelta(minutes=3)  # without a look at what is due
LONGEST_START_WAIT = 30.0  # seconds between two tries to reach Telegram at the start
HANDLERS_SETTLE = 2.0  # seconds that a stop gives to replies under way


def system_clock() -> datetime:
    return datetime.now(UTC)


class App:
    """The whole program around one database and one bot token. `start` and `stop` once each.

    `clock` tells when things are due, `seconds` how fast they go; `request` reaches a Telegram in this process.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        *,
        clock: Clock = system_clock,
        request: BaseRequest | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.fatal: Exception | None = None
        self.stopping = asyncio.Event()
        self.library = library
        self._clock = clock
        pacer = Pacer(settings.messages_per_second, clock=seconds)
        claim = max(20, int(settings.messages_per_second * 2))
        self.outbox = Outbox(self.database, self._deliver, pacer, clock, claim=claim)
        self.recount = Recount(self.database, self._show_count, pacer, clock, seconds)
        self.jobs = Jobs(
            self.database,
            self.outbox,
            self.recount,
            library,
            self._speak,
            self._lead_on,
            self._may_write,
            clock,
            self._end,
        )
        # In a rush each of them is sent many times over.
        self._words = lru_cache(maxsize=4096)(self._words_of)
        library.when_renewed(self._words.cache_clear)
        self._pictures = Pictures(self.database)
        sealer = Sealer(settings.secret_key.get_secret_value()) if settings.secret_key else None
        self._kit = kit = Kit(
            library,
            library.default,
            self.database,
            settings,
            self._pictures,
            Admins(seconds),
            Restraint(seconds),
            pacer.delay,
            sealer,
            clock,
            self.jobs.wake,
            self.outbox.withdraw,
            self.recount.changed,
        )
        self._transport = request or AiohttpRequest()
        self.application = _assemble(settings, kit, pacer, self._transport)
        self.inbox = Inbox(self.application.process_update)
        self._background: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the database and reach Telegram. Raises DatabaseError, or InvalidToken; keeps trying when offline."""
        await self.database.migrate()
        await patiently(self.application.initialize, self.stopping)
        if self.stopping.is_set():
            return
        await self.application.start()
        registering = asyncio.create_task(register(self.application.bot, self.library, self.settings.operators))
        self._background.add(registering)
        registering.add_done_callback(self._background.discard)

    def start_clock(self) -> None:
        """From now on what is due is sent by itself."""
        assert self.application.job_queue  # noqa: S101 - built with one
        self.jobs.schedule(self.application.job_queue)

    async def stop(self) -> None:
        """Settle what is in flight and close. Within five seconds."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(self.inbox.settle(HANDLERS_SETTLE), self.jobs.stop())
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        await self._transport.shutdown()  # PTB leaves it open when its own start has failed
        await self.database.close()

    def is_healthy(self) -> bool:
        looked_at = self.jobs.looked_at
        return looked_at is not None and abs(self._clock() - looked_at) < UNHEALTHY_AFTER

    def seconds_since_look(self) -> float:
        return (self._clock() - self.jobs.looked_at).total_seconds() if self.jobs.looked_at else 0.0

    async def _deliver(self, message: Claimed) -> Outcome:
        words = await self._notice(message) if message.kind == Kind.NOTICE else self._words_for(message)
        if words is None:
            return Unwanted()
        return await send(
            self.application.bot,
            self._pictures,
            message.telegram_id,
            message.thread_id,
            words,
            is_silent=message.is_silent or message.kind == Kind.NOTICE,
            is_paid=self.settings.paid_broadcast,
        )

    async def _notice(self, message: Claimed) -> OutgoingMessage | None:
        """None when that chat was forgotten since."""
        what, _, number = (message.about or "").partition(":")
        async with self.database.read() as session:
            chat = await find_row(session, int(number))
        if chat is None:
            return None
        with suppress(UnknownAdminsError):  # the bot is out: that, too, is told
            person_id, bot = message.telegram_id, self.application.bot
            if person_id > 0 and not await self._kit.admins.includes(bot, chat.telegram_id, person_id):
                return None  # they look after it no more
        title = await self._kit.admins.title(self.application.bot, chat.telegram_id)
        words = self.library.of_practice(message.words).of(message.language).interface
        return notice(words, Notice(what), title, chat.id)

    def _words_for(self, message: Claimed) -> OutgoingMessage:
        return self._words(
            message.kind,
            message.affirmation_id,
            message.language,
            message.words,
            is_private=message.telegram_id > 0,
            as_picture=message.shows_pictures,
        )

    def _words_of(
        self,
        kind: Kind,
        affirmation_id: str | None,
        language: str | None,
        words: str | None,
        *,
        is_private: bool,
        as_picture: bool,
    ) -> OutgoingMessage:
        catalogue = self.library.of_practice(words).of(language)
        if kind == Kind.BACK:
            return pause_is_over(catalogue)
        username = self.application.bot.username
        return affirmation(catalogue, affirmation_id, username, is_private=is_private, as_picture=as_picture)

    async def _show_count(self, telegram_id: int, post: Unshown) -> Outcome:
        words, bot = self.library.of_practice(post.words).of(post.language).interface, self.application.bot
        rows = rows_under(words, f"{PREFIX}{post.kind}", bot.username, post.count)
        return await change_buttons(bot, telegram_id, post.message_id, rows)

    async def _speak(self, reply: Reply) -> None:
        await speak(self.application.bot, self._kit, reply)

    async def _lead_on(self, speech: Speech) -> None:
        await circles.say(self.application.bot, self._kit, speech, is_silent=True)

    async def _may_write(self, telegram_id: int) -> bool:
        return await may_write(self.application.bot, telegram_id)

    def _end(self, error: Exception) -> None:
        self.fatal = error
        self.stopping.set()


def _assemble(settings: Settings, kit: Kit, pacer: Pacer, transport: BaseRequest) -> PtbApplication:
    """PTB's part: updates to handlers, calls over our transport at our pace."""
    application: PtbApplication = (
        Application.builder()
        .token(settings.token)
        .base_url(f"{settings.bot_api_url}/bot")
        .base_file_url(f"{settings.bot_api_url}/file/bot")
        .request(transport)
        .get_updates_request(transport)
        .rate_limiter(pacer)
        .updater(None)
        .job_queue(JobQueue())
        # PTB calls what it takes for a type, and asks no more of it.
        .context_types(ContextTypes(context=Context, bot_data=cast("type[Kit]", lambda: kit)))
        .build()
    )
    application.add_handler(flood_guard.handler(), group=-1)
    application.add_handlers(all_handlers())
    application.add_error_handler(apologize)
    return application


async def patiently(call: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> None:
    """Until it succeeds or we stop. Raises what waiting does not mend: InvalidToken, BadRequest."""
    wait = 1.0
    while not stopping.is_set():
        try:
            await call()
        except (InvalidToken, BadRequest):
            raise
        except TelegramError as error:
            seconds = retry_seconds(error) if isinstance(error, RetryAfter) else wait
            log.warning("Telegram cannot be reached; trying again", extra={"error": str(error), "seconds": seconds})
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), seconds)
            wait = min(wait * 2, LONGEST_START_WAIT)
        else:
            return
