"""A small share of `python -m tools.attack processes`: three real processes behind nginx, one of them killed."""

from pathlib import Path

import pytest

from tests.databases import copy_template
from tests.needed import missing
from tools.attack import processes
from tools.attack.balanced import find_nginx
from tools.attack.cluster import Cluster


async def test_three_processes_lose_nothing_when_the_one_that_sends_is_killed(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_nginx() is None:
        missing("nginx")
    monkeypatch.setattr(processes, "PEOPLE", 4)
    monkeypatch.setattr(Cluster, "HALT", 3.0)
    result = await processes.run(await copy_template(postgres), tmp_path, 240, 30, (Cluster.kill,))
    assert (result.lost, result.unanswered, result.effects, result.tracebacks) == (0, 0, 0, 0)
    assert result.repeated <= processes.IN_FLIGHT
    assert result.updates > 0


def test_what_was_counted_is_said() -> None:
    result = processes.Result(20_000, repeated=3, updates=7, takeovers=[2.25])
    assert result.lines().splitlines()[0] == "20,000 reminders: 0 lost, 3 repeated, in 0 s"
    assert "taken over after 2.2 s" in result.lines()
