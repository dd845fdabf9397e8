"""Telegram is asked for a chat's administrators; the answer is cached briefly; without an answer nobody is one."""

import asyncio

import pytest

from bot.app import App
from bot.delivery import chat_admins
from bot.delivery.chat_admins import ADMINS_CACHED_SECONDS, ASK_AGAIN_SECONDS, ChatAdmins, UnknownAdminsError
from bot.domain.ids import TelegramId
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    return group


async def test_it_is_remembered_for_a_moment_and_not_longer(telegram: LocalTelegram, app: App, circle: Group) -> None:
    seconds, bot = Seconds(), app.application.bot
    robin = add_person(telegram, "Robin")
    await circle.add(robin)
    await circle.promote(robin)
    known = ChatAdmins(seconds)
    assert await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))
    await circle.demote(robin)
    seconds.now += ADMINS_CACHED_SECONDS - 1
    assert await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))
    seconds.now += 1
    assert not await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))


async def test_who_has_just_become_one_does_not_wait_long(telegram: LocalTelegram, app: App, circle: Group) -> None:
    seconds, bot = Seconds(), app.application.bot
    robin = add_person(telegram, "Robin")
    await circle.add(robin)
    known = ChatAdmins(seconds)
    assert not await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))
    await circle.promote(robin, is_anonymous=True)
    assert not await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))
    seconds.now += ASK_AGAIN_SECONDS
    assert await known.includes(bot, TelegramId(circle.id), TelegramId(robin.id))


async def test_one_chat_too_many_takes_only_the_oldest_ones_place(
    telegram: LocalTelegram, app: App, circle: Group, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_admins, "MAX_CACHED_CHATS", 2)
    bot, known = app.application.bot, ChatAdmins(Seconds())
    others = [make_group(telegram, name, owner=ana) for name in ("Wednesday circle", "Thursday circle")]
    for other in others:
        await other.add(ana.bot, by=ana)
    for group in (circle, *others):
        await known.of(bot, TelegramId(group.id))
        await known.title(bot, TelegramId(group.id))
    telegram.faults.refuse(500, "Internal Server Error", method="getChatAdministrators")
    telegram.faults.refuse(500, "Internal Server Error", method="getChat")
    assert [await known.of(bot, TelegramId(other.id)) for other in others] == [{ana.id}, {ana.id}]
    assert [await known.title(bot, TelegramId(other.id)) for other in others] == ["Wednesday circle", "Thursday circle"]
    with pytest.raises(UnknownAdminsError):
        await known.of(bot, TelegramId(circle.id))


async def test_no_bot_is_one(app: App, circle: Group, ana: Person) -> None:
    await circle.promote(ana.bot)
    assert await ChatAdmins(Seconds()).of(app.application.bot, TelegramId(circle.id)) == {ana.id}


@pytest.mark.parametrize(
    ("status", "description", "is_out"),
    [
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", True),
        (403, "Forbidden: bot was kicked from the supergroup chat", True),
        (500, "Internal Server Error: restart", False),
    ],
)
async def test_without_an_answer_nobody_is_one(
    telegram: LocalTelegram, app: App, circle: Group, status: int, description: str, is_out: bool
) -> None:
    telegram.faults.refuse(status, description, method="getChatAdministrators")
    with pytest.raises(UnknownAdminsError) as error:
        await ChatAdmins(Seconds()).of(app.application.bot, TelegramId(circle.id))
    assert error.value.is_out == is_out


async def test_an_answer_that_does_not_come_is_not_waited_for(
    telegram: LocalTelegram, app: App, circle: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_admins, "ANSWER_TIMEOUT_SECONDS", 0.05)
    telegram.faults.delay(3600, method="getChatAdministrators")
    telegram.faults.delay(3600, method="getChat")
    known = ChatAdmins(Seconds())
    with pytest.raises(UnknownAdminsError):
        await asyncio.wait_for(known.of(app.application.bot, TelegramId(circle.id)), PATIENCE)
    assert await asyncio.wait_for(known.title(app.application.bot, TelegramId(circle.id)), PATIENCE) == ""
    with pytest.raises(UnknownAdminsError, match="just now"):
        await known.of(app.application.bot, TelegramId(circle.id))
