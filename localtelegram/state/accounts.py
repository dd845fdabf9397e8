"""The accounts of the local Telegram: people and bots."""

from dataclasses import dataclass, field

from localtelegram.answers import Json
from localtelegram.state.updates import UpdateQueue
from localtelegram.state.webhook import Webhook

ANONYMOUS_ADMIN_ID = 1087968824  # @GroupAnonymousBot: who Telegram names as sender of an anonymous administrator's post
CHANNEL_BOT_ID = 136817688  # @Channel_Bot: the same for a post in the name of a channel
SERVICE_ID = 777000  # Telegram itself: forwards of a linked channel


@dataclass
class Account:
    """A person, or (as `BotAccount`) a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    is_deleted: bool = False

    def user(self) -> Json:
        """The account as a `User` of the Bot API."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if value := getattr(self, key):
                user[key] = value
        return user


@dataclass
class BotAccount(Account):
    token: str = ""
    is_bot: bool = True
    has_stars: bool = False  # to pay for broadcasts above the free rate
    reads_all_group_messages: bool = False
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope, language) -> commands
    descriptions: dict[str, str] = field(default_factory=dict)  # language -> text
    short_descriptions: dict[str, str] = field(default_factory=dict)
    default_rights: dict[bool, Json] = field(default_factory=dict)  # for channels, or for groups -> what is offered
    webhook: Webhook | None = None

    def me(self) -> Json:
        return self.user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all_group_messages,
            "supports_inline_queries": True,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }


def anonymous_admin() -> Json:
    return {"id": ANONYMOUS_ADMIN_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def channel_bot() -> Json:
    return {"id": CHANNEL_BOT_ID, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


def service_account() -> Json:
    return {"id": SERVICE_ID, "is_bot": False, "first_name": "Telegram"}
