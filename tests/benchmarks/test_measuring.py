"""One small measurement of each kind, with real processes: that it works, not how long it takes."""

import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest

from benchmarks import idle, rush, taps
from benchmarks.cases import Case, Part
from benchmarks.contenders import CONTENDERS, Contender, Store
from benchmarks.machine import Cores
from benchmarks.process import read_tree_cpu_seconds
from benchmarks.rows import Row
from benchmarks.stores import missing
from tests import needed

ANY_CORE = Cores(contender=None, telegram=None)
OWN = [contender for contender in CONTENDERS if not contender.needs_own_environment]
BURN = "import time\nwhile time.process_time() < 0.3: pass"
PARENT = f"import subprocess, sys, time; subprocess.run((sys.executable, '-c', {BURN!r})); print(1); time.sleep(600)"


@pytest.mark.parametrize("contender", OWN, ids=lambda contender: contender.name)
def test_a_rush_arrives_whole(contender: Contender) -> None:
    row = rush.measure(Case(Part.RUSH, contender, Store.SQLITE, 40), ANY_CORE, may_repeat=False)
    assert (row.lost, row.repeated, row.refused) == (0, 0, 0)
    assert row.figure
    assert row.cpu


@pytest.mark.parametrize("contender", OWN, ids=lambda contender: contender.name)
def test_a_rush_over_postgresql_counts_its_server_too(contender: Contender) -> None:
    if missing(Store.POSTGRESQL) is not None:
        needed.missing("PostgreSQL")
    row = rush.measure(Case(Part.RUSH, contender, Store.POSTGRESQL, 40), ANY_CORE, may_repeat=False)
    assert (row.lost, row.repeated) == (0, 0)


def test_an_attempt_that_loses_messages_is_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(Part.RUSH, OWN[0], Store.SQLITE, 40)
    disturbed = Row(case=case, figure=9.0, cpu=0.1, megabytes=100.0, lost=0, disturbed=0.2)
    losing = replace(disturbed, lost=5, disturbed=0.3)
    attempts = [disturbed, losing]
    monkeypatch.setattr(rush, "_measure_once", lambda *_: attempts.pop(0))
    assert rush.measure(case, ANY_CORE) is losing


def test_a_late_answer_to_a_lost_tap_is_not_the_answer_to_the_next_one() -> None:
    telegram = taps.Telegram(1, seconds=10.0, chance=Random(1))  # noqa: S311 - a test's
    person = telegram.people[1]
    person.asked_at, person.is_lost = 0.0, True
    telegram._take({"chat_id": 1}, is_new=True)
    assert (telegram.answered, telegram.times) == (0, [])
    assert (telegram.people[1].asked_at, telegram.people[1].is_lost) == (None, False)


def test_a_rush_over_tls_arrives_whole() -> None:
    bot = next(contender for contender in OWN if contender.is_this_bot)
    assert rush.measure(Case(Part.TLS, bot, Store.SQLITE, 40), ANY_CORE, may_repeat=False).lost == 0


def test_taps_are_answered() -> None:
    bare = next(contender for contender in OWN if not contender.is_this_bot)
    row = taps.measure(Case(Part.TAPS, bare, Store.NONE, 3, lasts=1.0), ANY_CORE)
    assert row.lost == 0
    assert row.p50
    assert row.figure
    assert row.figure >= row.p50


def test_it_starts_and_idles_among_subscribers() -> None:
    cases = [Case(Part.IDLE, contender, Store.SQLITE, 50, lasts=0.2) for contender in OWN]
    said: list[str] = []
    rows: list[Row] = list(idle.measure_all(cases, ANY_CORE, lambda case, words: said.append(words)))
    assert [row.case for row in rows] == cases
    assert said == ["...", "..."]
    assert all(row.figure and row.megabytes for row in rows)


def test_a_contender_that_cannot_run_is_told_with_its_last_words() -> None:
    broken = Contender("broken", "broken", "benchmarks.no_such_module", needs_own_environment=False)
    with pytest.raises(RuntimeError, match="no_such_module"):
        rush.measure(Case(Part.RUSH, broken, Store.NONE, 1), ANY_CORE, may_repeat=False)


def test_the_processor_time_of_children_that_have_ended_is_counted() -> None:
    with subprocess.Popen((sys.executable, "-c", PARENT), stdout=subprocess.PIPE) as parent:
        try:
            assert parent.stdout
            assert parent.stdout.readline() == b"1\n"
            assert read_tree_cpu_seconds(parent.pid) >= 0.25  # Linux counts in steps of 10 ms, and rounds each down
        finally:
            parent.kill()
