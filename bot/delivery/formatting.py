"""Converts bold words and spoilers to Telegram's entities, which count in UTF-16 units.

Called by `sending` and `handlers`.
"""

from typing import Any

from telegram import MessageEntity

from bot.screens.outgoing import OutgoingMessage


def entities(message: OutgoingMessage) -> list[MessageEntity] | None:
    """Returns the entities of a message's text; None without any. Telegram finds links and commands by itself."""
    if not (message.bold or message.spoilers):
        return None
    kinds = ((MessageEntity.BOLD, message.bold), (MessageEntity.SPOILER, message.spoilers))
    found = [MessageEntity(kind, start, end - start) for kind, parts in kinds for start, end in parts]
    return list(MessageEntity.adjust_message_entities_to_utf_16(message.text, found))


def plain_entities(message: OutgoingMessage) -> dict[str, Any]:  # Any: Bot API JSON
    """Returns `entities` as a parameter with JSON values; empty without any."""
    found = entities(message)
    return {"entities": [entity.to_dict() for entity in found]} if found else {}
