"""Commands as people write them, turned into the plain ones before any handler sees them.

In any of the bot's languages (/ayuda), below a picture, and in a message that was edited before it was answered.
"""

from dataclasses import dataclass
from typing import Any

from cachetools import FIFOCache
from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.content.crisis import Danger
from bot.content.library import Library
from bot.screens.callback_data import SUPPORT

MAX_REMEMBERED = 4096  # messages that were answered, in all chats
NEW_FOR = 600  # seconds after which an edited message is no new one any more


@dataclass(frozen=True, slots=True)
class WrittenCommand:
    """A command as it was written, without its slash; `bot` is the name behind the @, or empty."""

    name: str
    bot: str
    rest: str


class CommandNames:
    """Turns updates into what the handlers read: a new message with a command by its own name."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._answered: FIFOCache[tuple[int, int], None] = FIFOCache(MAX_REMEMBERED)

    def plain(self, update: Update) -> Update:
        """Returns the update as it is, or with the command that it stands for."""
        message = update.message or update.edited_message
        if message is None:
            return update
        key = (message.chat.id, message.message_id)
        if update.edited_message and (key in self._answered or _age(message) > NEW_FOR):
            return update
        if message.chat.type == ChatType.PRIVATE:  # where everything is answered
            self._answered[key] = None
        if (written := written_command(message)) is None:
            return update
        plain_name = self._library.find_command(written.name.lower())
        if plain_name is None:
            return update
        self._answered[key] = None
        if update.message and message.text and plain_name == written.name:
            return update
        at = f"@{written.bot}" if written.bot else ""
        return _rewritten(update, message, f"/{plain_name}{at}", written.rest)

    def is_urgent(self, update: Update) -> bool:
        """Whether somebody asks for the support card, or taps on it: that waits for nothing else."""
        if update.callback_query:
            return SUPPORT.read(update.callback_query.data or "") is not None
        written = written_command(update.message) if update.message else None
        return written is not None and self._library.find_command(written.name.lower()) == "support"


def written_command(message: Message) -> WrittenCommand | None:
    """Returns the command that the text or the caption begins with, as Telegram marks it; None without one.

    Signs and emoji behind it do not belong to it: "/affirm." is /affirm.
    """
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    first = entities[0] if entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    # A command is ASCII: its length in UTF-16 is that in characters.
    name, _, bot = text[1 : first.length].partition("@")
    return WrittenCommand(name, bot, text[first.length :])


def danger_behind(message: Message, library: Library) -> Danger | None:
    """Returns what is in danger, if the words behind a command say so plainly."""
    written = written_command(message)
    return library.find_crisis(written.rest) if written and written.rest.strip() else None


def _age(message: Message) -> float:
    return (message.edit_date - message.date).total_seconds() if message.edit_date else 0.0


def _rewritten(update: Update, message: Message, command: str, rest: str) -> Update:
    plain: dict[str, Any] = {  # Any: Bot API JSON
        name: value
        for name, value in message.to_dict().items()
        if name not in ("text", "caption", "caption_entities", "entities", "photo", "video", "animation")
    }
    plain["text"] = f"{command}{rest}"
    plain["entities"] = [{"type": MessageEntity.BOT_COMMAND, "offset": 0, "length": len(command)}]
    return Update.de_json({"update_id": update.update_id, "message": plain}, message.get_bot())
