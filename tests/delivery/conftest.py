"""Connections are tried on both kinds of event loop: `run` uses uvloop where there is one."""

import asyncio
from collections.abc import Callable, Mapping
from importlib.util import find_spec

import pytest

ON_BOTH = ("test_http_pool.py", "test_transport.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.path.name in ON_BOTH and find_spec("uvloop"):
        import uvloop  # noqa: PLC0415 - there is none on Windows

        factories["uvloop"] = uvloop.new_event_loop
    return factories
