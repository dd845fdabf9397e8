"""Imports python-telegram-bot without what it loads for others. Called by `python -m bot run`, before all else.

It loads cryptography for Telegram Passport, and httpx, which it loads too, what colours httpx's own command line: 11 MB
and a tenth of the start that this bot has no use for. Both do without what is not installed, and for as long as they
are imported it seems not to be (https://docs.python.org/3/reference/import.html#the-module-cache).
"""

import sys

UNUSED = ("cryptography", "httpx._main")


def import_telegram() -> None:
    """Imports PTB; afterwards the unused modules can be imported as ever, as the cipher does where there is a key."""
    unused = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]  # None: "not found"
    try:
        import telegram.ext  # noqa: PLC0415, F401 - its parts are imported where they are used
    finally:
        for name in unused:
            del sys.modules[name]
