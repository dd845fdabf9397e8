"""The log: one line per event, as text for people or as JSON for programs. Set up by `commands`."""

import logging
import os
import re
import sys
import traceback
from contextvars import ContextVar
from copy import copy
from pathlib import Path
from typing import Literal
from urllib.parse import quote

# The attributes of every record; all others were given as `extra`, and follow the text.
RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


# A bot's token, whosever it is: its number, and 35 signs; in an address the colon may be written as %3A.
TOKEN = re.compile(r"(?<![0-9])[0-9]{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{30,50}")


# What pydantic repeats of what it was given, and numbers that may be a person's or a chat's.
GIVEN = re.compile(r"input_value=.*?(?=, input_type=|$)", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.:])-?[0-9]{6,}(?![\w.])")
# The line that says what was wrong: not indented, as code is. What stands in quotes there may be what somebody wrote
# (KeyError, int("..."), Telegram's 'Unsupported start tag "..."'); of these kinds it is a name in the code.
SAID = re.compile(
    r"^(?!Traceback |During |The above |(?:Attribute|Name|Type|Import|ModuleNotFound)Error)\S.*", re.MULTILINE
)
QUOTED = re.compile(r"""(["'])(?:(?!\1).)*\1""")
# Whose lines are written below a warning. Libraries say there what they send and store: texts, numbers, rows.
OURS = ("bot", "localtelegram", "tests")


# Which of several bots in one program a line is about; empty where there is one.
BOT: ContextVar[str] = ContextVar("BOT", default="")


def _is_wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


def _name_bot(record: logging.LogRecord) -> bool:
    if name := BOT.get():
        record.bot = name
    return True


def _without_what_was_given(text: str) -> str:
    said = SAID.sub(lambda line: QUOTED.sub("<hidden>", line[0]), GIVEN.sub("input_value=<hidden>", text))
    return NUMBER.sub("<number>", said)


# Troubles of a machine, not of the code: they are told in one line, and where they were met, without the way there.
OUT_OF_REACH = {"OSError", "sqlalchemy.exc.DBAPIError", "sqlalchemy.exc.TimeoutError"}
# These of a driver are faults of the code all the same.
FAULTS = {"sqlalchemy.exc.ProgrammingError", "sqlalchemy.exc.IntegrityError", "sqlalchemy.exc.DataError"}


def _is_out_of_reach(kind: type[BaseException]) -> bool:
    names = {f"{base.__module__}.{base.__name__}".removeprefix("builtins.") for base in kind.__mro__}
    return bool(names & OUT_OF_REACH) and not names & FAULTS


def _in_one_line(error: BaseException) -> str:
    """Returns what is wrong, and the last place in our own code that it went through."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}bot{os.sep}" in frame.filename]
    place = f" ({Path(ours[-1].filename).name}:{ours[-1].lineno})" if ours else ""
    said = _without_what_was_given(f"{type(error).__name__}: {error}".partition("\n")[0])
    return f"{said}{place}"


class TextFormatter(logging.Formatter):
    """Formats lines such as `2026-11-22 08:30:00 INFO reminders queued due=12 queued=12`."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in RECORD_ATTRIBUTES)
        first, newline, rest = text.partition("\n")
        return f"{first} {extra}{newline}{rest}" if extra else text


class Redaction(logging.Formatter):
    """Removes the bots' tokens from whole lines, extras and tracebacks included: libraries log URLs that hold it.

    From what an exception says it takes what people wrote (pydantic repeats it) and their numbers (drivers do).
    A database or a disk that cannot be used is one line.
    """

    def __init__(self, inner: logging.Formatter, tokens: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._hidden = tuple(form for token in tokens if token for form in (token, quote(token, safe="")))

    def format(self, record: logging.LogRecord) -> str:
        if (failure := record.exc_info) and failure[0]:
            record = copy(record)  # other handlers get it whole
            record.exc_info = None
            if _is_out_of_reach(failure[0]):
                record.cause = _in_one_line(failure[1])
            else:
                record.exc_text = _without_what_was_given(self._inner.formatException(failure))
        text = self._inner.format(record)
        for form in self._hidden:
            text = text.replace(form, "<token>")
        return TOKEN.sub("<token>", text)


def set_up_logs(form: Literal["text", "json"], *tokens: str) -> None:
    """Sends all logs to standard error, without the tokens and what people write."""
    handler = logging.StreamHandler(sys.stderr)
    formatter: logging.Formatter = TextFormatter("%(asctime)s %(levelname)s %(message)s")
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - for those who want JSON

        formatter = JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.addFilter(_is_wanted)  # whatever level somebody sets
    handler.addFilter(_name_bot)
    handler.setFormatter(Redaction(formatter, tokens))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # PTB logs whole answers that it cannot read, which may hold messages of people.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL + 1)
    # These log every job and every connection; warnings are enough.
    for chatty in ("apscheduler", "httpx", "telegram", "aiohttp.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
