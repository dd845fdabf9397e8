"""A bot's webhook: where its updates are posted to, and what went wrong last. `update_delivery` posts them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from localtelegram.answers import Json


@dataclass
class Webhook:
    url: str
    secret: str
    set_at: datetime
    max_connections: int
    last_error_at: datetime | None = None
    last_error: str = ""
    connections: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.connections = asyncio.Semaphore(self.max_connections)

    def info(self) -> Json:
        info: Json = {"max_connections": self.max_connections}
        if self.last_error_at:
            info |= {"last_error_date": int(self.last_error_at.timestamp()), "last_error_message": self.last_error}
        return info
