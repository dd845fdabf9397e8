"""The test client: a `Person` does what people do in a messenger. A verb returns when the bot has taken its updates."""

from dataclasses import dataclass

from localtelegram.answers import Json
from localtelegram.methods.commands import commands_for
from localtelegram.methods.keyboards import labels
from localtelegram.methods.message_text import find_entities
from localtelegram.people.groups import Group
from localtelegram.people.inline_queries import ask, choose
from localtelegram.people.reply_keyboard import find_key, find_request, share_chat, shown_keyboard
from localtelegram.people.taps import find_button, send_tap, shown_labels
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import GENERAL_TOPIC, StoredChat, StoredMessage, Topic
from localtelegram.state.events import Event
from localtelegram.state.files import FilePart
from localtelegram.state.membership import block, start, unblock
from localtelegram.state.network import InlineQuery
from localtelegram.state.posting import NewMessage, post, remove
from localtelegram.telegram import LocalTelegram

Where = Group | StoredChat | None  # None: the private chat with the bot


@dataclass(frozen=True)
class TapAnswer:
    """The answer to a tap, shown as a short note; empty where the bot only took note of the tap."""

    text: str


def add_person(
    telegram: LocalTelegram,
    first_name: str,
    *,
    last_name: str | None = None,
    username: str | None = None,
    language_code: str | None = "en",
    bot: BotAccount | None = None,
) -> "Person":
    """Adds a person. `bot` is the bot of their private chat; it must be given where there are several bots."""
    bots = list(telegram.network.bots.values())
    if bot is None and len(bots) != 1:
        raise ValueError(f"which bot? there are {len(bots)}")
    account = Account(5_000_000_000 + telegram.network.new_id(), first_name, last_name, username, language_code)
    telegram.network.accounts[account.id] = account
    return Person(telegram, account, bot or bots[0])


