"""Inline queries: a person types after the bot's name and chooses among the bot's answers. `Person` uses it."""

from localtelegram.answers import Json
from localtelegram.methods.message_text import read_caption, read_text
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import StoredChat, StoredMessage
from localtelegram.state.network import InlineQuery, Network
from localtelegram.state.posting import NewMessage, post

_CHAT_TYPES = {"group": "group", "supergroup": "supergroup", "channel": "channel"}


def ask(network: Network, person: Account, bot: BotAccount, query: str, chat: StoredChat) -> InlineQuery:
    asked = InlineQuery(f"{network.new_id():018d}", bot.id, person.id, query, network.clock())
    network.inline_queries[asked.id] = asked
    chat_type = "sender" if chat.bot_id == bot.id else _CHAT_TYPES.get(chat.type, "private")
    update = {"id": asked.id, "from": person.user(), "query": query, "offset": "", "chat_type": chat_type}
    network.push(bot, "inline_query", update, chat_key=person.id)
    return asked


def choose(network: Network, person: Account, asked: InlineQuery, result_id: str, chat: StoredChat) -> StoredMessage:
    """Posts a result of the bot in the person's name."""
    results = (asked.answer or {}).get("results", [])
    result = next((result for result in results if result["id"] == result_id), None)
    if result is None:
        raise LookupError(f"no result {result_id!r}; there are {[result['id'] for result in results]}")
    bot = network.bot(asked.bot_id)
    return post(network, chat, person, NewMessage(content=_content(network, bot, result), via_bot=bot))


def _content(network: Network, bot: BotAccount, result: Json) -> Json:
    if result["type"] == "article":
        return read_text(result["input_message_content"]["message_text"]).as_json("text", "entities")
    stored = network.files.sendable(result["photo_file_id"], "photo", bot_id=bot.id)
    return stored.media() | read_caption(result).as_json("caption", "caption_entities")
