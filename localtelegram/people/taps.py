"""Taps on inline buttons: finds the button and sends its callback query. `Person` and the page use it."""

from localtelegram.answers import Json
from localtelegram.methods.keyboards import labels
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import StoredChat, StoredMessage
from localtelegram.state.network import CallbackQuery, Network


def find_button(chat: StoredChat, label: str) -> tuple[StoredMessage, Json]:
    """The newest message with a button of exactly this label, and that button. Raises LookupError if there is none."""
    for stored in reversed(chat.in_order()):
        for row in stored.json.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label:
                    return stored, button
    raise LookupError(f"no button {label!r} in {_name(chat)}; there are {shown_labels(chat)}")


def shown_labels(chat: StoredChat) -> list[list[str]]:
    """The labels of the newest message that has inline buttons, row by row."""
    for stored in reversed(chat.in_order()):
        if rows := labels(stored.json.get("reply_markup")):
            return rows
    return []


def send_tap(network: Network, person: Account, chat: StoredChat, message_id: int, data: str) -> str:
    """Sends a callback query, as Telegram would. The message may be gone. Returns the query's id."""
    stored = chat.messages.get(message_id)
    bot = _bot_of(network, chat, stored)
    query = CallbackQuery(f"{network.new_id():018d}", bot.id, person.id, chat.id, network.clock())
    network.callback_queries[query.id] = query
    update: Json = {
        "id": query.id,
        "from": person.user(),
        "chat_instance": str(7_000_000_000_000 - chat.id),
        "data": data,
    }
    if stored:
        update["message"] = stored.seen()
    else:
        update["message"] = {"chat": chat.chat(), "message_id": message_id, "date": 0}
    network.push(bot, "callback_query", update, chat_key=chat.id)
    return query.id


def _bot_of(network: Network, chat: StoredChat, stored: StoredMessage | None) -> BotAccount:
    """The bot that wrote the message, and gets the tap."""
    if stored and isinstance(network.accounts[stored.author_id], BotAccount):
        return network.bot(stored.author_id)
    if chat.bot_id:
        return network.bot(chat.bot_id)
    here = [bot for bot in network.bots.values() if chat.member(bot.id).is_here]
    if len(here) != 1:
        raise LookupError(f"whose button is it? {len(here)} bots are in {_name(chat)}")
    return here[0]


def _name(chat: StoredChat) -> str:
    return chat.title or "the private chat"