class Person:
    def __init__(self, telegram: LocalTelegram, account: Account, bot: BotAccount) -> None:
        self.telegram = telegram
        self.account = account
        self.bot = bot
        self.toasts: list[TapAnswer] = []
        self.opened: list[str] = []  # addresses of the link buttons tapped
        self.clipboard = ""
        telegram.subscribe(self._notice)

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def chat(self) -> StoredChat:
        """The private chat with the bot."""
        return self.telegram.network.private_chat(self.bot.id, self.account)

    # Writing

    async def starts(self, payload: str | None = None) -> StoredMessage:
        """Presses Start, or follows a link with `?start=payload`."""
        start(self.telegram.network, self.chat)
        return await self._send({"text": f"/start {payload}" if payload else "/start"}, self.chat)

    async def says(
        self,
        text: str,
        chat: Where = None,
        topic: Topic | str | int | None = None,
        *,
        reply_to: StoredMessage | None = None,
        as_chat: Group | None = None,
    ) -> StoredMessage:
        """Writes a message: to the bot, or in `chat`. `as_chat` posts in the name of a channel.

        An anonymous administrator always posts in the name of the group.
        """
        return await self._send({"text": text}, self._place(chat), topic, reply_to=reply_to, as_chat=as_chat)

    async def adds_bot(self, group: Group, payload: str | None = None, **rights: bool) -> None:
        """Follows a link with `?startgroup=payload`, or `?startchannel&admin=` where `rights` are given."""
        await group.add(self.bot, by=self, status="administrator" if rights else "member", **rights)
        if payload is not None:
            await self.says(f"/start@{self.bot.username} {payload}".rstrip(), group)

    def deletes(self, message_id: int, chat: Where = None) -> None:
        """Deletes a message. Bots are not told of it, as at Telegram."""
        place = self._place(chat)
        remove(self.telegram.network, place, place.messages[message_id])

    # Buttons

    async def taps(self, label: str, chat: Where = None) -> str:
        """Taps the button with exactly this label of the newest message that has it.

        Returns the callback query's id, empty where the button is of another kind.
        """
        place = self._place(chat)
        stored, button = find_button(place, label)
        return await self.taps_button(stored, button, place)

    async def taps_button(self, stored: StoredMessage, button: Json, chat: Where = None) -> str:
        if "callback_data" in button:
            return await self.taps_data(stored.id, button["callback_data"], chat)
        if "url" in button:
            self.opened.append(button["url"])
        else:
            self.clipboard = button["copy_text"]["text"]
        return ""

    async def taps_data(self, message_id: int, data: str, chat: Where = None) -> str:
        """Taps with any callback data, on a message that may be old or gone or never had such a button."""
        query_id = send_tap(self.telegram.network, self.account, self._place(chat), message_id, data)
        await self.telegram.settled()
        return query_id

    async def presses(self, label: str, chat: Where = None) -> StoredMessage:
        """Presses a key of the reply keyboard that types its label.

        For one that asks for a chat use `shares_chat`, for one that asks for a location `shares_location`.
        """
        key = find_key(self._place(chat), label)
        if "request_chat" in key:
            raise ValueError(f"the key {label!r} asks for a chat: use shares_chat")
        if key.get("request_location"):
            raise ValueError(f"the key {label!r} asks for a location: use shares_location")
        return await self.says(label, chat)

    async def shares_chat(self, chosen: Group) -> StoredMessage:
        wanted = find_request(self.chat, of_channel=chosen.chat.type == "channel")
        shared = share_chat(self.telegram.network, self.account, self.bot, wanted, chosen.chat)
        return await self._send({"chat_shared": shared}, self.chat)

    async def sends(self, content: Json) -> StoredMessage:
        """Sends something that is no text into the private chat: `{"sticker": {...}}`, as a Message has it."""
        return await self._send(content, self.chat)

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> StoredMessage:
        """Sends a document into the private chat. The caption may be a command."""
        files = self.telegram.network.files
        stored = files.keep("document", FilePart(content, name, "application/json"), bot_id=self.bot.id)
        said: Json = {"caption": caption} if caption else {}
        if entities := find_entities(caption):
            said["caption_entities"] = entities
        return await self._send(stored.media() | said, self.chat)

    def files(self) -> dict[str, bytes]:
        """The documents of the private chat by their names, the newest of each."""
        shelf, found = self.telegram.network.files, dict[str, bytes]()
        for message in self.chat.in_order():
            document = message.json.get("document")
            if document and (stored := shelf.any(document["file_id"])):
                found[stored.name] = stored.content
        return found

    async def shares_location(self, latitude: float, longitude: float) -> StoredMessage:
        return await self._send({"location": {"latitude": latitude, "longitude": longitude}}, self.chat)

    # Inline queries

    async def asks(self, query: str, chat: Where = None) -> InlineQuery:
        """Types `@bot query`. The bot's answer is in `.answer`, or None if it gave none."""
        asked = ask(self.telegram.network, self.account, self.bot, query, self._place(chat))
        await self.telegram.settled()
        return asked

    async def chooses(self, asked: InlineQuery, result_id: str, chat: Where = None) -> StoredMessage:
        stored = choose(self.telegram.network, self.account, asked, result_id, self._place(chat))
        await self.telegram.settled()
        return stored

    # Blocking

    async def blocks(self) -> None:
        block(self.telegram.network, self.chat)
        await self.telegram.settled()

    async def unblocks(self) -> None:
        unblock(self.telegram.network, self.chat)
        await self.telegram.settled()

    # What the person sees

    def sees(self, chat: Where = None) -> list[str]:
        """All texts and captions in a chat, the person's own too, oldest first."""
        shown = [stored.json.get("text", stored.json.get("caption")) for stored in self._place(chat).in_order()]
        return [text for text in shown if text is not None]

    def hears(self, chat: Where = None) -> list[str]:
        """All texts and captions of others, oldest first."""
        others = [stored for stored in self._place(chat).in_order() if stored.author_id != self.id]
        shown = [stored.json.get("text", stored.json.get("caption")) for stored in others]
        return [text for text in shown if text is not None]

    def last(self, chat: Where = None) -> Json:
        return self.last_stored(chat).seen()

    def last_stored(self, chat: Where = None) -> StoredMessage:
        """The newest message, with what a bot does not see of it: whether it came silently, its reply keyboard."""
        messages = self._place(chat).in_order()
        if not messages:
            raise LookupError("there is no message yet")
        return messages[-1]

    def labels(self, chat: Where = None) -> list[list[str]]:
        """The buttons of the newest message that has some, row by row."""
        return shown_labels(self._place(chat))

    def keys(self, chat: Where = None) -> list[list[str]]:
        """The reply keyboard, row by row."""
        return labels(shown_keyboard(self._place(chat)))

    def menu(self, chat: Where = None) -> list[Json]:
        """The commands that this person is offered here."""
        return commands_for(self.bot, self._place(chat), self.id, self.account.language_code)

    def _place(self, chat: Where) -> StoredChat:
        if chat is None:
            return self.chat
        return chat.chat if isinstance(chat, Group) else chat

    def _notice(self, event: Event) -> None:
        if event.kind == "callback_answered" and event.person_id == self.id:
            self.toasts.append(TapAnswer(event.data["text"]))

    async def _send(
        self,
        content: Json,
        chat: StoredChat,
        topic: Topic | str | int | None = None,
        *,
        reply_to: StoredMessage | None = None,
        as_chat: Group | None = None,
    ) -> StoredMessage:
        self._must_be_able_to_write(chat)
        if entities := find_entities(content.get("text", "")):
            content["entities"] = entities
        member = chat.member(self.id)
        group = chat if member.is_anonymous and chat.type == "supergroup" else None
        draft = NewMessage(
            content=content,
            thread_id=self._thread(chat, topic),
            reply_to=reply_to,
            sender_chat=as_chat.chat if as_chat else group,
        )
        stored = post(self.telegram.network, chat, self.account, draft)
        await self.telegram.settled()
        return stored

    def _must_be_able_to_write(self, chat: StoredChat) -> None:
        if chat.type == "private":
            if chat.is_blocked:
                raise ValueError("the bot is blocked: unblocks() or starts() first")
            chat.is_started = True
        elif chat.type == "channel" and not chat.may(self.id, "can_post_messages"):
            raise ValueError("only administrators with can_post_messages write in a channel")
        elif chat.type != "channel" and not chat.may(self.id, "can_send_messages"):
            raise ValueError(f"{self.account.first_name} may not write in {chat.title}")

    def _thread(self, chat: StoredChat, topic: Topic | str | int | None) -> int | None:
        if topic is None:
            return None
        found = Group(self.telegram, chat, self.account).topic(topic)
        return None if found.id == GENERAL_TOPIC else found.id
