"""The table that `doctor` and `doctor --live` print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import typer


@dataclass(frozen=True)
class Check:
    """One line of the table: what was checked, and the result."""

    what: str
    state: Literal["ok", "note", "wrong"]
    text: str


def show(checks: Sequence[Check]) -> int:
    """Prints these checks as a table; returns 0 when nothing is wrong, else 1."""
    width = max(len(check.what) for check in checks)
    colours = {"ok": "green", "note": "yellow", "wrong": "red"}
    for check in checks:
        mark = typer.style(f"{check.state:<6}", fg=colours[check.state])
        first, *more = check.text.splitlines()
        typer.echo(f"{check.what:<{width}}  {mark} {first}")
        for line in more:
            typer.echo(f"{'':<{width}}         {line}")
    return 1 if any(check.state == "wrong" for check in checks) else 0
