"""What Telegram shows of the bot: commands by scope, description. Registered at the start."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import (
    Bot,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.catalogue.interface import Interface

log = logging.getLogger(__name__)


async def register(bot: Bot, words: Interface) -> None:
    """Each call by itself: one that is refused is logged, and the bot works without it."""
    private, group = list(words.commands.private.items()), list(words.commands.group.items())
    calls: dict[str, Callable[[], Awaitable[bool]]] = {
        "commands": partial(bot.set_my_commands, group, scope=BotCommandScopeDefault()),
        "commands in private chats": partial(bot.set_my_commands, private, scope=BotCommandScopeAllPrivateChats()),
        "commands in groups": partial(bot.set_my_commands, group, scope=BotCommandScopeAllGroupChats()),
        "commands for administrators": partial(
            bot.set_my_commands, group, scope=BotCommandScopeAllChatAdministrators()
        ),
        "description": partial(bot.set_my_description, words.profile.description),
        "short description": partial(bot.set_my_short_description, words.profile.short_description),
    }
    for name, call in calls.items():
        try:
            await call()
        except TelegramError as error:
            log.warning("Telegram did not take the %s", name, extra={"error": str(error)})
