"""The chats of the local Telegram with their members, topics and messages: pure state that other modules change."""

from dataclasses import dataclass, field
from datetime import datetime

from localtelegram.answers import Json

GENERAL_TOPIC = 1  # the topic that every forum has; never named by `message_thread_id` in calls

SENDING_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_NOT_FOR_ALL = {"can_change_info": False, "can_pin_messages": False, "can_manage_topics": False}
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
_GROUP_RIGHTS = ("can_pin_messages", "can_manage_tags")
_FORUM_RIGHTS = ("can_manage_topics",)


@dataclass
class Member:
    """A membership. `status` is the Bot API's: creator, administrator, member, restricted, left, kicked."""

    status: str
    rights: dict[str, bool] = field(default_factory=dict)
    is_anonymous: bool = False
    until_date: int = 0

    @property
    def is_here(self) -> bool:
        if self.status == "restricted":
            return self.rights.get("is_member", True)
        return self.status in ("creator", "administrator", "member")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")


@dataclass
class Topic:
    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass
class StoredMessage:
    """A message: `json` is what bots get of it, the rest only Telegram knows."""

    json: Json
    author_id: int  # account that posted it
    at: datetime
    is_silent: bool = False
    is_service: bool = False
    reply_keyboard: Json | None = None  # a reply keyboard, removal or force_reply sent along
    read_only: bool = False  # forwarded, or sent with a reply keyboard: Telegram edits neither

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def thread_id(self) -> int | None:
        return self.json.get("message_thread_id") if self.json.get("is_topic_message") else None

    def seen(self) -> Json:
        """A copy of the message as a bot gets it."""
        return dict(self.json)


@dataclass
class StoredChat:
    """A chat of any type. A private chat has the person's id, and the bot's in `bot_id`."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    bot_id: int | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(SENDING_RIGHTS, True) | _NOT_FOR_ALL)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    deleted_ids: set[int] = field(default_factory=set)
    next_message_id: int = 1
    last_bot_id: int | None = None  # the bot that wrote last: commands without a name are meant for it
    is_started: bool = False  # private: the person pressed Start
    is_blocked: bool = False  # private: the person blocked the bot
    is_deactivated: bool = False
    migrated_to: int | None = None
    migrated_from: int | None = None
    linked_chat_id: int | None = None
    has_hidden_members: bool = False

    def chat(self) -> Json:
        """The chat as a `Chat` of the Bot API."""
        chat: Json = {"id": self.id, "type": self.type}
        for key in ("title", "username", "first_name", "last_name"):
            if value := getattr(self, key):
                chat[key] = value
        return chat | ({"is_forum": True} if self.is_forum else {})

    def member(self, account_id: int) -> Member:
        return self.members.get(account_id) or Member("left")

    def in_order(self) -> list[StoredMessage]:
        return [self.messages[message_id] for message_id in sorted(self.messages)]

    def may(self, account_id: int, right: str) -> bool:
        """Whether this account has an administrator's right, or (for the sending rights) may send so."""
        member = self.member(account_id)
        if member.status == "creator":
            return True
        if member.status == "administrator":
            return right in SENDING_RIGHTS[:10] or member.rights.get(right, False)
        if right not in SENDING_RIGHTS or not member.is_here:
            return False
        return self.permissions.get(right, True) and member.rights.get(right, True)


def admin_rights(chat: StoredChat) -> tuple[str, ...]:
    if chat.type == "channel":
        return ADMIN_RIGHTS + _CHANNEL_RIGHTS
    return ADMIN_RIGHTS + _GROUP_RIGHTS + (_FORUM_RIGHTS if chat.is_forum else ())


def member_json(chat: StoredChat, user: Json, member: Member) -> Json:
    """A membership as a `ChatMember` of the Bot API."""
    stated: Json = {"user": user, "status": member.status}
    match member.status:
        case "creator":
            stated["is_anonymous"] = member.is_anonymous
        case "administrator":
            stated |= {"can_be_edited": False, "is_anonymous": member.is_anonymous}
            stated |= {right: member.rights.get(right, False) for right in admin_rights(chat)}
            stated["can_manage_chat"] = True
        case "restricted":
            stated |= {"is_member": member.is_here, "until_date": member.until_date}
            stated |= {right: member.rights.get(right, False) for right in SENDING_RIGHTS}
        case "kicked":
            stated["until_date"] = member.until_date
    return stated
