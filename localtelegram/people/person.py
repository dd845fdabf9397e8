"""The test client: a `Person` does what people do in a messenger. Verbs return when `deliver`, if set, has taken it."""

from dataclasses import dataclass

from localtelegram.methods.commands import commands_for
from localtelegram.methods.keyboards import labels
from localtelegram.methods.pins import react
from localtelegram.methods.spans import with_found
from localtelegram.people.groups import Group
from localtelegram.people.inline import ask, choose
from localtelegram.people.reply_keyboard import (
    REQUESTS,
    asking_for_reply,
    find_key,
    find_request,
    share_chat,
    share_users,
    shown_keyboard,
)
from localtelegram.people.taps import find_button, send_tap, shown_labels
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import GENERAL, Chat, StoredMessage, Topic
from localtelegram.state.events import Event
from localtelegram.state.files import Upload
from localtelegram.state.membership import block, start, unblock
from localtelegram.state.network import InlineQuery
from localtelegram.state.pictures import picture_of
from localtelegram.state.posting import Draft, announce_edit, post, remove
from localtelegram.state.refusal import Json
from localtelegram.telegram import LocalTelegram

Place = Group | Chat | None  # None: the private chat with the bot


@dataclass(frozen=True)
class Toast:
    """The answer to a tap: a short note, or an alert that wants to be closed."""

    text: str
    is_alert: bool = False
    url: str = ""


