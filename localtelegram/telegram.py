"""The local Telegram: a Bot API in memory, as strict as Telegram's. Tests, `http` and the page hold one."""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime

from localtelegram.answers import ApiAnswer, Json, NotPlayed, Refusal
from localtelegram.clock import MovableClock
from localtelegram.faults import ConnectionLost, Faults
from localtelegram.methods import commands, connection, editing, lookups, queries, sending
from localtelegram.methods.calls import Call, Method, RecordedCall
from localtelegram.methods.decoding import check_call
from localtelegram.methods.definition import METHODS, method_named
from localtelegram.state.accounts import BotAccount
from localtelegram.state.events import Event
from localtelegram.state.files import FilePart
from localtelegram.state.network import Deliver, Network
from localtelegram.update_delivery import UpdateDelivery

_MODULES = (connection, sending, editing, queries, commands, lookups)
PLAYED_METHODS: dict[str, Method] = {name: method for module in _MODULES for name, method in module.METHODS.items()}


class LocalTelegram:
    """A Bot API in memory. `network` is its state, `sent` the record of every call.

    `complaints` lists what Telegram tolerates but a good bot does not do, and what is not played. Tests expect none.
    """

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.network = Network(clock)
        self.faults = Faults(clock, self._is_group)
        self.sent: list[RecordedCall] = []
        self.has_local_webhooks = False
        self.update_delivery = UpdateDelivery(lambda: list(self.network.bots.values()), clock, self._execute)
        self.network.on_push = self.update_delivery.notice
        if isinstance(clock, MovableClock):
            clock.on_change(self._tell_time)

    @property
    def complaints(self) -> list[str]:
        return self.network.complaints

    @property
    def unanswered_taps(self) -> list[str]:
        """The ids of callback queries that the bot has not answered: their buttons still show that they are busy."""
        return [query.id for query in self.network.callback_queries.values() if not query.is_answered]

    @property
    def deliver(self) -> Deliver | None:
        """The function that takes each update in this process; None where updates wait for getUpdates or a webhook."""
        return self.update_delivery.deliver

    @deliver.setter
    def deliver(self, deliver: Deliver | None) -> None:
        self.update_delivery.deliver = deliver

    def add_bot(
        self,
        token: str,
        *,
        first_name: str,
        username: str,
        has_stars: bool = False,
        reads_all_group_messages: bool = False,
    ) -> BotAccount:
        """Adds a bot. Its id is the part of the token before the colon, as at Telegram."""
        bot_id, _, secret = token.partition(":")
        if not bot_id.isdigit() or not secret:
            raise ValueError("a bot token looks like 123456:letters-and-digits")
        bot = BotAccount(
            int(bot_id),
            first_name,
            username=username,
            token=token,
            has_stars=has_stars,
            reads_all_group_messages=reads_all_group_messages,
        )
        self.network.accounts[bot.id] = bot
        self.network.bots[token] = bot
        return bot

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls `listener` with each event as it happens. Returns a function that ends this."""
        return self.network.events.subscribe(listener)

    async def settled(self) -> None:
        """Returns when `deliver` has taken every update so far. Raises what it raised."""
        await self.update_delivery.settled()

    async def stop(self) -> None:
        await self.update_delivery.stop()

    def download(self, token: str, path: str) -> bytes | None:
        """The content of a file at the path that getFile gave; None where there is none."""
        bot = self.network.bots.get(token)
        stored = self.network.files.at(path, bot_id=bot.id) if bot else None
        return stored.content if stored else None

    async def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object],
        files: Mapping[str, bytes | FilePart] | None = None,
    ) -> ApiAnswer:
        """Answers one call of the Bot API. Raises `ConnectionLost` where a fault says so."""
        bot = self.network.bots.get(token)
        if bot is None:
            is_token = token.partition(":")[0].isdigit() and ":" in token
            return Refusal(401, "Unauthorized" if is_token else "Unauthorized: invalid token specified").answer()
        name = method_named(method)
        if name is None:
            self.network.complain(f"unknown method {method}")
            return Refusal(404, "Not Found: method not found").answer()
        uploads = {
            key: value if isinstance(value, FilePart) else FilePart(value) for key, value in (files or {}).items()
        }
        record = RecordedCall(name, deepcopy(dict(params)), self.clock(), bot.id, sorted(uploads))
        self.sent.append(record)
        try:
            return await self._answer(bot, name, {**params}, uploads, record)
        except Refusal as refusal:
            if isinstance(refusal, NotPlayed):
                self.network.complain(f"{name}: the local Telegram does not play {refusal.what}")
            record.status, record.description = refusal.status, refusal.description
            return refusal.answer()
        except ConnectionLost:
            raise
        except Exception as bug:
            self.network.complain(f"the local Telegram broke in {name}: {bug!r}")
            raise

    async def _answer(
        self, bot: BotAccount, name: str, params: Json, uploads: dict[str, FilePart], record: RecordedCall
    ) -> ApiAnswer:
        if (instead := await self.faults.before(name, params)) is not None:
            record.status = instead.status
            return instead
        method = PLAYED_METHODS.get(name)
        if method is None:
            raise NotPlayed(name, "localtelegram/methods")
        for key in uploads.keys() & METHODS[name]["parameters"].keys():
            params[key] = f"attach://{key}"
        checked = check_call(name, params)
        self.complaints.extend(checked.complaints)
        record.params = deepcopy(checked.params)
        if others := sorted(checked.params.keys() - method.parameters):
            raise NotPlayed(f"{name} with {', '.join(others)}", "localtelegram/methods")
        call = Call(self.network, self.update_delivery, bot, name, checked.params, uploads, self.has_local_webhooks)
        result = method.run(call)
        if inspect.isawaitable(result):
            result = await result
        record.status, record.result = 200, deepcopy(result)
        self.faults.after(name, params)
        return ApiAnswer(200, {"ok": True, "result": deepcopy(result)})

    def _is_group(self, chat_id: str) -> bool:
        for chat in self.network.chats.values():
            if chat_id in (str(chat.id), f"@{chat.username}"):
                return chat.type in ("group", "supergroup")
        return False

    async def _execute(self, bot: BotAccount, method: str, params: Json) -> None:
        """Runs the method that a bot named in its answer to a webhook."""
        await self.call(bot.token, method, params)

    def _tell_time(self, now: datetime) -> None:
        self.network.tell("clock", at=now.isoformat())
