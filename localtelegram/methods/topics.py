"""Forum topics: created, renamed, closed, opened again and deleted, by bots and by people."""

from localtelegram.methods.access import find_chat, must_be_in
from localtelegram.methods.calls import Call, Method
from localtelegram.state.accounts import Account
from localtelegram.state.chats import GENERAL, Chat, Topic
from localtelegram.state.network import Network
from localtelegram.state.posting import Draft, post
from localtelegram.state.refusal import Json, bad_request

_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def open_topic(
    network: Network, chat: Chat, by: Account, name: str, *, color: int = _COLORS[0], icon: str | None = None
) -> Topic:
    """The service message that opens a topic gives it its id."""
    created: Json = {"name": name, "icon_color": color}
    if icon:
        created["icon_custom_emoji_id"] = icon
    thread_id = chat.next_message_id
    topic = Topic(thread_id, name, color, icon)
    chat.topics[thread_id] = topic
    post(network, chat, by, Draft(content={"forum_topic_created": created}, thread_id=thread_id, is_service=True))
    network.tell("topic", chat, topic_id=topic.id, name=name, is_closed=False, is_deleted=False)
    return topic


def close_topic(network: Network, chat: Chat, by: Account, topic: Topic) -> None:
    topic.is_closed = True
    _say(network, chat, by, topic, {"forum_topic_closed": {}})


def reopen_topic(network: Network, chat: Chat, by: Account, topic: Topic) -> None:
    topic.is_closed = False
    _say(network, chat, by, topic, {"forum_topic_reopened": {}})


def rename_topic(network: Network, chat: Chat, by: Account, topic: Topic, changes: Json) -> None:
    topic.name = changes.get("name", topic.name)
    topic.icon_custom_emoji_id = changes.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    _say(network, chat, by, topic, {"forum_topic_edited": changes})


def delete_topic(network: Network, chat: Chat, topic: Topic) -> None:
    """Its messages go with it; bots are not told."""
    topic.is_deleted = True
    for message_id in [key for key, stored in chat.messages.items() if stored.thread_id == topic.id]:
        del chat.messages[message_id]
        chat.deleted_ids.add(message_id)
        network.tell("deleted", chat, message_id=message_id)
    network.tell("topic", chat, topic_id=topic.id, name=topic.name, is_closed=topic.is_closed, is_deleted=True)


def _say(network: Network, chat: Chat, by: Account, topic: Topic, content: Json) -> None:
    thread_id = None if topic.id == GENERAL else topic.id
    post(network, chat, by, Draft(content=content, thread_id=thread_id, is_service=True))
    network.tell("topic", chat, topic_id=topic.id, name=topic.name, is_closed=topic.is_closed, is_deleted=False)


def _forum(call: Call, refusal: str) -> Chat:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.may(call.bot.id, "can_manage_topics"):
        raise bad_request(refusal)
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.params.get("message_thread_id", GENERAL))
    if topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    return topic


def create_forum_topic(call: Call) -> Json:
    chat = _forum(call, "not enough rights to create a topic")
    color = call.params.get("icon_color", _COLORS[0])
    if color not in _COLORS:
        raise bad_request("invalid icon color specified")
    icon = call.params.get("icon_custom_emoji_id")
    topic = open_topic(call.network, chat, call.bot, call.params["name"], color=color, icon=icon)
    created: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return created | ({"icon_custom_emoji_id": icon} if icon else {})


def edit_forum_topic(call: Call) -> bool:
    chat = _forum(call, "not enough rights to edit the topic")
    topic = _topic(call, chat)
    changes = {key: call.params[key] for key in ("name", "icon_custom_emoji_id") if call.params.get(key)}
    if all(getattr(topic, key) == value for key, value in changes.items()):
        raise bad_request("TOPIC_NOT_MODIFIED")
    rename_topic(call.network, chat, call.bot, topic, changes)
    return True


def close_forum_topic(call: Call) -> bool:
    return _turn(call, is_closed=True)


def reopen_forum_topic(call: Call) -> bool:
    return _turn(call, is_closed=False)


def _turn(call: Call, *, is_closed: bool) -> bool:
    chat = _forum(call, "not enough rights to close or open the topic")
    topic = _topic(call, chat)
    if topic.is_closed == is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    turn = close_topic if is_closed else reopen_topic
    turn(call.network, chat, call.bot, topic)
    return True


def delete_forum_topic(call: Call) -> bool:
    chat = find_chat(call, call.params["chat_id"])
    must_be_in(call, chat)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.may(call.bot.id, "can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    topic = _topic(call, chat)
    if topic.id == GENERAL:
        raise bad_request("message thread not found")
    delete_topic(call.network, chat, topic)
    return True


METHODS: dict[str, Method] = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "editGeneralForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "closeGeneralForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "reopenGeneralForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
