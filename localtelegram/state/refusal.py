"""What the local Telegram says no with; raised anywhere below `LocalTelegram.call`, which turns it into an answer."""

from typing import Any

Json = dict[str, Any]  # Bot API JSON: its shape is held by bot_api.json, not by Python types


class Refusal(Exception):  # noqa: N818 - it is an answer of Telegram's, not an error of this program
    """One error answer, with Telegram's own code and text."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {_lowered(reason)}", **parameters)


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def _lowered(reason: str) -> str:
    """Telegram lowers the first letter, unless it opens a word in capitals such as TOPIC_CLOSED."""
    if reason[1:2].isupper() or reason[1:2] == "_":
        return reason
    return reason[:1].lower() + reason[1:]


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
