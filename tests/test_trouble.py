"""A small share of `make attack`: the real program in a process of its own, and a Bot API that answers badly."""

from pathlib import Path

import pytest

from tools.attack import attacks, flood, trouble


@pytest.mark.parametrize("by_webhook", [False, True])
async def test_nothing_is_lost_nor_repeated_when_connections_are_cut(
    by_webhook: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "COUNT", 12)
    monkeypatch.setattr(attacks, "TROUBLE", 0.5)
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    outcome = await trouble.run("in short", attacks.cut, tmp_path, url, by_webhook=by_webhook)
    assert (outcome.lost, outcome.repeated, outcome.tracebacks) == (0, 0, 0)


@pytest.mark.parametrize("by_webhook", [False, True])
async def test_quiet_people_are_answered_while_others_flood(by_webhook: bool, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    flooded = await flood.run("in short", tmp_path, url, by_webhook=by_webhook, seconds=4, rate=40)
    assert len(flooded.waits) >= flood.QUIET
    assert flooded.tracebacks == 0
    assert flooded.line().count("|") == flood.HEAD.partition("\n")[0].count("|")


def test_a_line_of_the_table_has_all_its_columns() -> None:
    outcome = trouble.Outcome("killed", 240, 1, 2, 3, 4.25, 0.75, 0.25)
    assert outcome.line() == "| killed | 240 | 1 | 2 | 3 | never | 0.8 | 0.2 |"
    assert outcome.line().count("|") == trouble.HEAD.partition("\n")[0].count("|")
