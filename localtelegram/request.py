"""python-telegram-bot's request interface: an `Application` calls a local Telegram in its own process, no socket."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from localtelegram.answers import ApiAnswer
from localtelegram.faults import ConnectionLost
from localtelegram.state.files import FilePart
from localtelegram.telegram import LocalTelegram


class LocalRequest(BaseRequest):
    def __init__(self, local: LocalTelegram) -> None:
        self.local = local

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        path = unquote(urlsplit(url).path)
        token, _, name = path.removeprefix("/file").removeprefix("/bot").partition("/")
        if path.startswith("/file/"):
            content = self.local.download(token, name)
            return (
                (404, b'{"ok": false, "error_code": 404, "description": "Not Found"}')
                if content is None
                else (200, content)
            )
        try:
            answer = await self.local.call(token, name, *_parts(request_data))
        except ConnectionLost as lost:
            raise NetworkError(str(lost)) from lost
        return answer.status, _payload(answer)


def _parts(
    data: RequestData | None,
) -> tuple[dict[str, Any], dict[str, FilePart]]:  # Any: PTB's JSON values
    """The form fields as HTTP would carry them, and the uploads."""
    if data is None:
        return {}, {}
    uploads = {key: FilePart(_content(part[1]), part[0], part[2]) for key, part in (data.multipart_data or {}).items()}
    return dict(data.json_parameters), uploads


def _content(content: bytes | object) -> bytes:
    if isinstance(content, bytes):
        return content
    raise TypeError(f"an upload of {type(content).__name__} is not played: give bytes")


def _payload(answer: ApiAnswer) -> bytes:
    return answer.html.encode() if answer.html is not None else json.dumps(answer.body).encode()
