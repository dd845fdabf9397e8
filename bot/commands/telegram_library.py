"""Imports python-telegram-bot without what it loads for others. Called by `python -m bot run`, before all else.

It loads cryptography for Telegram Passport, and httpx for calls, which go over a transport of our own here: 13 MB and a
tenth of the start that this bot has no use for. While PTB is imported, cryptography seems not to be installed
(https://docs.python.org/3/reference/import.html#the-module-cache), and httpx is a stand-in.
"""

import sys
from types import ModuleType
from typing import Any

UNUSED = "cryptography"
HTTPX_TYPES = ("AsyncClient", "Proxy", "URL")  # those that PTB's annotations name


def import_telegram() -> None:
    """Imports PTB; afterwards what it does not use can be imported as ever, as the cipher does where there is a key."""
    stand_in = _make_httpx()
    stand_ins = {UNUSED: None, "httpx": stand_in}
    stand_ins = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None: "not found"
    try:
        import telegram.ext  # noqa: PLC0415, F401 - its parts are imported where they are used
    finally:
        for name in stand_ins:
            del sys.modules[name]
        for name in HTTPX_TYPES:
            del stand_in.__dict__[name]
    _forget_documentation()


def _forget_documentation() -> None:
    """PTB's classes explain themselves at length: 0.9 MB that a program which runs shows to nobody."""
    for name, module in sys.modules.items():
        if name.partition(".")[0] == "telegram":
            for value in vars(module).values():
                if isinstance(value, type) and value.__module__ == name:
                    value.__doc__ = None


def _make_httpx() -> ModuleType:
    """Returns what PTB takes for httpx: whatever is asked of it but its types is read from the real one."""
    httpx = ModuleType("httpx")
    httpx.__dict__.update(dict.fromkeys(HTTPX_TYPES, object))
    httpx.__dict__["__getattr__"] = _read_httpx
    return httpx


def _read_httpx(name: str) -> Any:  # Any: whatever httpx has
    import httpx  # noqa: PLC0415 - only for who asks for something of it

    return getattr(httpx, name)
