"""The answers a bot gets: JSON of the Bot API, or one of Telegram's refusals. Methods and state raise refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]  # Bot API JSON: its shape is held by bot_api.json, not by Python types


@dataclass(frozen=True)
class ApiAnswer:
    """The answer to one call. `html` replaces `body` where a proxy in front of the Bot API answered."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str | None = None


class Refusal(Exception):  # noqa: N818 - it is an answer of Telegram's, not an error of this program
    """One error answer, with Telegram's own code and text. `LocalTelegram.call` turns it into an `ApiAnswer`."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def answer(self) -> ApiAnswer:
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        retry_after = self.parameters.get("retry_after")
        return ApiAnswer(self.status, body, {"Retry-After": str(retry_after)} if retry_after else {})


class NotPlayed(Refusal):
    """Telegram can do it and the local Telegram cannot. `where` is the file or folder in which it can be added."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(501, f"Not Implemented: the local Telegram does not play {what}; add it in {where}")
        self.what = what


def bad_request(reason: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {_lowered(reason)}", **parameters)


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def _lowered(reason: str) -> str:
    """Telegram lowers the first letter, unless it opens a word in capitals such as TOPIC_CLOSED."""
    if reason[1:2].isupper() or reason[1:2] == "_":
        return reason
    return reason[:1].lower() + reason[1:]
