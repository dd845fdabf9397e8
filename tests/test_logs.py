import json
import logging
import sqlite3
from collections.abc import Iterator
from typing import Literal

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.logs import set_up_logs

TOKEN = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
OTHER = "7654321:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_holds_a_token(form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(form, TOKEN)
    log = logging.getLogger("tests")
    log.info("calling %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    log.warning("trying again", extra={"url": f"/bot{TOKEN}/getMe", "other": f"/bot{OTHER}/getMe"})
    log.warning(
        "trying %s", f"/bot{TOKEN.replace(':', '%3A')}/getMe", extra={"other": "/bot" + OTHER.replace(":", "%3a")}
    )
    try:
        raise ValueError(f"cannot connect to /bot{TOKEN}/getMe")
    except ValueError:
        log.exception("no connection", stack_info=True)

    lines = capsys.readouterr().err

    assert TOKEN not in lines
    assert OTHER not in lines
    for token in (TOKEN, OTHER):
        assert token.partition(":")[2] not in lines
    assert lines.count("<token>") >= 4
    assert "Traceback" in lines
    if form == "json":
        assert [json.loads(line)["levelname"] for line in lines.splitlines()] == ["INFO", "WARNING", "WARNING", "ERROR"]


def test_what_somebody_wrote_is_hidden_and_names_in_the_code_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("text", TOKEN)
    log = logging.getLogger("bot.tests")
    for error in (KeyError("ground."), ValueError("invalid literal: 'Mara'"), AttributeError("no attribute 'zone'")):
        log.error("row failed", exc_info=error, extra={"row": 1234567})
    lines = capsys.readouterr().err
    assert "ground." not in lines
    assert "Mara" not in lines
    assert "AttributeError: no attribute 'zone'" in lines
    assert lines.count("row=1234567") == 3


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("text", TOKEN)
    library = logging.getLogger("aiosqlite")
    library.setLevel(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    library.debug("executing INSERT with (42,)")
    library.warning("slow")
    lines = capsys.readouterr().err
    assert "slow" in lines
    assert "executing" not in lines


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_database_or_disk_out_of_reach_is_one_line(
    form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form, TOKEN)
    log = logging.getLogger("bot.tests")
    locked = OperationalError("UPDATE chats SET name=?", ("Mara",), sqlite3.OperationalError("database is locked"))
    for error in (locked, OSError(28, "No space left on device"), ConnectionRefusedError(111, "Connection refused")):
        try:
            raise error
        except Exception:
            log.exception("sending again soon")
    lines = capsys.readouterr().err
    assert lines.count("\n") == 3
    assert "database is locked" in lines
    assert "No space left on device" in lines
    assert "Mara" not in lines
    log.error("row failed", exc_info=IntegrityError("INSERT", (), sqlite3.IntegrityError("UNIQUE")))
    assert "sqlite3.IntegrityError" in capsys.readouterr().err
