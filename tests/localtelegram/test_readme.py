"""localtelegram/README.md names every module."""

import re
from pathlib import Path

import localtelegram

ROOT = Path(localtelegram.__file__).parent


def test_every_module_stands_in_the_table_of_floors() -> None:
    floors = (ROOT / "README.md").read_text(encoding="utf-8").split("## The floors")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in floors.splitlines() if line.startswith("|")][2:]
    named = {name.removesuffix(".py") for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    modules = {file.stem for file in ROOT.rglob("*.py") if file.stem != "__init__"}

    assert named == modules | {"bot_api.json"}
