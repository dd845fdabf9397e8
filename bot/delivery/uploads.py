"""Pictures on their way to Telegram: uploaded once, then sent by file_id. Called by `sending` and `handlers`."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from telegram import InputFile
from telegram.error import BadRequest

from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import Upload
from bot.domain.cards import Card, digest, draw

log = logging.getLogger(__name__)

# What Telegram says of a file_id that it does not know (any more): then the picture is uploaded again.
LOST = ("wrong file identifier", "wrong remote file", "file reference", "invalid file_id", "wrong file_id")
# What it says where words may be sent and pictures may not, or of a picture that it cannot read.
UNWANTED = (
    "not enough rights to send photos",
    "not enough rights to send animations",
    "chat_send_photos_forbidden",
    "chat_send_gifs_forbidden",
    "photo_invalid_dimensions",
    "image_process_failed",
)
Answer = TypeVar("Answer")


class PictureError(Exception):
    """A picture could not be made: the disk is full, a file of the program is damaged. Its words can still be sent."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What to send: `key` stands for all that decides its looks; `make` may take a while."""

    kind: Literal["photo", "animation"]
    name: str
    key: str
    make: Callable[[], bytes]


def picture_of_card(card: Card) -> Picture:
    return Picture("photo", f"{card.key}.jpg", digest(card), lambda: draw(card))


def picture_of_file(name: str, files: Mapping[str, bytes]) -> Picture:
    """One of the catalogue's. Raises KeyError for a name that is not there."""
    content = files[name]
    return Picture("animation", name, hashlib.sha256(content).hexdigest(), lambda: content)


class Uploads:
    """What a bot has uploaded is remembered in the database. A file_id is one bot's own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file_ids: dict[str, str] = {}
        self._uploading: dict[str, asyncio.Lock] = {}
        self._drawing = asyncio.Lock()

    async def send(
        self,
        bot_id: int,
        picture: Picture,
        post: Callable[[str | InputFile], Awaitable[Answer]],
        file_id_in: Callable[[Answer], str | None],
    ) -> Answer:
        """`post` it by its file_id, or as a file where there is none; in many chats at once it is uploaded once.

        Raises what `post` raises, and PictureError. Once Telegram took the picture, nothing is raised any more: a
        database that cannot keep the file_id only costs another upload.
        """
        key = _row_key(bot_id, picture)
        if (answer := await self._by_file_id(key, post)) is not None:
            return answer
        async with self._uploading.setdefault(key, asyncio.Lock()):
            if (answer := await self._by_file_id(key, post)) is not None:  # another has uploaded it meanwhile
                return answer
            answer = await post(InputFile(await self._make(picture), filename=picture.name))
            if file_id := file_id_in(answer):
                await self._keep(key, file_id)
        self._uploading.pop(key, None)
        return answer

    async def find(self, bot_id: int, picture: Picture) -> str | None:
        """Its file_id, if it was uploaded."""
        return await self._find(_row_key(bot_id, picture))

    async def _make(self, picture: Picture) -> bytes:
        """In a thread, one at a time: whoever taps is answered meanwhile."""
        async with self._drawing:
            try:
                return await asyncio.to_thread(picture.make)
            except Exception as error:  # whatever it was: the words come without the picture
                raise PictureError(f"{picture.name}: {type(error).__name__}") from error

    async def _by_file_id(self, key: str, post: Callable[[str | InputFile], Awaitable[Answer]]) -> Answer | None:
        file_id = await self._find(key)
        if file_id is None:
            return None
        try:
            return await post(file_id)
        except BadRequest as error:
            if not any(each in error.message.lower() for each in LOST):
                raise
        if self._file_ids.get(key) == file_id:  # else it is healed already
            await self._forget(key, file_id)
        return None

    async def _find(self, key: str) -> str | None:
        if key not in self._file_ids:
            async with self._database.read() as session:
                upload = await session.get(Upload, key)
            if upload is None:
                return None
            self._file_ids[key] = upload.file_id
        return self._file_ids[key]

    async def _keep(self, key: str, file_id: str) -> None:
        self._file_ids[key] = file_id
        try:
            async with self._database.write() as session:
                await session.merge(Upload(digest=key, file_id=file_id))
        except DATABASE_ERRORS:
            log.exception("an upload is remembered only until the next start: the database cannot be used")

    async def _forget(self, key: str, file_id: str) -> None:
        del self._file_ids[key]
        async with self._database.write() as session:
            upload = await session.get(Upload, key)
            if upload and upload.file_id == file_id:
                await session.delete(upload)


def is_unwanted(error: BadRequest) -> bool:
    """Whether the words alone may be sent instead."""
    return any(each in error.message.lower() for each in UNWANTED)


def _row_key(bot_id: int, picture: Picture) -> str:
    return hashlib.sha256(f"{picture.key}{bot_id}".encode()).hexdigest()
