"""A python-telegram-bot application with the local Telegram: in process, by long polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import Forbidden, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from localtelegram.http import application as bot_api
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, TapAnswer
from localtelegram.request import LocalRequest
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE

from .conftest import TOKEN

App = Application[Any, Any, Any, Any, Any, Any]  # Any: PTB's type parameters, which do not matter here
GIF = bytes.fromhex("47494638396102000200800000000000ffffff2c00000000020002000002024401003b")


async def greet(update: Update, _: Any) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    assert update.effective_message
    await update.effective_message.reply_text("Hello", reply_markup=keyboard)


async def echo(update: Update, _: Any) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(update.effective_message.text or "")


async def more(update: Update, _: Any) -> None:
    assert update.callback_query
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("More of it")


def add_handlers(app: App) -> None:
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(more))
    app.add_handler(MessageHandler(filters.TEXT, echo))


@asynccontextmanager
async def app_in_process(telegram: LocalTelegram) -> AsyncIterator[App]:
    request = LocalRequest(telegram)
    app = ApplicationBuilder().token(TOKEN).request(request).get_updates_request(request).updater(None).build()
    add_handlers(app)

    async def deliver(update: dict[str, Any]) -> None:
        await app.process_update(Update.de_json(update, app.bot))

    telegram.deliver = deliver
    async with app:
        yield app


@asynccontextmanager
async def bot_api_server(telegram: LocalTelegram) -> AsyncIterator[str]:
    server = TestServer(bot_api(telegram))
    await server.start_server()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await telegram.stop()
        await server.close()


async def test_conversation_in_process(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    async with app_in_process(telegram):
        await ada.starts()
        assert ada.labels() == [["More"]]
        await ada.taps("More")
        await ada.says("tea")

    assert ada.sees() == ["/start", "More of it", "tea", "tea"]
    assert ada.toasts == [TapAnswer("Here it is")]
    assert ada.labels() == []
    assert telegram.complaints == []


async def test_uploads_in_process(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    async with app_in_process(telegram) as app:
        await ada.starts()
        message = await app.bot.send_animation(ada.id, GIF, caption="A dot", filename="dot.gif")
        assert message.animation
        again = await app.bot.send_animation(ada.id, message.animation.file_id)

    file = telegram.network.files.any(message.animation.file_id)
    assert (message.animation.width, message.animation.file_name, message.caption) == (2, "dot.gif", "A dot")
    assert again.animation == message.animation
    assert file is not None
    assert file.content == GIF
    assert telegram.complaints == []


async def test_errors_arrive_as_ptb_exceptions(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    async with app_in_process(telegram) as app:
        await ada.starts()
        telegram.faults.flood(7, method="sendMessage")
        with pytest.raises(RetryAfter):
            await app.bot.send_message(ada.id, "a")
        telegram.faults.lose_connection(method="sendMessage")
        with pytest.raises(NetworkError, match="before it took effect"):
            await app.bot.send_message(ada.id, "b")
        await ada.blocks()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await app.bot.send_message(ada.id, "c")

    assert ada.hears() == ["Hello"]


async def test_conversation_by_long_polling(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    async with bot_api_server(telegram) as url:
        app = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").build()
        add_handlers(app)
        async with app:
            assert app.updater
            await app.updater.start_polling(timeout=5)
            await app.start()
            await ada.starts()
            await until(telegram, lambda: ada.labels() == [["More"]])
            await ada.taps("More")
            await ada.says("tea")
            await until(telegram, lambda: ada.sees() == ["/start", "More of it", "tea", "tea"])
            sent = await app.bot.send_document(ada.id, GIF, filename="dot.gif")
            assert sent.document
            await app.updater.stop()
            await app.stop()

    file = telegram.network.files.any(sent.document.file_id)
    assert file is not None
    assert file.content == GIF
    assert telegram.complaints == []


async def test_conversation_by_webhook(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    telegram.has_local_webhooks = True
    async with bot_api_server(telegram) as url, webhook_app(url) as (app, hook):
        await app.bot.set_webhook(hook, secret_token="a-secret")
        await ada.starts()
        await until(telegram, lambda: ada.labels() == [["More"]])
        await ada.taps("More")
        await until(telegram, lambda: ada.hears() == ["More of it"])
        info = await app.bot.get_webhook_info()

    assert (info.url, info.last_error_message) == (hook, None)
    assert telegram.complaints == []


@asynccontextmanager
async def webhook_app(url: str) -> AsyncIterator[tuple[App, str]]:
    app = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").updater(None).build()
    add_handlers(app)

    async def take(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "a-secret"
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return web.Response()

    receiver = web.Application()
    receiver.router.add_post("/hook", take)
    server = TestServer(receiver)
    await server.start_server()
    async with app:
        yield app, f"http://127.0.0.1:{server.port}/hook"
    await server.close()


async def until(telegram: LocalTelegram, holds: Callable[[], bool]) -> None:
    """Returns when it holds; checks again at each event of the local Telegram."""
    happened = asyncio.Event()
    unsubscribe = telegram.subscribe(lambda _: happened.set())
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await happened.wait()
            happened.clear()
    unsubscribe()


async def test_what_ptb_sends_gives_no_complaint(
    telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    """python-telegram-bot writes the parameters, method by method."""
    group = make_group(telegram, "Circle", owner=ada, is_forum=True)
    await group.promote(bot)
    topic = await group.open_topic("New")
    await ada.starts()
    asked = await ada.asks("tea")
    keys = [[KeyboardButton("Which?", request_chat=KeyboardButtonRequestChat(1, chat_is_channel=True))]]
    inline = InlineKeyboardMarkup([[InlineKeyboardButton("Copy", copy_text=CopyTextButton("words"))]])
    article = InlineQueryResultArticle("1", "One", InputTextMessageContent("One"), description="First")
    async with app_in_process(telegram) as app:
        tg = app.bot
        await tg.set_my_commands(
            [BotCommand("start", "Begin")], scope=BotCommandScopeAllPrivateChats(), language_code="de"
        )
        await tg.set_my_commands([("help", "Help")], scope=BotCommandScopeChat(group.id))
        await tg.set_my_description("Long")
        await tg.set_my_short_description("Short")
        message = await tg.send_message(ada.id, "a", disable_notification=True, reply_markup=inline)
        await message.edit_reply_markup(None)
        await tg.send_message(ada.id, "Which?", reply_markup=ReplyKeyboardMarkup(keys, one_time_keyboard=True))
        await tg.send_message(ada.id, "Thanks", reply_markup=ReplyKeyboardRemove())
        photo = await tg.send_photo(ada.id, png, caption="c")
        card = InlineQueryResultCachedPhoto("2", photo.photo[-1].file_id, title="Two", caption="c")
        await tg.answer_inline_query(asked.id, [article, card], cache_time=0, is_personal=True)
        await tg.send_message(group.id, "a", message_thread_id=topic.id)
        await tg.get_chat(group.id)
        await tg.get_chat_administrators(group.id)

    assert {sent.description for sent in telegram.sent} == {""}
    assert telegram.complaints == []
