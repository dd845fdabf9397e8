"""Options that make no sense are named with what would; what cannot be measured here is said, and left out."""

import pytest
import typer
from typer.testing import CliRunner

from benchmarks import __main__ as command_line
from benchmarks import run as one_run
from benchmarks.cases import Case, Part
from benchmarks.contenders import CONTENDERS, Store
from benchmarks.machine import Cores
from benchmarks.run import Run

APP = typer.Typer()
APP.command()(command_line.main)
BY_NAME = {contender.name: contender for contender in CONTENDERS}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--parts", "rush,sleep"), "sleep is not one of rush,tls,latency,limit,taps,idle"),
        (("--only", "celery"), "celery is not one of bot, ptb, apscheduler, arq, procrastinate, aiogram, bare"),
        (("--counts", "many"), "'many': give whole numbers, such as 1000,10000"),
        (("--counts", "0"), "'0': give whole numbers, such as 1000,10000"),
        (("--limits", "30"), "'30': give limits and messages, such as 30x300,1000x10000"),
        (("--limits", "0x300"), "'0x300': give limits and messages, such as 30x300,1000x10000"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(arguments: tuple[str, ...], said: str) -> None:
    result = CliRunner(env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}).invoke(APP, arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())


def test_what_cannot_start_here_is_said_and_the_others_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_environment() -> str:
        raise RuntimeError(".venv-bench could not be made")

    lacking = {Store.POSTGRESQL: "PostgreSQL is not installed"}
    monkeypatch.setattr(one_run, "missing", lacking.get)
    monkeypatch.setattr(one_run, "environment_of_contenders", no_environment)
    cases = [
        Case(Part.RUSH, BY_NAME["bot"], Store.SQLITE, 10),
        Case(Part.RUSH, BY_NAME["bot"], Store.POSTGRESQL, 10),
        Case(Part.RUSH, BY_NAME["ptb"], Store.NONE, 10),
    ]
    run = Run(Cores(None, None), ends_at=0.0)
    assert run.leave_out_what_cannot_start(cases) == cases[:1]
    assert run.left_out == [
        "this bot (PostgreSQL): PostgreSQL is not installed",
        "python-telegram-bot: .venv-bench could not be made",
    ]
    assert "not measured: python-telegram-bot: .venv-bench could not be made" in capsys.readouterr().err


def test_nothing_is_begun_after_the_time_is_over() -> None:
    run = Run(Cores(None, None), ends_at=0.0)
    run.measure([Case(part, BY_NAME["bot"], Store.SQLITE, 10) for part in (Part.RUSH, Part.IDLE)], "")
    assert run.rows == []
    assert run.left_out == [
        "this bot (SQLite), 10 due at once: the time was over (--minutes)",
        "this bot (SQLite), start and idle, 10 subscribers: the time was over (--minutes)",
    ]