def add_person(
    telegram: LocalTelegram,
    first_name: str,
    *,
    last_name: str | None = None,
    username: str | None = None,
    language_code: str | None = "en",
    bot: BotAccount | None = None,
) -> "Person":
    """`bot` is whose private chat the person means by saying nothing else; needed where there are several."""
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
        self.toasts: list[Toast] = []
        self.opened: list[str] = []  # addresses of the link buttons tapped
        self.clipboard = ""
        self.input_line = ""  # what a switch_inline_query button put there
        telegram.subscribe(self._notice)

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.telegram.network.private_chat(self.bot.id, self.account)

    # In words

    async def starts(self, payload: str | None = None) -> StoredMessage:
        """Presses Start, or follows a link with `?start=payload`."""
        start(self.telegram.network, self.chat)
        return await self._send({"text": f"/start {payload}" if payload else "/start"}, self.chat)

    async def says(
        self,
        text: str,
        chat: Place = None,
        topic: Topic | str | int | None = None,
        *,
        reply_to: StoredMessage | None = None,
        as_chat: Group | None = None,
    ) -> StoredMessage:
        """`as_chat` posts in the name of a channel; an anonymous administrator posts in the group's name by itself."""
        place = self._place(chat)
        answered = reply_to or asking_for_reply(place, self.account)
        return await self._send({"text": text}, place, topic, reply_to=answered, as_chat=as_chat)

    async def adds_bot(self, group: Group, payload: str | None = None, **rights: bool) -> None:
        """Follows a link with `?startgroup=payload`, or `?startchannel&admin=` where `rights` are given."""
        await group.add(self.bot, by=self, status="administrator" if rights else "member", **rights)
        if payload is not None:
            await self.says(f"/start@{self.bot.username} {payload}".rstrip(), group)

    async def edits(self, message: StoredMessage, text: str, chat: Place = None) -> None:
        message.json["text"] = text
        message.json.pop("entities", None)
        if entities := with_found(text, []):
            message.json["entities"] = entities
        message.json["edit_date"] = int(self.telegram.clock().timestamp())
        announce_edit(self.telegram.network, self._place(chat), message)
        await self.telegram.settled()

    def deletes(self, message_id: int, chat: Place = None) -> None:
        """Bots are not told of deleted messages."""
        place = self._place(chat)
        remove(self.telegram.network, place, place.messages[message_id])

    async def reacts(self, message: StoredMessage, emoji: str | None, chat: Place = None) -> None:
        react(self.telegram.network, self._place(chat), self.account, message, emoji)
        await self.telegram.settled()

    async def sends_photo(self, content: bytes, chat: Place = None, *, caption: str = "") -> StoredMessage:
        picture = picture_of(content)
        size = (picture.width, picture.height) if picture else (0, 0)
        stored = self.telegram.network.files.keep(
            "photo", Upload(content, "photo.jpg", "image/jpeg"), bot_id=self.bot.id, width=size[0], height=size[1]
        )
        return await self._send(stored.media() | ({"caption": caption} if caption else {}), self._place(chat))

    # By buttons

    async def taps(self, label: str, chat: Place = None) -> str:
        """Taps the button with exactly this label of the newest message that has it.

        Returns the callback query's id, empty where the button is of another kind.
        """
        place = self._place(chat)
        stored, button = find_button(place, label)
        return await self.taps_button(stored, button, place)

    async def taps_button(self, stored: StoredMessage, button: Json, chat: Place = None) -> str:
        if "callback_data" in button:
            return await self.taps_data(stored.id, button["callback_data"], chat)
        if "url" in button:
            self.opened.append(button["url"])
        elif "copy_text" in button:
            self.clipboard = button["copy_text"]["text"]
        elif "disabled" not in button:
            chosen = button.get("switch_inline_query_chosen_chat", {}).get("query", "")
            query = button.get("switch_inline_query", button.get("switch_inline_query_current_chat", chosen))
            self.input_line = f"@{self.bot.username} {query}"
        return ""

    async def taps_data(self, message_id: int, data: str, chat: Place = None) -> str:
        """A tap on a message that may be old, gone or never had such a button."""
        query_id = send_tap(self.telegram.network, self.account, self._place(chat), message_id, data)
        await self.telegram.settled()
        return query_id

    async def presses(self, label: str, chat: Place = None) -> StoredMessage:
        """A key of the reply keyboard; one that asks for a chat, people, a place or a number has its own verb."""
        button = find_key(self._place(chat), label)
        asked = next((request for request in REQUESTS if button.get(request)), None)
        if asked:
            raise ValueError(f"the key {label!r} is a {asked}: use shares_{asked.removeprefix('request_')}")
        return await self.says(label, chat)

    async def shares_chat(self, chosen: Group) -> StoredMessage:
        button = find_request(self.chat, "request_chat", of_channel=chosen.chat.type == "channel")
        shared = share_chat(self.telegram.network, self.account, self.bot, button["request_chat"], chosen.chat)
        return await self._send({"chat_shared": shared}, self.chat)

    async def shares_users(self, *chosen: "Person") -> StoredMessage:
        button = find_request(self.chat, "request_users")
        shared = share_users(button["request_users"], [person.account for person in chosen])
        return await self._send({"users_shared": shared}, self.chat)

    async def shares_location(self, latitude: float, longitude: float) -> StoredMessage:
        return await self._send({"location": {"latitude": latitude, "longitude": longitude}}, self.chat)

    async def shares_contact(self, phone_number: str = "+15550100") -> StoredMessage:
        contact = {"phone_number": phone_number, "first_name": self.account.first_name, "user_id": self.id}
        return await self._send({"contact": contact}, self.chat)

    # In line

    async def asks(self, query: str, chat: Place = None, *, offset: str = "") -> InlineQuery:
        """Types `@bot query`; the bot's answer is in `.answer` when it came."""
        asked = ask(self.telegram.network, self.account, self.bot, query, self._place(chat), offset=offset)
        await self.telegram.settled()
        return asked

    async def chooses(self, asked: InlineQuery, result_id: str, chat: Place = None) -> StoredMessage:
        stored = choose(self.telegram.network, self.account, asked, result_id, self._place(chat))
        await self.telegram.settled()
        return stored

    # In or out

    async def blocks(self) -> None:
        block(self.telegram.network, self.chat)
        await self.telegram.settled()

    async def unblocks(self) -> None:
        unblock(self.telegram.network, self.chat)
        await self.telegram.settled()

    def deletes_account(self) -> None:
        self.account.is_deleted = True

    # With open eyes

    def sees(self, chat: Place = None) -> list[str]:
        """All texts and captions on the screen, one's own too, oldest first."""
        shown = [stored.json.get("text", stored.json.get("caption")) for stored in self._place(chat).in_order()]
        return [text for text in shown if text is not None]

    def hears(self, chat: Place = None) -> list[str]:
        """The texts and captions of others."""
        others = [stored for stored in self._place(chat).in_order() if stored.author_id != self.id]
        shown = [stored.json.get("text", stored.json.get("caption")) for stored in others]
        return [text for text in shown if text is not None]

    def last(self, chat: Place = None) -> Json:
        return self.last_stored(chat).seen()

    def last_stored(self, chat: Place = None) -> StoredMessage:
        """With what only Telegram knows of the message: whether it came silently, its reply keyboard."""
        messages = self._place(chat).in_order()
        if not messages:
            raise LookupError("there is no message yet")
        return messages[-1]

    def labels(self, chat: Place = None) -> list[list[str]]:
        """The buttons of the newest message that has some, row by row."""
        return shown_labels(self._place(chat))

    def keys(self, chat: Place = None) -> list[list[str]]:
        """The reply keyboard, row by row."""
        return labels(shown_keyboard(self._place(chat)))

    def menu(self, chat: Place = None) -> list[Json]:
        """The commands that this person is offered here."""
        return commands_for(self.bot, self._place(chat), self.id, self.account.language_code)

    def _place(self, chat: Place) -> Chat:
        if chat is None:
            return self.chat
        return chat.chat if isinstance(chat, Group) else chat

    def _notice(self, event: Event) -> None:
        if event.kind == "callback_answered" and event.person_id == self.id:
            self.toasts.append(Toast(event.data["text"], event.data["show_alert"], event.data["url"]))

    async def _send(
        self,
        content: Json,
        chat: Chat,
        topic: Topic | str | int | None = None,
        *,
        reply_to: StoredMessage | None = None,
        as_chat: Group | None = None,
    ) -> StoredMessage:
        self._must_be_able_to_write(chat)
        for text_key, entities_key in (("text", "entities"), ("caption", "caption_entities")):
            if entities := with_found(content.get(text_key, ""), []):
                content[entities_key] = entities
        member = chat.member(self.id)
        group = chat if member.is_anonymous and chat.type == "supergroup" else None
        draft = Draft(
            content=content,
            thread_id=self._thread(chat, topic),
            reply_to=reply_to,
            sender_chat=as_chat.chat if as_chat else group,
        )
        stored = post(self.telegram.network, chat, self.account, draft)
        await self.telegram.settled()
        return stored

    def _must_be_able_to_write(self, chat: Chat) -> None:
        if chat.type == "private":
            if chat.is_blocked:
                raise ValueError("the bot is blocked: unblocks() or starts() first")
            chat.is_started = True
        elif chat.type == "channel" and not chat.may(self.id, "can_post_messages"):
            raise ValueError("only administrators with can_post_messages write in a channel")
        elif chat.type != "channel" and not chat.may(self.id, "can_send_messages"):
            raise ValueError(f"{self.account.first_name} may not write in {chat.title}")

    def _thread(self, chat: Chat, topic: Topic | str | int | None) -> int | None:
        if topic is None:
            return None
        found = Group(self.telegram, chat, self.account).topic(topic)
        return None if found.id == GENERAL else found.id
