"""Calls to the Bot API with plain values, past PTB's objects, which take longer than the call. Called by `sending`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from telegram import InputFile
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

OK = HTTPStatus.OK  # looked up once: Python 3.11 takes long for it


async def post(request: BaseRequest, url: str, payload: Mapping[str, Any]) -> bytes:  # Any: Bot API JSON
    """Calls a method and returns the answer as it came. Raises TelegramError, as `request.post` does."""
    try:
        has_file = InputFile in map(type, payload.values())
        data = RequestData(_parameters(payload)) if has_file else _JsonData(payload)
        status, answer = await request.do_request(url, "POST", data)
    except TelegramError:
        raise
    except Exception as error:  # as PTB does
        raise NetworkError(f"the call could not be made ({type(error).__name__})") from error
    if status != OK:
        await _Answered(status, answer).post(url)
    return answer


def _parameters(payload: Mapping[str, Any]) -> list[RequestParameter]:  # Any: Bot API JSON
    return [
        RequestParameter(name, None, [value]) if isinstance(value, InputFile) else RequestParameter(name, value, None)
        for name, value in payload.items()
    ]


class _JsonData(RequestData):  # type: ignore[misc]  # final, as PTB may change how it is made: this is made otherwise
    """Values that are JSON already. An object for each of them, as PTB makes it, takes as long as the post itself."""

    __slots__ = ("_payload",)
    contains_files = False

    def __init__(self, payload: Mapping[str, Any]) -> None:  # Any: Bot API JSON
        self._payload = payload  # and nothing of the base: it keeps PTB's objects

    @property
    def parameters(self) -> dict[str, Any]:  # Any: Bot API JSON
        return dict(self._payload)

    @property
    def multipart_data(self) -> dict[str, Any]:  # Any: PTB's own type of a file
        return {}

    @property
    def json_parameters(self) -> dict[str, str]:
        return RequestData(_parameters(self._payload)).json_parameters


class _Answered(BaseRequest):
    """Has its answer already: for what PTB makes of one that is an error."""

    def __init__(self, status: int, answer: bytes) -> None:
        self._answer = (status, answer)

    @property
    def read_timeout(self) -> None:
        """It waits for nothing."""

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is closed."""

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:  # Any: PTB's parameters are not used
        """PTB calls it. Returns the answer."""
        return self._answer
