"""The files that were sent, by their ids."""

import hashlib
import itertools
from dataclasses import dataclass, field

from localtelegram.answers import Json, bad_request

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes
DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class FilePart:
    """A file that a call brings with it."""

    content: bytes
    name: str = "file"
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    kind: str  # photo, animation, document
    content: bytes
    name: str
    mime_type: str
    bot_id: int  # a file id is good for the bot that got it, and for no other
    width: int = 0
    height: int = 0
    details: Json = field(default_factory=dict)

    @property
    def unique_id(self) -> str:
        return "AQAD" + hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def path(self) -> str:
        """Where a bot downloads it, as getFile says."""
        return f"{self.kind}s/file_{int(self.file_id[-8:])}"

    def reference(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def media(self) -> Json:
        """The part of a message that carries it."""
        sized = {"width": self.width, "height": self.height}
        named = {"file_name": self.name, "mime_type": self.mime_type}
        match self.kind:
            case "photo":
                return {"photo": [self.reference() | sized]}
            case "animation":
                moving = self.reference() | sized | named | {"duration": self.details.get("duration", 0)}
                return {"animation": moving, "document": self.reference() | named}
        return {"document": self.reference() | named}


class FileShelf:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    def keep(
        self, kind: str, upload: FilePart, *, bot_id: int, width: int = 0, height: int = 0, **details: int
    ) -> StoredFile:
        number = next(self._numbers)
        mark = hashlib.sha256(f"{bot_id}/{number}".encode()).hexdigest()[:24]
        file_id = f"{_PREFIX.get(kind, 'BQAC')}{mark}{number:08d}"
        stored = StoredFile(
            file_id, kind, upload.content, upload.name, upload.mime_type, bot_id, width, height, dict(details)
        )
        self._by_id[file_id] = stored
        return stored

    def get(self, file_id: str, *, bot_id: int) -> StoredFile | None:
        stored = self._by_id.get(file_id)
        return stored if stored and stored.bot_id == bot_id else None

    def at(self, path: str, *, bot_id: int) -> StoredFile | None:
        """The file that a bot downloads from there."""
        return next((file for file in self._by_id.values() if (file.path, file.bot_id) == (path, bot_id)), None)

    def any(self, file_id: str) -> StoredFile | None:
        """A file of any bot, for the page and tests."""
        return self._by_id.get(file_id)

    def sendable(self, file_id: str, kind: str, *, bot_id: int) -> StoredFile:
        stored = self.get(file_id, bot_id=bot_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
        return stored


_PREFIX = {"photo": "AgAC", "animation": "CgAC"}
