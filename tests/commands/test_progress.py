"""Bars are for whoever watches: on a terminal, on standard error, and gone at the end; elsewhere nothing."""

import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.commands.progress import busy, progress, tracked

pty = pytest.importorskip("pty", reason="this system has no terminals of its own making")


def use_all() -> None:
    assert list(tracked(("one", "two"), "flows")) == ["one", "two"]
    with progress("copied") as tell:
        tell(1, 4)
        tell(4, 4)
    with busy("Starting"):
        pass


def read_all(terminal: int) -> str:
    shown = b""
    try:
        while some := os.read(terminal, 65_536):
            shown += some
    except OSError:  # how Linux says that the other end is closed
        pass
    return shown.decode()


def test_on_a_terminal_a_bar_is_shown_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = pty.openpty()
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(read_all, ours)
        with os.fdopen(theirs, "w") as file, monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", file)
            patch.setenv("TERM", "xterm")
            use_all()
        shown = reading.result()
    os.close(ours)
    assert [word for word in ("flows", "copied", "Starting") if word not in shown] == []
    assert shown.rstrip().endswith("\x1b[2K")  # the line is empty again
    assert capsys.readouterr().out == ""


def test_elsewhere_nothing_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    use_all()
    monkeypatch.setattr(sys, "stderr", None)
    use_all()
    assert (written.getvalue(), capsys.readouterr().out) == ("", "")
