"""Lets `run` be stopped while it still loads, and has opened nothing. Called by `python -m bot run`, first of all."""

import os
import signal
from types import FrameType


def end_on_signals() -> None:
    """Ctrl-C and SIGTERM end the program at once, with 0 as a stop does later. `stop_on_signals` takes its place.

    Python itself would end with a traceback of what is just imported; and the first process of a container, to which
    Linux hands a signal only if the program asked for it, would not end at all.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(_: int, __: FrameType | None) -> None:
    os._exit(0)  # an exception would end only what is just done, where that catches all of them
