"""What handlers work with: the services, built once by `app`, and the language and practice of the current update."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from telegram import MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot.content.interface import Interface
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import Chat
from bot.delivery.chat_admins import ChatAdmins
from bot.delivery.rate_limits import RateLimiter
from bot.delivery.sending import Sender
from bot.delivery.uploads import Uploads
from bot.domain.encryption import Cipher
from bot.domain.flood_limits import FloodLimits
from bot.domain.rotation import Choice
from bot.screens.callback_data import read_about
from bot.settings import Settings
from bot.usecases.chats import find_language_and_practice
from bot.usecases.circles import CircleMessages
from bot.usecases.outbox import Outbox
from bot.usecases.tap_counts import TapCounts
from bot.usecases.timed_messages import TimedMessages

log = logging.getLogger(__name__)


SERVICES = "services"  # their key in PTB's bot_data


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers work with; built once, by `app`."""

    library: Library
    database: Database
    settings: Settings
    sender: Sender
    uploads: Uploads
    admins: ChatAdmins
    flood_limits: FloodLimits
    pacer: RateLimiter
    cipher: Cipher | None  # without a key nothing is kept that would need one
    circles: CircleMessages
    timed_messages: TimedMessages
    outbox: Outbox
    tap_counts: TapCounts
    clock: Callable[[], datetime]
    schedule_changed: asyncio.Event  # set by whoever writes something that may be due sooner than it was


@dataclass(frozen=True, slots=True)
class Voice:
    """How the chat of an update is spoken to: in which language, and in whose words.

    `library` is a practice's, or everyone's.
    """

    library: Library
    language: str

    @property
    def catalogue(self) -> Catalogue:
        return self.library.of(self.language)

    @property
    def interface(self) -> Interface:
        return self.catalogue.interface

    def speaking(self, language: str | None) -> Self:
        """The same in another language; in the default one where that is None."""
        return replace(self, language=language or self.library.default)

    def of_practice(self, practice: str | None) -> Self:
        """The same with the words of this practice; with the bot's own where that is None, or gone."""
        return replace(self, library=self.library.of_practice(practice))

    def catalogue_of(self, chat: Chat) -> Catalogue:
        """What that chat is told, which may be another one than the one that is spoken in now."""
        return self.library.of_practice(chat.practice).of(chat.language)

    def choice_of(self, chat: Chat, left_out: Collection[str] | None = None) -> Choice:
        """What that chat chooses from, without the themes that it leaves out, or without these."""
        without = chat.left_out if left_out is None else ",".join(sorted(left_out))
        return self.library.of_practice(chat.practice).choice(chat.language, without)


@dataclass(frozen=True, slots=True)
class ChatAccess:
    """The chat that something is about, and in whose name its conversations are.

    `row_id` and `title` are set where a button names the chat: then it is another one than the one that is written in,
    or another topic.
    """

    telegram_id: int
    thread_id: int
    kind: str
    person_id: int
    row_id: int = 0
    title: str = ""


GENERAL = 1  # the topic that is none

Nothing = dict[Any, Any]  # PTB's own stores for data of people and chats stay empty: facts are in the database


class Context(CallbackContext[ExtBot[None], Nothing, Nothing, dict[str, Services]]):
    """PTB's context, with the services and, before a handler is called, the voice of this update."""

    _update: object = None
    _voice: Voice | None = None
    _access: ChatAccess | None = None

    @property
    def services(self) -> Services:
        return self.bot_data[SERVICES]

    @property
    def voice(self) -> Voice:
        return self._voice or Voice(self.services.library, self.services.library.default)

    @voice.setter
    def voice(self, voice: Voice) -> None:
        """From now on this update is answered so: a language or a practice was chosen."""
        self._voice = voice

    @property
    def access(self) -> ChatAccess:
        """What the update is about, once it is known that this person may change it."""
        if self._access is None:
            raise ValueError("only handlers made by chat_command and chat_tap have a place")
        return self._access

    @access.setter
    def access(self, place: ChatAccess) -> None:
        self._access = place

    @property
    def row_id(self) -> int:
        """The row of the chat that the buttons of the answer are about; 0 for the one that they stand in."""
        return self._access.row_id if self._access else 0

    @property
    def title(self) -> str:
        """What that chat is called; empty for the one that is written in."""
        return self._access.title if self._access else ""

    @property
    def is_in_group(self) -> bool:
        """Whether what is shown here is about the group that it stands in."""
        return self._access is not None and not self._access.row_id and self._access.telegram_id < 0

    @property
    def about(self) -> int | None:
        """The row that a tapped button names, if it does."""
        return read_about(self._tapped)[0]

    @property
    def data(self) -> str:
        """What a tapped button does, without the chat that it does it in."""
        return read_about(self._tapped)[1]

    @property
    def _tapped(self) -> str:
        query = self._update.callback_query if isinstance(self._update, Update) else None
        return (query.data or "") if query else ""

    @classmethod
    def from_update(
        cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]"
    ) -> "Context":  # Any: PTB's six type variables say little
        context = super().from_update(update, application)
        context._update = update
        return context

    async def refresh_data(self) -> None:
        """Called by PTB before each handler."""
        update = self._update
        if isinstance(update, Update):
            self._voice = await _voice_of(update, self.services)


def thread_of(message: MaybeInaccessibleMessage | None) -> int:
    """The topic that a message is in; 0 for General, and where there are none."""
    if not isinstance(message, Message) or not message.is_topic_message:
        return 0
    return 0 if message.message_thread_id in (None, GENERAL) else int(message.message_thread_id or 0)


async def _voice_of(update: Update, services: Services) -> Voice:
    """As was chosen in this chat; else in a private chat, and for what is asked inline, in the app's own language."""
    place, person = update.effective_chat, update.effective_user
    number = place.id if place else person.id if person else None
    stored = words = None
    try:
        if number is not None:
            async with services.database.read() as session:
                stored, words = await find_language_and_practice(session, number, thread_of(update.effective_message))
    except DATABASE_ERRORS:
        log.exception("how the chat is spoken to is not known: the database cannot be used")
    is_own = place is None or place.type == ChatType.PRIVATE
    library = services.library.of_practice(words)
    fitting = library.fit(stored) or (library.fit(person.language_code) if person and is_own else None)
    return Voice(library, fitting or library.default)
