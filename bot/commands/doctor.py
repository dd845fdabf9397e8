"""python -m bot doctor: tries everything the bot stands on, and says what to do about what is not right."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import aiohttp
import typer
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.commands.configuration import folders_of, roots_of
from bot.content.load import CatalogueError
from bot.database.engine import NEWEST_REVISION, Database, DatabaseError
from bot.delivery.transport import AiohttpRequest
from bot.settings import Settings, SettingsError, read_settings
from bot.usecases.failures import list_set_aside

MOST_CLOCK_ERROR = 30  # seconds; beyond it reminders are off their minute
MOST_SHOWN = 10  # failures
FREE_RATE = 30  # messages a second that Telegram allows without paid broadcast


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    state: Literal["ok", "note", "wrong"]
    text: str


def main() -> None:
    raise typer.Exit(asyncio.run(examine()))


async def examine() -> int:
    """Print the table; the exit code is 0 when nothing is wrong."""
    findings = [each async for each in _examine()]
    width = max(len(each.what) for each in findings)
    colours = {"ok": "green", "note": "yellow", "wrong": "red"}
    for each in findings:
        mark = typer.style(f"{each.state:<6}", fg=colours[each.state])
        first, *more = each.text.splitlines()
        typer.echo(f"{each.what:<{width}}  {mark} {first}")
        for line in more:
            typer.echo(f"{'':<{width}}         {line}")
    return 1 if any(each.state == "wrong" for each in findings) else 0


async def _examine() -> AsyncIterator[Finding]:
    try:
        settings = read_settings()
    except SettingsError as error:
        yield Finding("settings", "wrong", str(error))
        return
    yield Finding("settings", "ok", "read from the environment and .env")
    yield _rate(settings)
    yield _secret_key(settings)
    yield _words(settings)
    async for finding in _database(settings):
        yield finding
    async for each in _telegram(settings):
        yield each


def _rate(settings: Settings) -> Finding:
    rate = f"{settings.messages_per_second:g} messages a second"
    if settings.messages_per_second > FREE_RATE and not settings.paid_broadcast:
        return Finding("pace", "note", f"{rate}: Telegram allows about {FREE_RATE} without PAID_BROADCAST=true")
    return Finding("pace", "ok", rate)


def _secret_key(settings: Settings) -> Finding:
    if settings.secret_key:
        return Finding("secret key", "ok", "set")
    text = "not set: /support does not offer to keep a person's own contacts or plan. To set one: python -m bot key"
    return Finding("secret key", "note", text)


def _words(settings: Settings) -> Finding:
    try:
        library = folders_of(settings).load()
    except CatalogueError as error:
        return Finding("words", "wrong", str(error))
    counts = (f"{len(library.of(each).affirmations)} affirmations ({each})" for each in library.languages)
    own = f", and the words of {', '.join(library.practices)}" if library.practices else ""
    return Finding("words", "ok", f"{', '.join(counts)} in {', '.join(map(str, roots_of(settings)))}{own}")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    database = Database(settings.database_url)
    try:
        await database.migrate()
        yield Finding("database", "ok", f"{database.url.render_as_string()} at revision {NEWEST_REVISION}")
        yield await _set_aside(database)
    except DatabaseError as error:
        yield Finding("database", "wrong", str(error))
    finally:
        await database.close()


async def _set_aside(database: Database) -> Finding:
    """What failed again and again with an error that nobody expected, in the last days."""
    async with database.read() as session:
        failures = await list_set_aside(session)
    if not failures:
        return Finding("set aside", "ok", "nothing failed in the last three days")
    lines = [
        f"{failure.work} {failure.row_id}: {failure.error}, last on {failure.failed_at:%d %B at %H:%M} UTC"
        for failure in failures[:MOST_SHOWN]
    ]
    if len(failures) > MOST_SHOWN:
        lines.append(f"and {len(failures) - MOST_SHOWN} more")
    text = f"{len(failures)} failed again and again; the log has the whole error of each:"
    return Finding("set aside", "wrong", "\n".join([text, *lines]))


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    try:
        token = settings.token
    except SettingsError as error:
        yield Finding("token", "wrong", str(error))
        return
    request = AiohttpRequest()
    bot = Bot(token, base_url=f"{settings.bot_api_url}/bot", request=request, get_updates_request=request)
    try:
        await bot.initialize()
        yield Finding("token", "ok", f"this is @{bot.username}")
        yield await _webhook(settings, bot)
        yield _inline(bot)
        yield _groups(bot)
        if settings.cards_chat:
            yield await _cards_chat(bot, settings.cards_chat)
    except InvalidToken:
        yield Finding("token", "wrong", "Telegram does not know it: get the right one from https://t.me/BotFather")
    except TelegramError as error:
        yield Finding("token", "wrong", f"{settings.bot_api_url} cannot be asked ({error}): check the network")
    finally:
        await bot.shutdown()
        await request.shutdown()
    yield await _clock(settings)


def _inline(bot: Bot) -> Finding:
    if bot.supports_inline_queries:
        return Finding("inline", "ok", f"@{bot.username} and some words finds sentences in any chat")
    text = "off: in https://t.me/BotFather, /setinline lets people share sentences with the bot's name in any chat"
    return Finding("inline", "note", text)


def _groups(bot: Bot) -> Finding:
    if not bot.can_join_groups:
        text = "cannot be joined: in https://t.me/BotFather, /setjoingroups lets facilitators add the bot"
        return Finding("groups", "note", text)
    if bot.can_read_all_group_messages:
        text = (
            "every message of a group reaches the bot, which needs none: turn on /setprivacy in https://t.me/BotFather"
        )
        return Finding("groups", "wrong", text)
    return Finding("groups", "ok", "only commands and replies reach the bot (privacy mode is on)")


async def _cards_chat(bot: Bot, chat_id: int) -> Finding:
    try:
        chat = await bot.get_chat(chat_id)
    except TelegramError as error:
        return Finding("cards chat", "wrong", f"CARDS_CHAT {chat_id} cannot be used ({error}): put the bot into it")
    return Finding("cards chat", "ok", f"cards are put into a {chat.type} once, for inline")


async def _webhook(settings: Settings, bot: Bot) -> Finding:
    info = await bot.get_webhook_info()
    if info.last_error_message and info.url:
        text = f"Telegram could not deliver to {info.url}: {info.last_error_message}. Check WEBHOOK_URL and LISTEN"
        return Finding("webhook", "wrong", text)
    if not settings.webhook_url:
        state = "not used: the bot polls" + (f" (and takes {info.url} away when it starts)" if info.url else "")
        return Finding("webhook", "ok", state)
    if info.url != settings.webhook_url:
        return Finding("webhook", "note", f"not set yet: `python -m bot run` sets it to {settings.webhook_url}")
    return Finding("webhook", "ok", f"{info.url}, {info.pending_update_count} updates waiting")


async def _clock(settings: Settings) -> Finding:
    """This machine's clock against the Date that the Bot API's own answer carries (RFC 9110, 6.6.1)."""
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.head(settings.bot_api_url) as answer:
            date = answer.headers.get("Date", "")
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        return Finding("clock", "note", f"could not be compared ({type(error).__name__})")
    if not date:
        return Finding("clock", "note", "could not be compared: the answer carries no Date")
    off = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    if abs(off) > MOST_CLOCK_ERROR:
        return Finding("clock", "wrong", f"{off:+.0f} seconds off: switch on the machine's time synchronisation (NTP)")
    return Finding("clock", "ok", f"{off:+.0f} seconds from the Bot API's")
