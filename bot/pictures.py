"""Pictures on their way to Telegram: uploaded once, then sent by file_id. Called by `handlers.saying`."""

import hashlib
from collections.abc import Mapping

from telegram import Bot, InlineKeyboardMarkup, InputFile, Message
from telegram.error import BadRequest

from bot.database import Database
from bot.models import Upload

# What Telegram says of a file_id that it does not know (any more): then the picture is uploaded again.
LOST = ("wrong file identifier", "wrong remote file", "file reference", "invalid file_id")


class Pictures:
    """The pictures of the catalogue by name. What a bot has uploaded is remembered in the database."""

    def __init__(self, database: Database, pictures: Mapping[str, bytes]) -> None:
        self._database = database
        self._pictures = pictures
        self._file_ids: dict[str, str] = {}

    async def send(
        self,
        bot: Bot,
        chat_id: int,
        name: str,
        caption: str,
        markup: InlineKeyboardMarkup | None,
        *,
        thread_id: int | None = None,
        is_silent: bool = False,
    ) -> Message:
        """Raises KeyError for a name that is not in the catalogue, and what Telegram says to the sending itself."""
        content = self._pictures[name]
        digest = hashlib.sha256(content + str(bot.id).encode()).hexdigest()

        async def send(animation: str | InputFile) -> Message:
            return await bot.send_animation(
                chat_id,
                animation,
                caption=caption,
                reply_markup=markup,
                message_thread_id=thread_id,
                disable_notification=is_silent,
            )

        if file_id := await self._find(digest):
            try:
                return await send(file_id)
            except BadRequest as error:
                if not any(each in error.message.lower() for each in LOST):
                    raise
        sent = await send(InputFile(content, filename=name))
        if sent.animation:
            await self._keep(digest, sent.animation.file_id)
        return sent

    async def _find(self, digest: str) -> str | None:
        if digest not in self._file_ids:
            async with self._database.read() as session:
                upload = await session.get(Upload, digest)
            if upload is None:
                return None
            self._file_ids[digest] = upload.file_id
        return self._file_ids[digest]

    async def _keep(self, digest: str, file_id: str) -> None:
        self._file_ids[digest] = file_id
        async with self._database.write() as session:
            await session.merge(Upload(digest=digest, file_id=file_id))
