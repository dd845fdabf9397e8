"""Forum topics, which people open, close, reopen and delete. Bots are told by service messages."""

from localtelegram.answers import Json
from localtelegram.state.accounts import Account
from localtelegram.state.chats import GENERAL_TOPIC, StoredChat, Topic
from localtelegram.state.network import Network
from localtelegram.state.posting import NewMessage, post

_BLUE = 0x6FB9F0


def open_topic(network: Network, chat: StoredChat, by: Account, name: str) -> Topic:
    """Opens a topic. Its id is that of the service message that says so."""
    topic = Topic(chat.next_message_id, name)
    chat.topics[topic.id] = topic
    content = {"forum_topic_created": {"name": name, "icon_color": _BLUE}}
    post(network, chat, by, NewMessage(content=content, thread_id=topic.id, is_service=True))
    network.tell("topic", chat, topic_id=topic.id, name=name, is_closed=False, is_deleted=False)
    return topic


def close_topic(network: Network, chat: StoredChat, by: Account, topic: Topic) -> None:
    topic.is_closed = True
    _announce(network, chat, by, topic, {"forum_topic_closed": {}})


def reopen_topic(network: Network, chat: StoredChat, by: Account, topic: Topic) -> None:
    topic.is_closed = False
    _announce(network, chat, by, topic, {"forum_topic_reopened": {}})


def delete_topic(network: Network, chat: StoredChat, topic: Topic) -> None:
    """Deletes a topic with its messages. Bots are not told."""
    topic.is_deleted = True
    for message_id in [key for key, stored in chat.messages.items() if stored.thread_id == topic.id]:
        del chat.messages[message_id]
        chat.deleted_ids.add(message_id)
        network.tell("deleted", chat, message_id=message_id)
    network.tell("topic", chat, topic_id=topic.id, name=topic.name, is_closed=topic.is_closed, is_deleted=True)


def _announce(network: Network, chat: StoredChat, by: Account, topic: Topic, content: Json) -> None:
    thread_id = None if topic.id == GENERAL_TOPIC else topic.id
    post(network, chat, by, NewMessage(content=content, thread_id=thread_id, is_service=True))
    network.tell("topic", chat, topic_id=topic.id, name=topic.name, is_closed=topic.is_closed, is_deleted=False)
