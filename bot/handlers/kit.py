"""What every handler works with, handed over by `app`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.ext import CallbackContext, ExtBot

from bot.catalogue.interface import Interface
from bot.catalogue.load import Catalogue
from bot.database import Database
from bot.pictures import Pictures
from bot.sealing import Sealer
from bot.settings import Settings


@dataclass(frozen=True)
class Kit:
    catalogue: Catalogue
    database: Database
    settings: Settings
    pictures: Pictures
    sealer: Sealer | None  # without a key nothing is kept that would need one
    clock: Callable[[], datetime]
    wake: Callable[[], None]  # a due time has changed
    withdraw: Callable[[int], None]  # a chat said stop: what is claimed for it is not sent

    @property
    def words(self) -> Interface:
        return self.catalogue.interface


# PTB's own stores for data of people and chats stay empty: facts are in the database.
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], Kit]
