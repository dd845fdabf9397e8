"""Starts the preview: as a process of its own, or in a thread of this one, where nothing is loaded anew."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from bot.commands import preview
from bot.content.library import Library
from bot.settings import PROJECT, Settings
from tests.patience import PATIENCE

OWN_PROCESS = "in its own process"


@contextmanager
def preview_in_its_own_process(folder: Path) -> Iterator[str]:
    """Yields the address of `python -m bot preview`, which Ctrl-C ends."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "preview", "--no-open", "--port", "0"],
        cwd=folder,
        env=keep | {"PYTHONPATH": str(PROJECT), "TZ": "Europe/London"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, f"the preview did not say where it is: {line!r}"
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


@contextmanager
def preview_in_a_thread(settings: Settings, library: Library, port: int = 0) -> Iterator[str]:
    """Yields the address of a preview that runs in a thread: only its signals and its output are played."""
    addresses: SimpleQueue[str] = SimpleQueue()
    stops: list[Callable[[], object]] = []

    def stop_on_signals(stopping: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        stops.append(lambda: loop.call_soon_threadsafe(stopping.set))

    def announce(address: str, token: str, *, with_bot: bool) -> None:
        addresses.put(address)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as thread:
        patch.setattr(preview, "stop_on_signals", stop_on_signals)
        patch.setattr(preview, "_announce", announce)
        running = thread.submit(
            asyncio.run, preview.run(settings, library, port=port, with_bot=True, open_browser=False)
        )
        running.add_done_callback(lambda _: addresses.put(""))
        address = addresses.get()
        try:
            if address:
                yield address
                assert not running.done()
        finally:
            for stop in stops if not running.done() else ():
                stop()
            running.result(PATIENCE)
