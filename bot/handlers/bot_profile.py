"""Registers what Telegram shows about the bot: commands by scope, and descriptions. Runs at the start."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.content.interface import Interface
from bot.content.library import Library
from bot.delivery.keyboards import POSTING
from bot.domain.ids import TelegramId

log = logging.getLogger(__name__)


async def register(bot: Bot, library: Library, operators: Iterable[int] = ()) -> None:
    """Registers commands and descriptions in each language.

    A call that Telegram refuses is logged, and the others are made: so an operator who has never pressed Start gets
    their commands at the next start of the bot. The default language is registered without a code, for every language
    that the bot does not speak.
    """
    for language in library.languages:
        code = None if language == library.default else language
        for name, call in _calls(bot, library.of(language).interface, code, operators).items():
            try:
                await call()
            except TelegramError as error:
                log.warning("Telegram did not take the %s", name, extra={"language": language, "error": str(error)})
            except Exception:  # one call's own; the others are made
                log.exception("the %s could not be registered", name, extra={"language": language})


async def show_menu_in(bot: Bot, interface: Interface, telegram_id: TelegramId, *, is_operator: bool = False) -> None:
    """Registers the command menu of one chat, which has chosen its language. A refusal is only logged."""
    commands = interface.commands
    if telegram_id > 0:
        menus: dict[BotCommandScope, dict[str, str]] = {
            BotCommandScopeChat(telegram_id): commands.private | (commands.operator if is_operator else {})
        }
    else:
        menus = {
            BotCommandScopeChat(telegram_id): commands.group,
            BotCommandScopeChatAdministrators(telegram_id): commands.group | commands.admin,
        }
    try:
        for scope, menu in menus.items():
            await bot.set_my_commands(list(menu.items()), scope=scope)
    except TelegramError as error:
        log.warning("the menu of a chat stays as it was", extra={"error": str(error)})


async def forget_menu_of(bot: Bot, telegram_id: TelegramId) -> None:
    """Gives a chat the menu that all chats have. A refusal is only logged."""
    scopes: list[BotCommandScope] = [BotCommandScopeChat(telegram_id)]
    if telegram_id < 0:
        scopes.append(BotCommandScopeChatAdministrators(telegram_id))
    try:
        for scope in scopes:
            await bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        log.warning("the menu of a forgotten chat stays", extra={"error": str(error)})


def _calls(
    bot: Bot, interface: Interface, code: str | None, operators: Iterable[int]
) -> dict[str, Callable[[], Awaitable[bool]]]:
    private, group = list(interface.commands.private.items()), list(interface.commands.group.items())
    admin = [*group, *interface.commands.admin.items()]
    more = [*private, *interface.commands.operator.items()]
    commands = partial(bot.set_my_commands, language_code=code)
    return {
        "commands": partial(commands, group, scope=BotCommandScopeDefault()),
        "commands in private chats": partial(commands, private, scope=BotCommandScopeAllPrivateChats()),
        "commands in groups": partial(commands, group, scope=BotCommandScopeAllGroupChats()),
        "commands for administrators": partial(commands, admin, scope=BotCommandScopeAllChatAdministrators()),
        **{
            f"commands of operator {operator}": partial(commands, more, scope=BotCommandScopeChat(operator))
            for operator in operators
        },
        # What a person's app offers to grant when they add the bot to a channel; for groups there is nothing to offer.
        "rights in channels": partial(bot.set_my_default_administrator_rights, POSTING, for_channels=True),
        "description": partial(bot.set_my_description, interface.profile.description, language_code=code),
        "short description": partial(
            bot.set_my_short_description, interface.profile.short_description, language_code=code
        ),
    }
