"""One call of a bot on its way through the local Telegram; every method gets it and answers with its result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from localtelegram.state.accounts import BotAccount
from localtelegram.state.files import Upload
from localtelegram.state.network import Network
from localtelegram.state.refusal import Json
from localtelegram.update_delivery import Courier


@dataclass
class Call:
    """`params` are checked and decoded already."""

    network: Network
    courier: Courier
    bot: BotAccount
    method: str
    params: Json
    files: Mapping[str, Upload] = field(default_factory=dict)
    allows_http_webhook: bool = False

    @property
    def now(self) -> datetime:
        return self.network.clock()

    def complain(self, what: str) -> None:
        self.network.complain(f"{self.method}: {what}")


Method = Callable[[Call], object | Awaitable[object]]


@dataclass
class Sent:
    """The record of one call, kept in `LocalTelegram.sent`."""

    method: str
    params: Json
    at: datetime
    bot_id: int
    files: list[str] = field(default_factory=list)
    status: int = 0  # of the answer; 0 while it is under way or when the connection was lost
    result: object = None
    description: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP. `html` stands in the place of `body` where a proxy answered, not the Bot API."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str | None = None
