"""Stops a command on signals. Called by commands that run until they are stopped."""

import asyncio
import signal
import sys


def stop_on_signals(stopping: asyncio.Event) -> None:
    """Ctrl-C and SIGTERM set `stopping` instead of ending the program. Called inside the event loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":  # its event loop takes no signals; Python's own handlers do, between two steps
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))
        else:
            loop.add_signal_handler(number, stopping.set)
