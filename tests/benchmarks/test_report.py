"""The table and the picture: each compares with the same load on the same database."""

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.cases import Case, Part
from benchmarks.contenders import CONTENDERS, Store
from benchmarks.panels import Bar, panels_of
from benchmarks.rows import Row
from benchmarks.summary import write_summary

BY_NAME = {contender.name: contender for contender in CONTENDERS}


def rush_of(name: str, store: Store, rate: float | None, cpu: float | None = 0.5, lost: int = 0) -> Row:
    return Row(Case(Part.RUSH, BY_NAME[name], store, 10_000), rate, cpu, megabytes=100.0, lost=lost)


ROWS = [
    rush_of("bot", Store.SQLITE, 3_000.0, 0.25),
    rush_of("bot", Store.POSTGRESQL, 900.0, 1.0),
    rush_of("ptb", Store.NONE, 12.0, lost=9_000),
    rush_of("aiogram", Store.SQLITE, 2_000.0),
    rush_of("aiogram", Store.POSTGRESQL, 600.0),
    rush_of("bare", Store.SQLITE, 6_000.0, 0.125),
]


def test_each_line_compares_with_the_same_database_and_names_the_options_that_measure_it() -> None:
    lines = report.write_table(ROWS).splitlines()
    assert lines[2:5] == [
        "| **10,000 due at once**<br>`--parts rush --counts 10000` | *messages/s* | | | *s for 1,000* | | | | | |",
        "| **this bot (SQLite)** | 3,000 | 1.50 | 0.50 | 0.25 | 0.50 | 2.00 | 100 | 0 | 0% |",
        "| **this bot (PostgreSQL)** | 900 | 1.50 | 0.15 | 1.00 | 2.00 | 8.00 | 100 | 0 | 0% |",
    ]


def test_a_limit_shows_the_least_time_and_the_refusals() -> None:
    case = Case(Part.LIMIT, BY_NAME["bot"], Store.SQLITE, 300, 30.0)
    lines = report.write_table([Row(case, 10.1, 0.3, 100.0, 0, refused=7)]).splitlines()
    assert lines[-2].startswith(
        "| **300 due at once, Telegram takes 30 a second**<br>`--parts limit --limits 30x300` |"
    )
    assert lines[-1] == "| **this bot (SQLite)** | 10.1; 1.01; 7 | - | - | 0.30 | - | - | 100 | 0 | 0% |"


def test_of_several_runs_the_median_is_shown_and_the_worst_of_what_was_lost() -> None:
    runs = [rush_of("bare", Store.SQLITE, rate, lost=lost) for rate, lost in ((1.0, 0), (9.0, 4), (5.0, 0))]
    middle = report.middle(runs)
    assert (middle.figure, middle.lost) == (5.0, 4)


def test_the_summary_says_how_it_compares() -> None:
    assert write_summary(ROWS) == (
        "- 10,000 reminders due at once: 3,000 messages a second, 1.5 times aiogram's loop and 0.5 times bare HTTP; a "
        "message takes 0.5 times the processor time of aiogram's."
    )


def test_a_busy_bot_api_is_told() -> None:
    busy = Row(ROWS[0].case, 3_000.0, 0.25, 100.0, 0, server_share=0.91)
    assert "busy for 91% of the time, so that this may be its limit" in report.write_notes([busy])


def test_the_figures_go_between_the_marks_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(report.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.put_into_page("some figures")
    written = page.read_text(encoding="utf-8")
    assert f"{report.BEGIN}\n\nsome figures\n\n{report.END}" in written
    assert written.startswith("# ")


def test_the_picture_has_the_best_first_and_who_lost_messages_last() -> None:
    rush = panels_of(ROWS)[0]
    assert rush.title == "10,000 reminders due at once: messages a second"
    assert rush.bars == (
        Bar("bare HTTP", 6_000.0, "6,000", "floor"),
        Bar("this bot", 3_000.0, "3,000", "bot"),
        Bar("aiogram", 2_000.0, "2,000", "other"),
        Bar("python-telegram-bot", 0.0, "9,000 of 10,000 did not come", "other"),
    )
