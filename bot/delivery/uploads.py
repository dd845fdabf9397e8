"""Uploads pictures to Telegram once, then sends them by file_id. Called by `sending` and `handlers`."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from telegram import InputFile
from telegram.error import BadRequest

from bot.database.engine import DATABASE_ERRORS, Database
from bot.database.models import Upload
from bot.database.uploads import find_file_ids
from bot.domain.cards import Card, Weeks, digest
from bot.domain.ids import TelegramId

log = logging.getLogger(__name__)

# Telegram's error texts for an unknown file_id: the picture is uploaded again.
FILE_LOST_ERRORS = ("wrong file identifier", "wrong remote file", "file reference", "invalid file_id", "wrong file_id")
# Its error texts where text may be sent and pictures may not, or for a picture that it cannot read.
PICTURE_REFUSED_ERRORS = (
    "not enough rights to send photos",
    "not enough rights to send animations",
    "chat_send_photos_forbidden",
    "chat_send_gifs_forbidden",
    "photo_invalid_dimensions",
    "image_process_failed",
)
Sent = TypeVar("Sent")


class PictureError(Exception):
    """A picture could not be made: the disk is full, or a file of the program is damaged. Send its text."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to send. `key` is a hash of all that determines it; `make` is slow and runs in a thread."""

    kind: Literal["photo", "animation"]
    name: str
    key: str
    make: Callable[[], bytes]
    is_personal: bool = False  # nothing is remembered of it, not even its hash


def picture_of_card(card: Card | Weeks) -> Picture:
    """Returns the picture of a card, which is drawn when it is first sent; a person's weeks are drawn each time."""
    if isinstance(card, Weeks):
        return Picture("photo", "weeks.jpg", "", lambda: _draw_weeks(card), is_personal=True)
    name = f"{card.key}-{card.shape.name}.jpg"
    return Picture("photo", name, digest(card), lambda: _draw(card), is_personal=card.is_personal)


def _draw(card: Card) -> bytes:
    from bot.domain.cards.drawing import draw  # noqa: PLC0415 - Pillow's 5 MB are for those who want pictures

    return draw(card)


def _draw_weeks(weeks: Weeks) -> bytes:
    from bot.domain.cards.weeks import draw  # noqa: PLC0415 - the same

    return draw(weeks)


def picture_of_file(name: str, files: Mapping[str, bytes]) -> Picture:
    """Returns a picture of the catalogue. Raises KeyError for an unknown name."""
    content = files[name]
    return Picture("animation", name, hashlib.sha256(content).hexdigest(), lambda: content)


class Uploads:
    """Stores the file_id of every upload in the database. A file_id is valid for one bot only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file_ids: dict[str, str] = {}
        self._uploading: dict[str, asyncio.Lock] = {}
        self._drawing = asyncio.Lock()

    async def send(
        self,
        bot_id: TelegramId,
        picture: Picture,
        post: Callable[[str | InputFile], Awaitable[Sent]],
        file_id_in: Callable[[Sent], str | None],
    ) -> Sent:
        """Posts a picture by its file_id, or as a file; for many chats at once it is uploaded once.

        Returns the answer of `post`. Raises what `post` raises, PictureError and DATABASE_ERRORS. After Telegram took
        the picture nothing is raised: a database that cannot store the file_id only costs another upload.
        """
        if picture.is_personal:
            return await post(InputFile(await self._make(picture), filename=picture.name))
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

    async def find(self, bot_id: TelegramId, pictures: Sequence[Picture]) -> dict[str, str]:
        """Returns the file_ids of those pictures that were uploaded, by the key of the picture. Asks once for all."""
        keys = {_row_key(bot_id, picture): picture.key for picture in pictures}
        if unknown := [key for key in keys if key not in self._file_ids]:
            async with self._database.read() as session:
                self._file_ids |= await find_file_ids(session, unknown)
        return {keys[key]: self._file_ids[key] for key in keys if key in self._file_ids}

    async def _make(self, picture: Picture) -> bytes:
        """Makes pictures in a thread, one at a time, so that replies do not wait."""
        async with self._drawing:
            try:
                return await asyncio.to_thread(picture.make)
            except Exception as error:  # whatever it is: the text is sent without the picture
                raise PictureError(f"{picture.name}: {type(error).__name__}") from error

    async def _by_file_id(self, key: str, post: Callable[[str | InputFile], Awaitable[Sent]]) -> Sent | None:
        file_id = await self._find(key)
        if file_id is None:
            return None
        try:
            return await post(file_id)
        except BadRequest as error:
            if not any(text in error.message.lower() for text in FILE_LOST_ERRORS):
                raise
        if self._file_ids.get(key) == file_id:  # else it was replaced already
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
    """Returns whether the text may be sent instead of the picture."""
    return any(text in error.message.lower() for text in PICTURE_REFUSED_ERRORS)


def _row_key(bot_id: TelegramId, picture: Picture) -> str:
    return hashlib.sha256(f"{picture.key}{bot_id}".encode()).hexdigest()
