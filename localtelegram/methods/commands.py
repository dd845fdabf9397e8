"""setMyCommands, deleteMyCommands, setMyDescription, setMyShortDescription and setMyDefaultAdministratorRights."""

import re

from localtelegram.answers import Json, bad_request
from localtelegram.methods.access import find_chat
from localtelegram.methods.calls import Call, Method
from localtelegram.state.accounts import BotAccount
from localtelegram.state.chats import StoredChat

_MOST = 100


def set_my_commands(call: Call) -> bool:
    scope, language = _scope_key(call), _language(call)
    if "commands" not in call.params:
        call.complain("without commands it clears them")
    commands = [_read_command(command) for command in call.params.get("commands", [])]
    if len(commands) > _MOST:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[scope, language] = commands
    if not commands:
        del call.bot.commands[scope, language]
    call.network.tell("commands", by=call.bot.user())
    return True


def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop((_scope_key(call), _language(call)), None)
    call.network.tell("commands", by=call.bot.user())
    return True


def _read_command(command: Json) -> Json:
    name, description = command["command"].removeprefix("/"), command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description} | (
        {"is_ephemeral": True} if command.get("is_ephemeral") else {}
    )


def _language(call: Call) -> str:
    language = call.params.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return str(language)


def _scope_key(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    if "chat_id" not in scope:
        return str(scope["type"])
    chat = find_chat(call, scope["chat_id"])
    if chat.type == "channel":
        raise bad_request("can't change commands in channel chats")
    if chat.type == "private" and scope["type"] != "chat":
        raise bad_request("can't use specified scope in private chats")
    key = f"{scope['type']}:{chat.id}"
    if scope["type"] != "chat_member":
        return key
    if scope["user_id"] not in call.network.accounts:
        raise bad_request("user not found")
    return f"{key}:{scope['user_id']}"


def commands_for(bot: BotAccount, chat: StoredChat, person_id: int, language: str | None) -> list[Json]:
    """The command menu that this person sees in this chat.

    The narrowest scope that has commands counts; in it the person's language comes before the general one.
    """
    tongue = (language or "").split("-")[0]
    for scope in _scopes(chat, person_id):
        for code in (tongue, ""):
            if commands := bot.commands.get((scope, code)):
                return commands
    return []


def _scopes(chat: StoredChat, person_id: int) -> list[str]:
    """The scopes in the order in which Telegram looks through them (Bot API, BotCommandScope)."""
    if chat.type == "private":
        return [f"chat:{chat.id}", "all_private_chats", "default"]
    if chat.type == "channel":
        return []
    administrators = [f"chat_administrators:{chat.id}"], ["all_chat_administrators"]
    of_chat, of_all = administrators if chat.member(person_id).is_admin else ([], [])
    return [f"chat_member:{chat.id}:{person_id}", *of_chat, f"chat:{chat.id}", *of_all, "all_group_chats", "default"]


def set_my_description(call: Call) -> bool:
    _set_by_language(call.bot.descriptions, _language(call), call.params.get("description", ""))
    call.network.tell("profile", by=call.bot.user())
    return True


def set_my_short_description(call: Call) -> bool:
    _set_by_language(call.bot.short_descriptions, _language(call), call.params.get("short_description", ""))
    return True


def _set_by_language(texts: dict[str, str], language: str, text: str) -> None:
    texts[language] = text.strip()
    if not texts[language]:
        del texts[language]


def set_my_default_administrator_rights(call: Call) -> bool:
    is_for_channels = bool(call.params.get("for_channels"))
    if rights := call.params.get("rights"):
        call.bot.default_rights[is_for_channels] = rights
    else:
        call.bot.default_rights.pop(is_for_channels, None)
    return True


METHODS: dict[str, Method] = {
    "setMyCommands": Method(set_my_commands, "commands", "scope", "language_code"),
    "deleteMyCommands": Method(delete_my_commands, "scope", "language_code"),
    "setMyDescription": Method(set_my_description, "description", "language_code"),
    "setMyShortDescription": Method(set_my_short_description, "short_description", "language_code"),
    "setMyDefaultAdministratorRights": Method(set_my_default_administrator_rights, "rights", "for_channels"),
}
