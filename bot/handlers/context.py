"""What every handler works with, handed over by `app`; and whose words in which language, for the update at hand."""

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
from bot.delivery.chat_admins import Admins
from bot.delivery.sending import Sender
from bot.delivery.uploads import Pictures
from bot.domain.encryption import Sealer
from bot.domain.flood_limits import Restraint
from bot.domain.rotation import Choice
from bot.screens.callback_data import read_about
from bot.settings import Settings
from bot.usecases.chats import find_voice
from bot.usecases.circles import CircleMessages
from bot.usecases.timed_messages import TimedMessages

log = logging.getLogger(__name__)


KIT = "kit"  # its key in PTB's bot_data


@dataclass(frozen=True, kw_only=True)
class Kit:
    library: Library
    language: str
    database: Database
    settings: Settings
    sender: Sender
    pictures: Pictures
    admins: Admins
    restraint: Restraint
    delay: Callable[[int], float]  # seconds that a reply into this chat has to wait
    sealer: Sealer | None  # without a key nothing is kept that would need one
    circles: CircleMessages
    timed_messages: TimedMessages
    clock: Callable[[], datetime]
    wake: Callable[[], None]  # a due time has changed
    withdraw: Callable[[int], None]  # a chat said stop: what is claimed for it is not sent
    recount: Callable[[int], None]  # someone has tapped in this chat of Telegram's: its buttons show it soon

    @property
    def catalogue(self) -> Catalogue:
        return self.library.of(self.language)

    @property
    def words(self) -> Interface:
        return self.catalogue.interface

    def speaking(self, language: str | None) -> Self:
        """The same in another language; in the default one where that is None."""
        return replace(self, language=language or self.library.default)

    def catalogue_of(self, chat: Chat) -> Catalogue:
        """What that chat is told, which may be another one than the one that is spoken in now."""
        return self.library.of_practice(chat.practice).of(chat.language)

    def choice_of(self, chat: Chat, left_out: Collection[str] | None = None) -> Choice:
        """What that chat chooses from, without the themes that it leaves out, or without these."""
        without = chat.left_out if left_out is None else ",".join(sorted(left_out))
        return self.library.of_practice(chat.practice).choice(chat.language, without)

    def with_words(self, words: str | None) -> Self:
        """The same with the words of this practice; with the bot's own where that is None, or gone."""
        return replace(self, library=self.library.of_practice(words))


@dataclass(frozen=True, slots=True)
class Place:
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


class Context(CallbackContext[ExtBot[None], Nothing, Nothing, dict[str, Kit]]):
    """PTB's context, which knows how the chat is spoken to before a handler is called. Handlers use `kit` alone."""

    _update: object = None
    _kit: Kit | None = None
    _place: Place | None = None

    @property
    def kit(self) -> Kit:
        return self._kit or self.bot_data[KIT]

    @property
    def place(self) -> Place:
        """What the update is about, once it is known that this person may change it."""
        if self._place is None:
            raise ValueError("only handlers made by chat_command and chat_tap have a place")
        return self._place

    @place.setter
    def place(self, place: Place) -> None:
        self._place = place

    @property
    def row_id(self) -> int:
        """The row of the chat that the buttons of the answer are about; 0 for the one that they stand in."""
        return self._place.row_id if self._place else 0

    @property
    def title(self) -> str:
        """What that chat is called; empty for the one that is written in."""
        return self._place.title if self._place else ""

    @property
    def is_in_group(self) -> bool:
        """Whether what is shown here is about the group that it stands in."""
        return self._place is not None and not self._place.row_id and self._place.telegram_id < 0

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
        update, kit = self._update, self.bot_data[KIT]
        if isinstance(update, Update):
            self._kit = await _speaking(update, kit)


def thread_of(message: MaybeInaccessibleMessage | None) -> int:
    """The topic that a message is in; 0 for General, and where there are none."""
    if not isinstance(message, Message) or not message.is_topic_message:
        return 0
    return 0 if message.message_thread_id in (None, GENERAL) else int(message.message_thread_id or 0)


async def _speaking(update: Update, kit: Kit) -> Kit:
    """As was chosen in this chat; else in a private chat, and for what is asked inline, in the app's own language."""
    place, person = update.effective_chat, update.effective_user
    number = place.id if place else person.id if person else None
    stored = words = None
    try:
        if number is not None:
            async with kit.database.read() as session:
                stored, words = await find_voice(session, number, thread_of(update.effective_message))
    except DATABASE_ERRORS:
        log.exception("how the chat is spoken to is not known: the database cannot be used")
    is_own = place is None or place.type == ChatType.PRIVATE
    kit = kit.with_words(words)
    return kit.speaking(
        kit.library.fit(stored) or (kit.library.fit(person.language_code) if person and is_own else None)
    )
