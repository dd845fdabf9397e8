"""Tells listeners (the page, tests) what happens in the local Telegram."""

from collections.abc import Callable
from dataclasses import dataclass, field

from localtelegram.answers import Json


@dataclass(frozen=True)
class Event:
    """`kind` is one of: message, edited, deleted, callback_answered, commands, profile, membership, topic, clock, chat.

    `chat_id` is the chat as the bot knows it (a private chat has the person's id); `bot_id` tells apart the
    private chats of one person with several bots. `person_id` names the one person it is for, where it is for one.
    """

    kind: str
    chat_id: int | None = None
    bot_id: int | None = None
    person_id: int | None = None
    data: Json = field(default_factory=dict)


class Events:
    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)
