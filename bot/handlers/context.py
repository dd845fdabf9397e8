"""What handlers work with: the services that `app` builds once, and the language and practice of an update."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from telegram import Chat as TelegramChat
from telegram import MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot.content.interface import Interface
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import Chat
from bot.delivery.chat_admins import ChatAdmins
from bot.delivery.rate_limits import RateLimiter
from bot.delivery.reply_turns import in_time
from bot.delivery.sending import Sender
from bot.delivery.uploads import Uploads
from bot.domain import zones
from bot.domain.encryption import Cipher
from bot.domain.flood_limits import FloodLimits
from bot.domain.ids import NO_CHAT, NOBODY, ChatId, TelegramId
from bot.domain.rotation import Choice
from bot.screens.callback_data import read_about
from bot.screens.times import first_weekday_in, uses_12_hours
from bot.settings import Settings
from bot.usecases.chats import HowToSpeak, find_how_to_speak
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
    waiting: Callable[[Update], int]  # how many more updates of the same chat wait
    schedule_changed: asyncio.Event  # set by whoever writes something that may be due sooner than it was


@dataclass(frozen=True, slots=True)
class Voice:
    """The language and the texts in which the chat of an update is answered.

    `library` has the texts of a practice, or the bot's own.
    """

    library: Library
    language: str
    clock: int = 24  # hours; how times are shown
    first_weekday: int = 0  # on which day weeks begin; Monday is 0
    is_clock_chosen: bool = False  # by a tap in /settings
    is_of_region: bool = False  # the app names a country, whatever the time zone is

    @property
    def catalogue(self) -> Catalogue:
        """All texts in this language."""
        return self.library.of(self.language)

    @property
    def interface(self) -> Interface:
        """The texts of menus and replies in this language."""
        return self.catalogue.interface_12 if self.clock == 12 else self.catalogue.interface

    def speaking(self, language: str | None) -> Self:
        """The same in another language; None is the default one."""
        return replace(self, language=language or self.library.default)

    def in_zone(self, zone: str | None) -> Self:
        """The same with the customs of that time zone's country, where neither the app nor a choice says others."""
        country = zones.country(zone) if zone and not self.is_of_region else None
        if country is None:
            return self
        clock = self.clock if self.is_clock_chosen else _clock_in(country)
        return replace(self, clock=clock, first_weekday=first_weekday_in(country))

    def of_practice(self, practice: str | None) -> Self:
        """The same with the texts of this practice; with the bot's own if it is None or no longer exists."""
        return replace(self, library=self.library.of_practice(practice))

    def catalogue_of(self, chat: Chat) -> Catalogue:
        """The texts in which that chat gets its reminders; their language may differ from this update's."""
        return self.library.of_practice(chat.practice).of(chat.language)

    def unasked_in(self, kind: str) -> frozenset[str]:
        """The themes that a new chat of this kind does not get: they are for people in therapy, or in a group."""
        return self.catalogue.rules.themes_for.unasked_in(kind)

    def choice_of(self, chat: Chat, left_out: Collection[str] | None = None) -> Choice:
        """The affirmations that the chat chooses from, without these themes, or without those that it leaves out."""
        without = chat.left_out if left_out is None else ",".join(sorted(left_out))
        return self.library.of_practice(chat.practice).choice(chat.language, without)


@dataclass(frozen=True, slots=True)
class ChatAccess:
    """The chat that an update may change, and the person id of its conversations.

    `row_id` and `title` are set if a button names the chat: it is then another chat or topic than the one that the
    update comes from.
    """

    telegram_id: TelegramId
    thread_id: int
    kind: str
    person_id: TelegramId
    row_id: ChatId = NO_CHAT
    title: str = ""


GENERAL = 1  # the topic that is none

Nothing = dict[Any, Any]  # PTB's own stores for data of people and chats stay empty: facts are in the database


