"""Who may change which chat: each answer of `access` to an update, and which updates its handlers take."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram import Chat as TgChat
from telegram.ext import BaseHandler

from bot.app import App
from bot.content.groups import GroupTexts
from bot.content.load import Catalogue
from bot.domain.ids import ChatId, TelegramId
from bot.handlers import access
from bot.handlers.access import ANY_ADMIN, check_access
from bot.handlers.answers import Answer
from bot.handlers.context import ChatAccess, Context
from bot.handlers.deep_links import private_way
from bot.screens.callback_data import FAVOURITES, INVITATIONS, LEARN, PAUSE, REMINDERS, Kind
from bot.screens.outgoing import OutgoingMessage
from localtelegram.people.groups import Group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import TITLE, rows_of

ELSEWHERE = -100_999
TOPIC = 77


def chat_here(group: Group) -> TgChat:
    return TgChat(group.id, "supergroup")


def private(number: int = 42) -> TgChat:
    return TgChat(number, "private")


def said(
    chat: TgChat, person: int | None, text: str = "/pause", *, topic: int | None = None, as_chat: TgChat | None = None
) -> Update:
    """A message; `topic` is its topic, `as_chat` the chat in whose name it was written."""
    message = Message(
        1,
        datetime(2026, 3, 2, tzinfo=UTC),
        chat,
        from_user=User(person, "Someone", False) if person else None,
        text=text,
        entities=[MessageEntity("bot_command", 0, len(text))],
        message_thread_id=topic,
        is_topic_message=topic is not None,
        sender_chat=as_chat,
    )
    return Update(1, message=message)


def tapped(chat: TgChat, person: int, data: str, *, as_chat: TgChat | None = None) -> Update:
    """A tap on a button; `as_chat` had written the message that it is under."""
    message = said(chat, 1, as_chat=as_chat).message
    return Update(1, callback_query=CallbackQuery("1", User(person, "Someone", False), "1", message=message, data=data))


def context_of(app: App, update: Update) -> Context:
    return Context.from_update(update, app.application)


async def checked(app: App, update: Update) -> ChatAccess | Answer:
    return await check_access(update, context_of(app, update))


@pytest.fixture
def mia(telegram: LocalTelegram, app: App) -> Person:
    """Someone who looks after no group."""
    return add_person(telegram, "Mia", language_code="en")


@pytest.fixture
async def row(app: App, group: Group) -> int:
    (chat,) = await rows_of(app, group.id)
    return chat.id


@pytest.fixture
def stale(catalogue: Catalogue) -> Answer:
    return Answer(toast=catalogue.interface.replies.stale)


async def test_ones_own_chat_is_ones_own(app: App) -> None:
    assert await checked(app, said(private(42), 7)) == ChatAccess(TelegramId(42), 0, "private", TelegramId(7))
    assert await checked(app, said(private(42), None)) == ChatAccess(TelegramId(42), 0, "private", TelegramId(42))


async def test_a_channel_and_what_comes_from_nowhere_change_nothing(app: App, stale: Answer, group: Group) -> None:
    assert await checked(app, said(TgChat(group.id, "channel"), group.owner.id)) == stale
    assert await checked(app, Update(1)) == stale


async def test_an_administrator_changes_the_group_and_the_topic_they_write_in(app: App, group: Group) -> None:
    here = chat_here(group)
    assert await checked(app, said(here, group.owner.id)) == ChatAccess(
        TelegramId(group.id), 0, "supergroup", ANY_ADMIN
    )
    in_topic = said(here, group.owner.id, topic=TOPIC)
    assert await checked(app, in_topic) == ChatAccess(TelegramId(group.id), TOPIC, "supergroup", ANY_ADMIN)


async def test_others_are_told_who_can_and_led_to_their_own_chat(
    app: App, group: Group, mia: Person, texts: GroupTexts
) -> None:
    update = said(chat_here(group), mia.id)
    refused = Answer(OutgoingMessage(texts.only_admins, private_way(context_of(app, update))))
    assert await checked(app, update) == refused
    assert await checked(app, said(chat_here(group), None)) == refused
    assert await checked(app, tapped(chat_here(group), mia.id, "p:ask")) == Answer(toast=texts.only_admins)


async def test_only_who_writes_as_the_group_itself_is_an_anonymous_administrator(
    app: App, group: Group, mia: Person, texts: GroupTexts
) -> None:
    here, linked = chat_here(group), TgChat(ELSEWHERE, "channel")
    assert await checked(app, said(here, mia.id, as_chat=here)) == ChatAccess(
        TelegramId(group.id), 0, "supergroup", ANY_ADMIN
    )
    by_the_channel = await checked(app, said(here, group.owner.id, as_chat=linked))
    assert isinstance(by_the_channel, Answer)
    assert by_the_channel.message
    assert by_the_channel.message.text == texts.only_admins
    assert await checked(app, tapped(here, mia.id, "p:ask", as_chat=here)) == Answer(toast=texts.only_admins)
    by_the_owner = await checked(app, tapped(here, group.owner.id, "p:ask", as_chat=linked))
    assert by_the_owner == ChatAccess(TelegramId(group.id), 0, "supergroup", ANY_ADMIN)


async def test_from_a_private_chat_a_button_names_the_group(
    app: App, group: Group, row: int, mia: Person, texts: GroupTexts
) -> None:
    owner = group.owner.id
    by_the_owner = await checked(app, tapped(private(owner), owner, f"m:{row}:p:ask"))
    assert by_the_owner == ChatAccess(TelegramId(group.id), 0, "supergroup", TelegramId(owner), ChatId(row), TITLE)
    assert await checked(app, tapped(private(mia.id), mia.id, f"m:{row}:p:ask")) == Answer(toast=texts.only_admins)


async def test_in_the_group_itself_a_button_that_names_it_is_nobodys_own(app: App, group: Group, row: int) -> None:
    update = tapped(chat_here(group), group.owner.id, f"m:{row}:p:ask")
    assert await checked(app, update) == ChatAccess(TelegramId(group.id), 0, "supergroup", ANY_ADMIN, ChatId(row), "")


async def test_a_button_of_another_group_or_of_none_does_nothing(
    app: App, group: Group, row: int, stale: Answer
) -> None:
    owner = group.owner.id
    assert await checked(app, tapped(TgChat(ELSEWHERE, "supergroup"), owner, f"m:{row}:p:ask")) == stale
    assert await checked(app, tapped(private(owner), owner, "m:999:p:ask")) == stale


async def test_without_an_answer_of_telegrams_nothing_is_changed(app: App, texts: GroupTexts, mia: Person) -> None:
    there = TgChat(ELSEWHERE, "supergroup")
    assert await checked(app, tapped(there, mia.id, "p:ask")) == Answer(toast=texts.cannot_ask)


async def test_a_known_chat_is_checked_as_it_is(app: App, group: Group, row: int, texts: GroupTexts) -> None:
    (chat,) = await rows_of(app, group.id)
    update = Update(1)
    refused = await access.check_access_to(update, context_of(app, update), chat)
    assert refused == Answer(OutgoingMessage(texts.only_admins, private_way(context_of(app, update))))
    update = said(private(group.owner.id), group.owner.id)
    owner = await access.check_access_to(update, context_of(app, update), chat)
    assert owner == ChatAccess(TelegramId(group.id), 0, "supergroup", TelegramId(group.owner.id), ChatId(row), TITLE)
    update = said(private(5), 5)
    assert await access.check_access_to(update, context_of(app, update), chat) == Answer(
        OutgoingMessage(texts.only_admins)
    )


async def test_a_callback_is_called_with_access_or_not_at_all(app: App, group: Group, mia: Person) -> None:
    async def note(update: Update, context: Context) -> None:
        seen.append((update, context.access))

    seen: list[object] = []
    guarded = access.admins_only(note)
    update = said(private(42), 7)
    await guarded(update, context_of(app, update))
    assert seen == [(update, ChatAccess(TelegramId(42), 0, "private", TelegramId(7)))]
    update = said(chat_here(group), mia.id)
    heard = len(group.texts())
    await guarded(update, context_of(app, update))
    assert (len(seen), len(group.texts())) == (1, heard + 1)


async def test_the_chat_of_an_access_is_made_once_in_the_language_of_the_update(app: App) -> None:
    update = said(TgChat(ELSEWHERE, "supergroup"), 7)
    context = context_of(app, update)
    context.access = ChatAccess(TelegramId(ELSEWHERE), TOPIC, "supergroup", TelegramId(7))
    for language in ("es", "en"):
        context.voice = context.voice.speaking(language)
        async with app.database.write() as session:
            chat, person = await access.get_or_create_accessed_chat(session, context)
        assert person == 7
        assert (chat.telegram_id, chat.thread_id, chat.kind, chat.language) == (ELSEWHERE, TOPIC, "supergroup", "es")
        assert chat.created_at == context.services.clock()
    assert len(await rows_of(app, ELSEWHERE)) == 1


async def test_a_private_chat_keeps_the_language_it_began_in_and_a_group_has_none(app: App) -> None:
    async def made(update: Update, language: str) -> tuple[object, ...]:
        context = context_of(app, update)
        context.voice = context.voice.speaking(language)
        async with app.database.write() as session:
            chat, person = await access.get_or_create_chat_here(session, update, context)
        assert chat.created_at == context.services.clock()
        return chat.telegram_id, chat.thread_id, chat.kind, chat.language, person

    for language in ("es", "en"):
        assert await made(said(private(42), 7), language) == (42, 0, "private", "es", 7)
    assert await made(said(TgChat(ELSEWHERE, "supergroup"), 8), "es") == (ELSEWHERE, 0, "supergroup", None, 8)


async def test_a_topic_uses_the_groups_chat_until_it_has_its_own(app: App, group: Group, row: int) -> None:
    update = said(chat_here(group), 7, topic=TOPIC)
    async with app.database.write() as session:
        chat, _ = await access.get_or_create_chat_here(session, update, context_of(app, update))
        assert chat.id == row
        context = context_of(app, update)
        context.access = ChatAccess(TelegramId(group.id), TOPIC, "supergroup", ANY_ADMIN)
        own, _ = await access.get_or_create_accessed_chat(session, context)
        chat, _ = await access.get_or_create_chat_here(session, update, context)
        assert (chat.id, chat.thread_id) == (own.id, TOPIC)


@pytest.mark.parametrize("update", [Update(1), said(private(), None)])
async def test_an_update_without_a_chat_or_without_a_person_has_no_chat(app: App, update: Update) -> None:
    async with app.database.read() as session:
        with pytest.raises(ValueError, match=r"^an update without a chat or without a person cannot be answered$"):
            await access.get_or_create_chat_here(session, update, context_of(app, update))


def test_only_a_private_chat_is_private() -> None:
    assert access.is_private(said(private(), 7))
    assert not access.is_private(said(TgChat(ELSEWHERE, "supergroup"), 7))
    assert not access.is_private(Update(1))


# Which updates the handlers take


async def do_nothing(update: Update, context: Context) -> None:
    """Stands in for a handler."""


def takes(handler: BaseHandler[Any, Any, Any], app: App, update: Update) -> bool:  # Any: PTB's type variables
    for message in (update.message, update.edited_message):
        if message:
            message.set_bot(app.application.bot)
    return handler.check_update(update) not in (None, False)


GROUP_CHAT = TgChat(ELSEWHERE, "supergroup")


def edited(update: Update) -> Update:
    return Update(1, edited_message=update.message)


async def test_a_command_is_taken_in_private_and_as_a_new_message_only(app: App) -> None:
    handler = access.command("pause", do_nothing)
    assert handler.callback is do_nothing
    assert takes(handler, app, said(private(), 7))
    assert not takes(handler, app, said(private(), 7, "/resume"))
    assert not takes(handler, app, said(GROUP_CHAT, 7))
    assert not takes(handler, app, edited(said(private(), 7)))


async def test_a_command_about_a_chat_is_taken_in_groups_too_and_checks_who_gives_it(
    app: App, group: Group, mia: Person
) -> None:
    async def note(update: Update, context: Context) -> None:
        seen.append(context.access)

    seen: list[ChatAccess] = []
    handler = access.chat_command("pause", note)
    for chat in (private(), GROUP_CHAT, TgChat(-5, "group")):
        assert takes(handler, app, said(chat, 7))
        assert not takes(handler, app, edited(said(chat, 7)))
    assert not takes(handler, app, said(private(), 7, "/resume"))
    assert not takes(handler, app, said(TgChat(ELSEWHERE, "channel"), 7))
    for person in (group.owner.id, mia.id):
        update = said(chat_here(group), person)
        await handler.callback(update, context_of(app, update))
    assert seen == [ChatAccess(TelegramId(group.id), 0, "supergroup", ANY_ADMIN)]


async def test_a_button_is_taken_by_its_kind(app: App) -> None:
    handler = access.tap(LEARN, do_nothing)
    assert handler.callback is do_nothing
    assert takes(handler, app, tapped(private(), 7, LEARN.build("crying")))
    assert not takes(handler, app, tapped(private(), 7, PAUSE.build("ask")))
    assert not takes(handler, app, tapped(private(), 7, f"m:3:{LEARN.build('crying')}"))


async def test_a_button_about_a_chat_is_taken_also_where_it_names_one(app: App, group: Group) -> None:
    async def note(update: Update, context: Context) -> None:
        seen.append(context.access)

    seen: list[ChatAccess] = []
    handler = access.tap(REMINDERS, note)
    for data in ("r:list", "r:add", "m:3:r:list"):
        assert takes(handler, app, tapped(private(), 7, data))
    assert not takes(handler, app, tapped(private(), 7, "p:ask"))
    one = access.tap(REMINDERS, note, "list")
    assert [takes(one, app, tapped(private(), 7, data)) for data in ("r:list", "m:3:r:list", "r:add")] == [
        True,
        True,
        False,
    ]
    update = tapped(chat_here(group), group.owner.id, "r:list")
    await handler.callback(update, context_of(app, update))
    assert seen == [ChatAccess(TelegramId(group.id), 0, "supergroup", ANY_ADMIN)]


@pytest.mark.parametrize("kind", [FAVOURITES, INVITATIONS])
async def test_a_button_of_one_person_or_of_an_operator_does_nothing_for_anybody_else(
    app: App, group: Group, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    async def note(update: Update, context: Context) -> None:
        taken.append(update)

    async def refuse(update: Update, context: Context, answer: Answer) -> None:
        refused.append(answer.toast)

    taken: list[Update] = []
    refused: list[str] = []
    monkeypatch.setattr(access, "show", refuse)
    handler = access.tap(kind, note)
    here, alone = (tapped(chat, group.owner.id, kind.build("list")) for chat in (chat_here(group), private()))
    for update in (here, alone):
        context = context_of(app, update)
        await handler.callback(update, context)
    assert taken == ([alone] if kind is FAVOURITES else [])
    assert refused == [context.voice.interface.replies.stale] * (2 - len(taken))
