"""The command menu by scope and language, and the bot's descriptions."""

import pytest

from localtelegram.answers import Json
from localtelegram.methods.definition import TYPES
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask

RIGHTS = [name for name, spec in TYPES["ChatAdministratorRights"]["fields"].items() if spec.get("required")]
RIGHTS.append("can_post_messages")


def commands(*names: str) -> list[Json]:
    return [{"command": name, "description": name.title()} for name in names]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Start", "description": "a"}]}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a-b", "description": "a"}]}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "", "description": "a"}]}, "Bad Request: command must be non-empty"),
        ({"commands": [{"command": "a" * 33, "description": "a"}]}, "Bad Request: command length must not exceed 32"),
        ({"commands": [{"command": "a", "description": " "}]}, "Bad Request: command description must be non-empty"),
        ({"commands": [{"command": "a", "description": "a" * 257}]},
         "Bad Request: command description length must not exceed 256"),
        ({"commands": commands(*(f"c{n}" for n in range(101)))}, "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "en-US"}, "Bad Request: invalid language code specified"),
        ({"commands": [], "scope": {"type": "planet"}},
         "Bad Request: can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": -5}}, "Bad Request: chat not found"),
    ],
)  # fmt: skip
async def test_set_my_commands_refused(ask: Ask, params: Json, description: str) -> None:
    assert (await ask("setMyCommands", **params))["description"] == description


async def test_commands_of_special_chats_refused(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    await channel.promote(bot)
    await ada.starts()

    in_channel = await ask("setMyCommands", commands=[], scope={"type": "chat", "chat_id": channel.id})
    in_private = await ask("setMyCommands", commands=[], scope={"type": "chat_administrators", "chat_id": ada.id})

    assert in_channel["description"] == "Bad Request: can't change commands in channel chats"
    assert in_private["description"] == "Bad Request: can't use specified scope in private chats"


async def test_missing_commands_clear_them(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    await ask("setMyCommands", commands=[{"command": "/start", "description": "Start"}])
    before = ada.menu()

    body = await ask("setMyCommands")

    assert body["result"] is True
    assert (before, ada.menu()) == (commands("start"), [])
    assert telegram.complaints == ["setMyCommands: without commands it clears them"]


async def test_menu_takes_the_narrowest_scope_and_the_persons_language(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    robin = add_person(telegram, "Robin", language_code="de-AT")
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    await group.add(robin)
    await ask("setMyCommands", commands=commands("start"))
    await ask("setMyCommands", commands=commands("hilfe"), language_code="de")
    await ask("setMyCommands", commands=commands("here"), scope={"type": "all_group_chats"})
    await ask("setMyCommands", commands=commands("rule"), scope={"type": "all_chat_administrators"})

    menus = [person.menu(chat) for person in (ada, robin) for chat in (None, group)]
    await ask("setMyCommands", commands=[], scope={"type": "all_chat_administrators"})

    assert menus == [commands("start"), commands("rule"), commands("hilfe"), commands("here")]
    assert ada.menu(group) == commands("here")


async def test_descriptions_by_language(ask: Ask, bot: BotAccount) -> None:
    await ask("setMyDescription", description="Long")
    await ask("setMyShortDescription", short_description="Kurz", language_code="de")
    stored = (dict(bot.descriptions), dict(bot.short_descriptions))
    await ask("setMyDescription")
    too_long = await ask("setMyDescription", description="a" * 513)

    assert stored == ({"": "Long"}, {"de": "Kurz"})
    assert bot.descriptions == {}
    assert too_long["description"] == "Bad Request: BOT_DESC_INVALID"


async def test_rights_that_are_offered_in_channels(ask: Ask, bot: BotAccount) -> None:
    rights = {name: name == "can_post_messages" for name in RIGHTS}
    await ask("setMyDefaultAdministratorRights", rights=rights, for_channels=True)
    stored = dict(bot.default_rights)
    await ask("setMyDefaultAdministratorRights", for_channels=True)

    assert stored == {True: rights}
    assert bot.default_rights == {}
