"""docs/reference/errors.md names every message that ends the program, and that doctor or check says; and no other."""

import re

import pytest

from bot.settings import PROJECT
from tests.error_messages import messages

PAGE = (PROJECT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
PARTS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
FOUND = messages()
ROW = re.compile(r"^\| (`+) ?(.+?) ?\1 \| (.*) \|$", re.MULTILINE)


def test_the_page_has_these_parts() -> None:
    assert list(PARTS) == list(FOUND)


@pytest.mark.parametrize("part", FOUND)
def test_every_message_is_named_once_in_order_with_what_to_do(part: str) -> None:
    rows = [(row[2], row[3].split(" | ")) for row in ROW.finditer(PARTS[part])]
    assert [message for message, _ in rows] == sorted(FOUND[part])
    columns = PARTS[part].partition("| message |")[2].partition("\n")[0].count("|")
    assert [message for message, cells in rows if len(cells) != columns or not all(cells)] == []


def test_messages_are_found_however_they_are_written() -> None:
    """One of each way: raised, by a name, returned, yielded, logged, handed to `fail`, a cure, a check, a finding."""
    assert "BOT_TOKEN is not set: open https://t.me/BotFather, send /newbot" in "\n".join(FOUND["Settings"])
    assert "is wrong: …; see .env.example" in FOUND["Settings"]
    assert "has a question mark; write sqlite:///file.db alone" in FOUND["Settings"]
    assert "… in .env is no setting, and is passed over: did you mean …?" in FOUND["Settings"]
    assert "stopped by an unexpected error: …" in FOUND["Running"]
    assert "… is here already, and stays as it is" in FOUND["Other commands"]
    assert "make room on the disk" in FOUND["The database"]
    assert "other users of this machine may read …: chmod 600 …" in FOUND["What doctor says"]
    assert "names a theme … that is not in rules.yaml" in FOUND["What check says of words"]
