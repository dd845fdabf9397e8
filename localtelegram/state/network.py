"""The state of the local Telegram: accounts, chats, files, open queries, and the updates on their way to the bots.

The methods and the people change it.
"""

import itertools
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from localtelegram.answers import Json
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import Member, StoredChat
from localtelegram.state.events import Event, Events
from localtelegram.state.files import FileShelf

Deliver = Callable[[Json], Awaitable[None]]


@dataclass
class CallbackQuery:
    """A tap that waits for its answer."""

    id: str
    bot_id: int
    person_id: int
    chat_id: int | None
    at: datetime
    is_answered: bool = False


@dataclass
class InlineQuery:
    id: str
    bot_id: int
    person_id: int
    query: str
    at: datetime
    answer: Json | None = None  # `results`, `cache_time` and `is_personal`, when the bot has answered


@dataclass
class Network:
    clock: Callable[[], datetime]
    accounts: dict[int, Account] = field(default_factory=dict)
    bots: dict[str, BotAccount] = field(default_factory=dict)  # by token
    chats: dict[int, StoredChat] = field(default_factory=dict)
    private_chats: dict[tuple[int, int], StoredChat] = field(default_factory=dict)  # (bot, person)
    files: FileShelf = field(default_factory=FileShelf)
    events: Events = field(default_factory=Events)
    complaints: list[str] = field(default_factory=list)
    callback_queries: dict[str, CallbackQuery] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    on_push: Callable[[BotAccount], None] = lambda _bot: None
    _message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def bot(self, bot_id: int) -> BotAccount:
        account = self.accounts[bot_id]
        assert isinstance(account, BotAccount)  # noqa: S101 - ids of bots come from this state alone
        return account

    def new_id(self) -> int:
        return next(self._ids)

    def new_message_id(self, chat: StoredChat) -> int:
        """The id of the next message. Supergroups and channels count for themselves, other chats together."""
        if chat.type in ("private", "group"):
            return next(self._message_ids)
        chat.next_message_id += 1
        return chat.next_message_id - 1

    def private_chat(self, bot_id: int, person: Account) -> StoredChat:
        key = (bot_id, person.id)
        if key not in self.private_chats:
            self.private_chats[key] = StoredChat(person.id, "private", bot_id=bot_id)
        chat = self.private_chats[key]
        chat.first_name, chat.last_name, chat.username = person.first_name, person.last_name, person.username
        chat.members.setdefault(person.id, Member("member"))
        chat.members.setdefault(bot_id, Member("member"))
        return chat

    def chat_of(self, chat_id: int, bot_id: int | None) -> StoredChat | None:
        """The chat with this id as this bot sees it."""
        if chat_id > 0:
            return self.private_chats.get((bot_id or 0, chat_id))
        return self.chats.get(chat_id)

    def push(self, bot: BotAccount, kind: str, payload: Json, *, chat_key: int) -> None:
        now = self.clock()
        bot.updates.forget_old(now)
        if bot.updates.push(kind, deepcopy(payload), chat_key=chat_key, now=now):
            self.on_push(bot)

    def tell(
        self, kind: str, chat: StoredChat | None = None, /, *, person_id: int | None = None, **data: object
    ) -> None:
        chat_id, bot_id = (chat.id, chat.bot_id) if chat else (None, None)
        self.events.tell(Event(kind, chat_id, bot_id, person_id, deepcopy(data)))

    def complain(self, what: str) -> None:
        self.complaints.append(what)
