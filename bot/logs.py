"""The log: one line per event, as text for people or as JSON for programs. Set up by `commands`."""

import logging
import sys
from typing import Literal

# The attributes of every record; all others were given as `extra`, and follow the text.
RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextFormatter(logging.Formatter):
    """Formats lines such as `2026-11-22 08:30:00 INFO reminders queued due=12 queued=12`."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in RECORD_ATTRIBUTES)
        first, newline, rest = text.partition("\n")
        return f"{first} {extra}{newline}{rest}" if extra else text


class Redaction(logging.Filter):
    """Removes the bot token from all lines: libraries log URLs that hold it."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        if self._token and self._token in (text := record.getMessage()):
            record.msg, record.args = text.replace(self._token, "<token>"), None
        return True


def set_up_logs(form: Literal["text", "json"], token: str = "") -> None:
    """Sends all logs to standard error, without the token and what people write."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - for those who want JSON

        handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    else:
        handler.setFormatter(TextFormatter("%(asctime)s %(levelname)s %(message)s"))
    handler.addFilter(Redaction(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # PTB logs whole answers that it cannot read, which may hold messages of people.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL + 1)
    # These log every job and every connection; warnings are enough.
    for chatty in ("apscheduler", "httpx", "telegram", "aiohttp.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