class Context(CallbackContext[ExtBot[None], Nothing, Nothing, dict[str, Services]]):
    """PTB's context, with the services and, before a handler is called, the voice of this update."""

    _update: object = None
    _voice: Voice | None = None
    _access: ChatAccess | None = None
    is_known = False  # whether the chat of this update was found in the database when it came
    rests = False  # whether that chat comes back when its person is seen
    came_back = False  # whether this update ended the rest of its chat (`handlers.presence`)

    @property
    def services(self) -> Services:
        """The services that `app` has built."""
        return self.bot_data[SERVICES]

    @property
    def voice(self) -> Voice:
        return self._voice or Voice(self.services.library, self.services.library.default)

    @voice.setter
    def voice(self, voice: Voice) -> None:
        """The voice of this update; the default one before it is known."""
        self._voice = voice

    @property
    def access(self) -> ChatAccess:
        """What the update is about, once it is known that this person may change it."""
        if self._access is None:
            raise ValueError("only handlers made by chat_command and tap have access to a chat")
        return self._access

    @access.setter
    def access(self, access: ChatAccess) -> None:
        """The chat that the update may change. Raises ValueError if access has not been checked."""
        self._access = access

    @property
    def row_id(self) -> ChatId:
        """The row id of the chat that the answer's buttons act on; 0 for the one they are shown in."""
        return self._access.row_id if self._access else NO_CHAT

    @property
    def title(self) -> str:
        """The title of the chat that the answer is about; empty for the one it is shown in."""
        return self._access.title if self._access else ""

    @property
    def is_in_group(self) -> bool:
        """Whether the answer is about the group that it is shown in."""
        return self._access is not None and not self._access.row_id and self._access.telegram_id < 0

    @property
    def message_id(self) -> int:
        """The id of the message that this update is; 0 for a tap, and for what is no message."""
        message = self._update.message if isinstance(self._update, Update) else None
        return message.message_id if message else 0

    @property
    def about(self) -> ChatId | None:
        """The row id in the tapped button's data, if there is one."""
        return read_about(self._tapped)[0]

    @property
    def data(self) -> str:
        """The tapped button's data without the row id."""
        return read_about(self._tapped)[1]

    @property
    def _tapped(self) -> str:
        query = self._update.callback_query if isinstance(self._update, Update) else None
        return (query.data or "") if query else ""

    @classmethod
    def from_update(
        cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]"
    ) -> "Context":  # Any: PTB's six type variables say little
        """PTB's factory: also keeps the update."""
        context = super().from_update(update, application)
        context._update = update
        return context

    async def refresh_data(self) -> None:
        """Sets the voice, and whether the chat is known. PTB calls it before the first handler."""
        update = self._update
        if isinstance(update, Update):
            stored = await _find_stored(update, self.services)
            self.is_known = stored is not None
            self.rests = bool(stored and stored.rests)
            self._voice = _voice_of(update, stored or HowToSpeak(), self.services)


def id_of(sender: TelegramChat | User | None) -> TelegramId:
    """Returns the Telegram id of a chat or a person; NOBODY for none."""
    return TelegramId(sender.id) if sender else NOBODY


def thread_of(message: MaybeInaccessibleMessage | None) -> int:
    """Returns the id of the message's topic; 0 for the General topic and for chats without topics."""
    if not isinstance(message, Message) or not message.is_topic_message:
        return 0
    return 0 if message.message_thread_id in (None, GENERAL) else int(message.message_thread_id or 0)


def language_of(update: Update) -> str | None:
    """The language code that the person's app reports to Telegram, such as "en-GB"; None if it is not known."""
    return update.effective_user.language_code if update.effective_user else None


async def _find_stored(update: Update, services: Services) -> HowToSpeak | None:
    """What was chosen in this chat; None where the chat is not known, or the database cannot be used."""
    asker = update.effective_chat or update.effective_user
    if asker is None:
        return None
    try:
        return await in_time(find_how_to_speak(services.database, id_of(asker), thread_of(update.effective_message)))
    except DATABASE_ERRORS:
        log.exception("how the chat is spoken to is not known: the database cannot be used")
        return None


def _voice_of(update: Update, stored: HowToSpeak, services: Services) -> Voice:
    """As chosen in this chat; otherwise, in private chats and inline, in the language of the person's app."""
    chat, person = update.effective_chat, update.effective_user
    is_own = chat is None or chat.type == ChatType.PRIVATE
    library = services.library.of_practice(stored.practice)
    fitting = library.fit(stored.language) or (library.fit(language_of(update)) if person and is_own else None)
    region = _region_of(language_of(update)) if is_own else None
    clock = stored.clock or (_clock_in(region) if region else 24)
    first_weekday = first_weekday_in(region) if region else 0
    is_chosen, is_of_region = stored.clock is not None, region is not None
    voice = Voice(library, fitting or library.default, clock, first_weekday, is_chosen, is_of_region)
    return voice.in_zone(stored.zone)


def _region_of(language: str | None) -> str | None:
    """The country that a code like "en-US" names."""
    region = (language or "").partition("-")[2].upper()
    return region if len(region) == 2 else None


def _clock_in(country: str) -> int:
    return 12 if uses_12_hours(country) else 24
