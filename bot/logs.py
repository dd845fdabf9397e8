"""The log: one line per event, as text for people or as JSON for programs. Set up by `commands`."""

import logging
import re
import sys
from typing import Literal
from urllib.parse import quote

# The attributes of every record; all others were given as `extra`, and follow the text.
RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


# A bot's token, whosever it is: its number, and 35 signs; in an address the colon may be written as %3A.
TOKEN = re.compile(r"(?<![0-9])[0-9]{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{30,50}")


class TextFormatter(logging.Formatter):
    """Formats lines such as `2026-11-22 08:30:00 INFO reminders queued due=12 queued=12`."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in RECORD_ATTRIBUTES)
        first, newline, rest = text.partition("\n")
        return f"{first} {extra}{newline}{rest}" if extra else text


class Redaction(logging.Formatter):
    """Removes the bot token from whole lines, extras and tracebacks included: libraries log URLs that hold it."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner = inner
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        for form in filter(None, (self._token, quote(self._token, safe=""))):
            text = text.replace(form, "<token>")
        return TOKEN.sub("<token>", text)


def set_up_logs(form: Literal["text", "json"], token: str = "") -> None:
    """Sends all logs to standard error, without the token and what people write."""
    handler = logging.StreamHandler(sys.stderr)
    formatter: logging.Formatter = TextFormatter("%(asctime)s %(levelname)s %(message)s")
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - for those who want JSON

        formatter = JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(Redaction(formatter, token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # PTB logs whole answers that it cannot read, which may hold messages of people.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL + 1)
    # These log every job and every connection; warnings are enough.
    for chatty in ("apscheduler", "httpx", "telegram", "aiohttp.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
