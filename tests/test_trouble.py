"""A small share of `make attack`: the real program in a process of its own, and a Bot API that answers badly."""

from pathlib import Path

import pytest

from tools.attack import trouble


async def test_nothing_is_lost_nor_repeated_when_connections_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "COUNT", 12)
    monkeypatch.setattr(trouble, "TROUBLE", 0.5)
    outcome = await trouble.run("in short", trouble.cut, tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    assert (outcome.lost, outcome.repeated, outcome.tracebacks) == (0, 0, 0)


def test_a_line_of_the_table_has_all_its_columns() -> None:
    outcome = trouble.Outcome("killed", 240, 1, 2, 3, 4.25, 0.75)
    assert outcome.line() == "| killed | 240 | 1 | 2 | 3 | never | 0.8 |"
    assert outcome.line().count("|") == trouble.HEAD.partition("\n")[0].count("|")
