import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest

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
        raise OSError(f"cannot connect to /bot{TOKEN}/getMe")
    except OSError:
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
