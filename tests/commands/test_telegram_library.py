"""PTB without what it loads for others, in a program of its own: what is imported stays imported."""

import subprocess
import sys

PROGRAM = """
import sys
from bot.commands.telegram_library import import_telegram
import_telegram()
assert "httpx" not in sys.modules and "cryptography" not in sys.modules
from telegram.request import HTTPXRequest
request = HTTPXRequest(proxy="http://127.0.0.1:1")
import httpx, cryptography
assert isinstance(request._client, httpx.AsyncClient)
print(HTTPXRequest.__module__)
"""


def test_what_ptb_does_without_can_be_had_afterwards() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (ended.stdout.strip(), ended.stderr) == ("telegram.request._httpxrequest", "")


DOCUMENTATION = """
import email.message
from bot.commands.telegram_library import import_telegram
import_telegram()
import telegram, telegram.ext
print(telegram.Message.__doc__, telegram.ext.ExtBot.__doc__, bool(email.message.Message.__doc__))
"""


def test_classes_of_ptb_alone_are_without_documentation() -> None:
    ended = subprocess.run([sys.executable, "-c", DOCUMENTATION], capture_output=True, text=True, check=False)
    assert (ended.stdout.strip(), ended.stderr) == ("None None True", "")
