"""One call of a bot, the methods that are played, and the record of a call."""

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
    """What a method gets. `params` are checked and decoded."""

    network: Network
    update_delivery: UpdateDelivery
    bot: BotAccount
    method: str
    params: Json
    files: Mapping[str, FilePart] = field(default_factory=dict)
    has_local_webhooks: bool = False

    @property
    def now(self) -> datetime:
        return self.network.clock()

    def complain(self, what: str) -> None:
        self.network.complain(f"{self.method}: {what}")


class Method:
    """A method that is played: `run` answers a call, and `parameters` are those it plays. All others are refused."""

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
