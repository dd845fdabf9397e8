"""One call of a bot on its way through the local Telegram, and what a played method is made of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from localtelegram.answers import Json
from localtelegram.state.accounts import BotAccount
from localtelegram.state.files import FilePart
from localtelegram.state.network import Network
from localtelegram.update_delivery import UpdateDelivery


@dataclass
class Call:
    """`params` are checked and decoded already."""

    network: Network
    update_delivery: UpdateDelivery
    bot: BotAccount
    method: str
    params: Json
    files: Mapping[str, FilePart] = field(default_factory=dict)
    allows_http_webhook: bool = False

    @property
    def now(self) -> datetime:
        return self.network.clock()

    def complain(self, what: str) -> None:
        self.network.complain(f"{self.method}: {what}")


class Method:
    """A played method: the function that answers a call, and the parameters that it plays. All others are refused."""

    def __init__(self, run: Callable[[Call], object | Awaitable[object]], *parameters: str) -> None:
        self.run = run
        self.parameters = frozenset(parameters)


@dataclass
class RecordedCall:
    """The record of one call, kept in `LocalTelegram.sent`."""

    method: str
    params: Json
    at: datetime
    bot_id: int
    files: list[str] = field(default_factory=list)
    status: int = 0  # of the answer; 0 while it is under way or when the connection was lost
    result: object = None
    description: str = ""
