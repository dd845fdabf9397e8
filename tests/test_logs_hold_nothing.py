"""Traffic of every kind with every logger at its lowest level: the log holds no token, text, name or number."""

import io
import logging
import re
import sys
from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from bot.app import App
from bot.content.load import Catalogue
from bot.logs import set_up_logs
from localtelegram.people.demo import TOKEN
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

MARKER = "lanternzebra"
NAME = "Marisolina"
TYPED = ("", "remind me to drink {} at 15:00", "I feel {} sad", "every day at 9 {}", "12.5", "/mine {}", "/note {}")
LIBRARIES = ("telegram", "telegram.Bot", "telegram.ext", "aiosqlite", "asyncpg", "sqlalchemy.engine", "sqlalchemy.pool")
MOST_TAPS = 6  # after each command


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, with every logger at DEBUG, as somebody sets it who looks for a fault."""
    root, output = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    known = {name: logging.getLogger(name) for name in (*logging.root.manager.loggerDict, *LIBRARIES)}
    levels = {name: logger.level for name, logger in known.items()}
    yield output
    root.handlers, root.level = handlers, level
    for name, logger in known.items():
        logger.setLevel(levels[name])


def open_all(form: Literal["text", "json"]) -> None:
    set_up_logs(form, TOKEN)
    for name in ("", *logging.root.manager.loggerDict, *LIBRARIES):
        logging.getLogger(name).setLevel(logging.DEBUG)


async def tap_around(person: Person) -> None:
    for turn in range(MOST_TAPS):
        labels = [label for row in person.labels() for label in row] if person.hears() else []
        if not labels:
            return
        try:
            await person.taps(labels[turn % len(labels)])
        except (AssertionError, LookupError, ValueError):
            return  # a link, or a button for a list of Telegram's own


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_log_holds_no_token_text_name_or_number(
    telegram: LocalTelegram,
    app: App,
    catalogue: Catalogue,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    form: Literal["text", "json"],
) -> None:
    monkeypatch.setattr(sys, "stderr", log)
    open_all(form)
    person = add_person(telegram, NAME, language_code="en")
    await person.starts()
    for command in vars(catalogue.interface.commands):
        await person.says(f"/{command}")
        await tap_around(person)
        await person.says(MARKER)
    for text in TYPED:
        await person.says(text.format(MARKER) or MARKER)
        await tap_around(person)
    await person.asks(f"tears {MARKER}")
    await person.shares_location(52.52, 13.40)
    telegram.faults.refuse(400, f'Bad Request: Unsupported start tag "{MARKER}"', times=1)
    await person.says("/help")
    telegram.faults.refuse(403, "Forbidden: bot was blocked by the user", times=1)
    await person.says("/affirm")

    def broken() -> None:
        Strict.model_validate({"at": f"{MARKER} {person.id}"})

    with monkeypatch.context() as patch:
        patch.setattr(app.database, "write", broken)
        for command in ("affirm", "reminders", "note", "stop"):
            await person.says(f"/{command}")
            await person.says(MARKER)
    logging.getLogger("bot.tests").error("a chat", exc_info=_failing(person.id))
    await app.scheduler.catch_up()

    written = log.getvalue()
    assert written.count("Traceback") > 3
    found = [
        line for line in written.splitlines() if re.search(rf"{MARKER}|{NAME}|(?<!\d){person.id}(?!\d)|{TOKEN}", line)
    ]
    assert found == []


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: int


def _failing(number: int) -> Exception:
    """What drivers and pydantic say of what they were given, with its traceback."""
    failure = LookupError(f"Key (telegram_id)=({number}) already exists")
    try:
        Strict.model_validate({"at": MARKER})
    except ValueError as error:
        failure.__cause__ = error
    return failure
