"""What every handler works with, handed over by `app`; and in which language, for the update at hand."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot.admins import Admins
from bot.catalogue.interface import Interface
from bot.catalogue.library import Library
from bot.catalogue.load import Catalogue
from bot.chats import find_language
from bot.database import Database, Trouble
from bot.pictures import Pictures
from bot.sealing import Sealer
from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kit:
    library: Library
    language: str
    database: Database
    settings: Settings
    pictures: Pictures
    admins: Admins
    sealer: Sealer | None  # without a key nothing is kept that would need one
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


Nothing = dict[Any, Any]  # PTB's own stores for data of people and chats stay empty: facts are in the database


class Context(CallbackContext[ExtBot[None], Nothing, Nothing, Kit]):
    """PTB's context, which knows the language of the chat before a handler is called. Handlers use `kit` alone."""

    _update: object = None
    _kit: Kit | None = None

    @property
    def kit(self) -> Kit:
        return self._kit or self.bot_data

    @classmethod
    def from_update(
        cls, update: object, application: "Application[Any, Any, Any, Any, Any, Any]"
    ) -> "Context":  # Any: PTB's six type variables say little
        context = super().from_update(update, application)
        context._update = update
        return context

    async def refresh_data(self) -> None:
        """Called by PTB before each handler."""
        update, kit = self._update, self.bot_data
        if isinstance(update, Update):
            self._kit = kit.speaking(await _language(update, kit))


async def _language(update: Update, kit: Kit) -> str | None:
    """The one that was chosen in this chat; else in a private chat, and for what is asked inline, the app's own."""
    place, person = update.effective_chat, update.effective_user
    number = place.id if place else person.id if person else None
    stored = None
    try:
        if number is not None:
            async with kit.database.read() as session:
                stored = await find_language(session, number)
    except Trouble:
        log.exception("the chat's language is not known: the database cannot be used")
    is_own = place is None or place.type == ChatType.PRIVATE
    return kit.library.fit(stored) or (kit.library.fit(person.language_code) if person and is_own else None)
