"""How far a command is: on standard error, and only where a person watches it. For commands that may take seconds."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Thing = TypeVar("Thing")


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yields a function that is told how much is done, and of how much. The bar is gone at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_watched()) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def tracked(things: Sequence[Thing], label: str) -> Iterator[Thing]:
    """Yields them one by one, under a bar."""
    with progress(label) as tell:
        for number, thing in enumerate(things):
            tell(number, len(things))
            yield thing


def busy(label: str) -> AbstractContextManager[object]:
    """Shows that something is under way, of which nobody knows how long it takes."""
    return Console(stderr=True).status(label) if is_watched() else nullcontext()


def is_watched() -> bool:
    """Whether standard error is a terminal. It is None in a program without a console."""
    return sys.stderr is not None and sys.stderr.isatty()
