"""A group, supergroup or channel in the hands of a test: members, rights and topics."""

from typing import Protocol

from localtelegram.answers import Json
from localtelegram.state.accounts import Account
from localtelegram.state.chats import (
    GENERAL_TOPIC,
    SENDING_RIGHTS,
    Member,
    StoredChat,
    StoredMessage,
    Topic,
    admin_rights,
)
from localtelegram.state.membership import migrate, set_member
from localtelegram.state.topics import close_topic, delete_topic, open_topic, reopen_topic
from localtelegram.telegram import LocalTelegram


class HasAccount(Protocol):
    @property
    def account(self) -> Account: ...


Someone = HasAccount | Account


def make_group(
    telegram: LocalTelegram,
    title: str,
    *,
    owner: Someone,
    kind: str = "supergroup",
    is_forum: bool = False,
    username: str | None = None,
) -> "Group":
    """Makes a chat with an owner. `kind` is group, supergroup or channel."""
    network = telegram.network
    number = network.new_id()
    chat_id = -number if kind == "group" else -(1_000_000_000_000 + number)
    chat = StoredChat(chat_id, kind, title=title, username=username, is_forum=is_forum)
    chat.members[_account(owner).id] = Member("creator")
    if is_forum:
        chat.topics[GENERAL_TOPIC] = Topic(GENERAL_TOPIC, "General")
    network.chats[chat.id] = chat
    network.tell("chat", chat, chat=chat.chat())
    return Group(telegram, chat, _account(owner))


class Group:
    """A chat of several people. A method returns when the bot has taken the updates that it caused."""

    def __init__(self, telegram: LocalTelegram, chat: StoredChat, owner: Account) -> None:
        self.telegram = telegram
        self.chat = chat
        self.owner = owner

    @property
    def id(self) -> int:
        return self.chat.id

    async def add(self, someone: Someone, *, status: str = "member", by: Someone | None = None, **rights: bool) -> None:
        """Lets someone in. An administrator has only the `rights` given, a restricted member all others."""
        await self._set(someone, self._membership(status, rights), by)

    async def promote(
        self, someone: Someone, *, is_anonymous: bool = False, by: Someone | None = None, **rights: bool
    ) -> None:
        await self._set(someone, Member("administrator", dict(rights), is_anonymous=is_anonymous), by)

    async def demote(self, someone: Someone, *, by: Someone | None = None) -> None:
        await self._set(someone, Member("member"), by)

    async def restrict(self, someone: Someone, *, by: Someone | None = None, **rights: bool) -> None:
        """Takes rights away, and leaves those not named: `restrict(bot, can_send_photos=False)`."""
        await self._set(someone, self._membership("restricted", rights), by)

    async def remove(self, someone: Someone, *, by: Someone | None = None) -> None:
        """Takes someone out, who may come back."""
        await self._set(someone, Member("left"), by)

    async def ban(self, someone: Someone, *, by: Someone | None = None) -> None:
        await self._set(someone, Member("kicked"), by)

    def forbid(self, **permissions: bool) -> None:
        """Changes what members may send: `forbid(can_send_photos=False)`."""
        self.chat.permissions |= permissions

    async def open_topic(self, name: str, *, by: Someone | None = None) -> Topic:
        topic = open_topic(self.telegram.network, self.chat, self._actor(by), name)
        await self.telegram.settled()
        return topic

    async def close_topic(self, topic: Topic | str, *, by: Someone | None = None) -> None:
        close_topic(self.telegram.network, self.chat, self._actor(by), self.topic(topic))
        await self.telegram.settled()

    async def reopen_topic(self, topic: Topic | str, *, by: Someone | None = None) -> None:
        reopen_topic(self.telegram.network, self.chat, self._actor(by), self.topic(topic))
        await self.telegram.settled()

    async def delete_topic(self, topic: Topic | str) -> None:
        delete_topic(self.telegram.network, self.chat, self.topic(topic))

    async def migrate(self) -> "Group":
        """Makes a basic group a supergroup and returns it. This object stays the old group."""
        supergroup = migrate(self.telegram.network, self.chat, self.owner)
        await self.telegram.settled()
        return Group(self.telegram, supergroup, self.owner)

    def delete(self) -> None:
        self.chat.is_deactivated = True

    def link(self, channel: "Group") -> None:
        """Links a channel: Telegram forwards its posts into this group."""
        channel.chat.linked_chat_id, self.chat.linked_chat_id = self.id, channel.id

    def topic(self, topic: Topic | str | int) -> Topic:
        if isinstance(topic, Topic):
            return topic
        found = [other for other in self.chat.topics.values() if topic in (other.name, other.id)]
        if not found:
            raise LookupError(f"no topic {topic!r}; there are {[other.name for other in self.chat.topics.values()]}")
        return found[-1]

    def messages(self, *, topic: Topic | str | None = None) -> list[StoredMessage]:
        """The messages without service messages, oldest first; with `topic` only those of that topic."""
        kept = [stored for stored in self.chat.in_order() if not stored.is_service]
        if topic is None:
            return kept
        wanted = self.topic(topic).id
        return [stored for stored in kept if (stored.thread_id or GENERAL_TOPIC) == wanted]

    def texts(self, *, topic: Topic | str | None = None) -> list[str]:
        return [str(stored.json.get("text", stored.json.get("caption", ""))) for stored in self.messages(topic=topic)]

    def last(self, *, topic: Topic | str | None = None) -> Json:
        found = self.messages(topic=topic)
        if not found:
            raise LookupError(f"nothing was said in {self.chat.title}")
        return found[-1].seen()

    def _membership(self, status: str, rights: dict[str, bool]) -> Member:
        if status == "restricted":
            return Member(status, dict.fromkeys(SENDING_RIGHTS, True) | rights)
        unknown = rights.keys() - set(admin_rights(self.chat))
        if unknown:
            raise ValueError(f"no such right in a {self.chat.type}: {sorted(unknown)}")
        return Member(status, dict(rights))

    def _actor(self, by: Someone | None) -> Account:
        return _account(by) if by else self.owner

    async def _set(self, someone: Someone, member: Member, by: Someone | None) -> None:
        set_member(self.telegram.network, self.chat, _account(someone), member, by=self._actor(by))
        await self.telegram.settled()


def _account(someone: Someone) -> Account:
    return someone if isinstance(someone, Account) else someone.account
