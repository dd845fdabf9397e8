"""Inline queries: a person types after the bot's name, the bot answers, the person chooses; `Person` uses it."""

from localtelegram.methods.message_text import read
from localtelegram.state.accounts import Account, BotAccount
from localtelegram.state.chats import Chat, StoredMessage
from localtelegram.state.network import InlineQuery, Network
from localtelegram.state.posting import Draft, post
from localtelegram.state.refusal import Json

_FILE_IDS = {"photo": "photo_file_id", "gif": "gif_file_id", "mpeg4_gif": "mpeg4_file_id"}
_KINDS = {"photo": "photo", "gif": "animation", "mpeg4_gif": "animation"}
_CHAT_TYPES = {"group": "group", "supergroup": "supergroup", "channel": "channel"}


def ask(network: Network, person: Account, bot: BotAccount, query: str, chat: Chat, *, offset: str = "") -> InlineQuery:
    if not bot.supports_inline:
        raise ValueError(f"@{bot.username} takes no inline queries")
    asked = InlineQuery(f"{network.new_id():018d}", bot.id, person.id, query, network.clock())
    network.inline_queries[asked.id] = asked
    chat_type = "sender" if chat.bot_id == bot.id else _CHAT_TYPES.get(chat.type, "private")
    update = {"id": asked.id, "from": person.user(), "query": query, "offset": offset, "chat_type": chat_type}
    network.push(bot, "inline_query", update, chat_key=person.id)
    return asked


def choose(network: Network, person: Account, asked: InlineQuery, result_id: str, chat: Chat) -> StoredMessage:
    """Puts a result into a chat in the person's name; only one with an inline keyboard can be edited later."""
    results = (asked.answer or {}).get("results", [])
    result = next((result for result in results if result["id"] == result_id), None)
    if result is None:
        raise LookupError(f"no result {result_id!r}; there are {[result['id'] for result in results]}")
    bot, markup = network.bot(asked.bot_id), result.get("reply_markup")
    inline_id = f"BAAA{network.new_id():020d}" if markup else None
    draft = Draft(content=_content(network, bot, result), via_bot=bot, markup=markup, inline_message_id=inline_id)
    stored = post(network, chat, person, draft)
    if bot.gets_inline_feedback:
        chosen: Json = {"result_id": result_id, "from": person.user(), "query": asked.query}
        chosen |= {"inline_message_id": inline_id} if inline_id else {}
        network.push(bot, "chosen_inline_result", chosen, chat_key=person.id)
    return stored


def _content(network: Network, bot: BotAccount, result: Json) -> Json:
    given = result.get("input_message_content")
    if given is not None:
        return read(given["message_text"], given.get("parse_mode"), given.get("entities")).as_json("text", "entities")
    file_id = result.get(_FILE_IDS.get(result["type"], ""))
    if file_id is None:
        raise ValueError(f"the local Telegram plays a result of type {result['type']} by file id or with a text only")
    stored = network.files.sendable(file_id, _KINDS[result["type"]], bot_id=bot.id)
    caption = read(
        result.get("caption", ""), result.get("parse_mode"), result.get("caption_entities"), may_be_empty=True
    )
    return stored.media() | caption.as_json("caption", "caption_entities")
