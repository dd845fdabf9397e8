"""The log: one line a thing that happened, as text for a person or as JSON for a machine. Set up by `__main__`."""

import logging
import sys
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

# What every record carries; all else was given as `extra`, and is shown behind the text.
OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextFormatter(logging.Formatter):
    """`2026-11-22 08:30:00 INFO reminders queued due=12 queued=12`"""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in OWN)
        first, newline, rest = text.partition("\n")
        return f"{first} {extra}{newline}{rest}" if extra else text


class Redaction(logging.Filter):
    """Takes the bot token out of whatever a library may write about a URL."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        if self._token and self._token in (text := record.getMessage()):
            record.msg, record.args = text.replace(self._token, "<token>"), None
        return True


def set_up_logs(form: Literal["text", "json"], token: str = "") -> None:
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    else:
        handler.setFormatter(TextFormatter("%(asctime)s %(levelname)s %(message)s"))
    handler.addFilter(Redaction(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # PTB writes down whole answers that it cannot read; they may hold what people wrote.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL + 1)
    # They speak of every job and every connection; warnings are enough.
    for chatty in ("apscheduler", "httpx", "telegram", "aiohttp.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
