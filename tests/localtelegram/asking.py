"""The type of the `ask` fixture, which calls a method of the local Telegram and returns the body of the answer."""

from collections.abc import Callable, Coroutine
from typing import Any

from localtelegram.answers import Json

Ask = Callable[..., Coroutine[Any, Any, Json]]  # Any: the arguments, and a coroutine's send and yield types
