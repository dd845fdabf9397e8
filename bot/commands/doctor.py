"""python -m bot doctor: checks settings, texts, database and Telegram, and says how to mend what is wrong."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import typer
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from tzdata import IANA_VERSION

from bot.commands import doctor_database
from bot.commands.configuration import folders_of, odd_settings, roots_of
from bot.commands.doctor_table import Check, show
from bot.commands.progress import busy
from bot.content.load import CatalogueError
from bot.database.private_files import OTHERS
from bot.delivery.transport import HttpRequest
from bot.domain.ids import TelegramId
from bot.entrypoints.backups import EVERY, TRY_AGAIN, list_copies
from bot.paths import COMMAND
from bot.settings import Settings, SettingsError, read_settings
from bot.settings.bots import END

MAX_CLOCK_ERROR_SECONDS = 30  # beyond it reminders miss their minute
FREE_RATE = 30  # messages a second that Telegram allows without paid broadcast


def main() -> None:
    raise typer.Exit(asyncio.run(examine()))


async def examine() -> int:
    """Prints the table and returns the exit code: 0 when nothing is wrong, else 1."""
    with busy("Looking at settings, words, database and Telegram"):
        checks = [check async for check in _examine()]
    return show(checks)


async def _examine() -> AsyncIterator[Check]:
    try:
        settings = read_settings()
        if settings.names and settings.bot_token is None:
            settings.token  # noqa: B018 - says which bots there are
    except SettingsError as error:
        yield Check("settings", "wrong", "\n".join((str(error), *odd_settings())))
        return
    yield _settings(settings)
    if odd := odd_settings():
        yield Check("in .env", "note", "\n".join(odd))
    yield Check("zone data", "ok", f"{IANA_VERSION}, installed with the bot; those of the machine are not used")
    yield _rate(settings)
    yield _secret_key(settings)
    yield _words(settings)
    async for check in doctor_database.look(settings):
        yield check
    if settings.backup_dir:
        yield _backups(settings.backup_dir)
    async for check in _telegram(settings):
        yield check


def _settings(settings: Settings) -> Check:
    """Token and key are as safe as the files that they stand in."""
    files = [file for file in (Path(".env"), settings.bot_token_file, settings.secret_key_file) if file]
    files += sorted(settings.bots_dir.glob(f"*{END}")) if settings.bots_dir else []
    if os.name != "nt" and (bare := [str(file) for file in files if file.exists() and file.stat().st_mode & OTHERS]):
        text = f"other users of this machine may read {' and '.join(bare)}: chmod 600 {' '.join(bare)}"
        return Check("settings", "wrong", text)
    return Check("settings", "ok", "read from the environment and .env")


def _rate(settings: Settings) -> Check:
    rate = f"{settings.messages_per_second:g} messages a second"
    if settings.messages_per_second > FREE_RATE and not settings.paid_broadcast:
        return Check("pace", "note", f"{rate}: Telegram allows about {FREE_RATE} without PAID_BROADCAST=true")
    return Check("pace", "ok", rate)


def _secret_key(settings: Settings) -> Check:
    if settings.secret_key:
        return Check("secret key", "ok", "set")
    text = f"not set: nothing that people write is kept (/plan, /note, /mine, own reminders). To set one: {COMMAND} key"
    return Check("secret key", "note", text)


def _words(settings: Settings) -> Check:
    try:
        library = folders_of(settings).load()
    except CatalogueError as error:
        return Check("words", "wrong", str(error))
    counts = (f"{len(library.of(code).affirmations)} affirmations ({code})" for code in library.languages)
    own = f", and the words of {', '.join(library.practices)}" if library.practices else ""
    return Check("words", "ok", f"{', '.join(counts)} in {', '.join(map(str, roots_of(settings)))}{own}")


def _backups(folder: Path) -> Check:
    """How old the newest of the copies is that `run` makes by itself."""
    try:
        made = list_copies(folder)
    except OSError as error:
        text = f"BACKUP_DIR: {folder} cannot be read ({error.strerror}); `run` makes it, if it may"
        return Check("backups", "wrong", text)
    if not made:
        return Check("backups", "note", f"none yet in {folder}: `run` makes one when it starts")
    size = sum(file.stat().st_size for _, file in made) / 1_000_000
    text = f"{len(made)} in {folder} ({size:.1f} MB), the newest of {made[-1][0]:%d %B at %H:%M} UTC"
    if datetime.now(UTC) - made[-1][0] > EVERY + TRY_AGAIN:
        return Check("backups", "wrong", f"{text}: older than a day. If the bot runs, its log says why (BACKUP_DIR)")
    return Check("backups", "ok", text)


async def _telegram(settings: Settings) -> AsyncIterator[Check]:
    try:
        token = settings.token
    except SettingsError as error:
        yield Check("token", "wrong", str(error))
        return
    request = HttpRequest(proxy=settings.proxy_address)
    bot = Bot(token, base_url=f"{settings.bot_api_url}/bot", request=request, get_updates_request=request)
    try:
        await bot.initialize()
        yield Check("token", "ok", f"this is @{bot.username}")
        yield await _webhook(settings, bot)
        yield _inline(bot)
        yield _groups(bot)
        if settings.cards_chat:
            yield await _cards_chat(bot, TelegramId(settings.cards_chat))
    except InvalidToken:
        yield Check("token", "wrong", "Telegram does not know it: get the right one from https://t.me/BotFather")
    except TelegramError as error:
        yield Check("token", "wrong", f"{settings.bot_api_url} cannot be asked ({error}): check the network")
    finally:
        await bot.shutdown()
        await request.shutdown()
    yield await _clock(settings)


def _inline(bot: Bot) -> Check:
    if bot.supports_inline_queries:
        return Check("inline", "ok", f"@{bot.username} and some words finds messages in any chat")
    text = "off: in https://t.me/BotFather, /setinline lets people share messages with the bot's name in any chat"
    return Check("inline", "note", text)


def _groups(bot: Bot) -> Check:
    if not bot.can_join_groups:
        text = "cannot be joined: in https://t.me/BotFather, /setjoingroups lets facilitators add the bot"
        return Check("groups", "note", text)
    if bot.can_read_all_group_messages:
        text = (
            "every message of a group reaches the bot, which needs none: turn on /setprivacy in https://t.me/BotFather"
        )
        return Check("groups", "wrong", text)
    return Check("groups", "ok", "only commands and replies reach the bot (privacy mode is on)")


async def _cards_chat(bot: Bot, chat_id: TelegramId) -> Check:
    try:
        chat = await bot.get_chat(chat_id)
    except TelegramError as error:
        return Check("cards chat", "wrong", f"CARDS_CHAT {chat_id} cannot be used ({error}): put the bot into it")
    return Check("cards chat", "ok", f"cards are put into a {chat.type} once, for inline")


async def _webhook(settings: Settings, bot: Bot) -> Check:
    info = await bot.get_webhook_info()
    if info.last_error_message and info.url:
        text = f"Telegram could not deliver to {info.url}: {info.last_error_message}. Check WEBHOOK_URL and LISTEN"
        return Check("webhook", "wrong", text)
    if not settings.webhook_url:
        state = "not used: the bot polls" + (f" (and takes {info.url} away when it starts)" if info.url else "")
        return Check("webhook", "ok", state)
    if info.url != settings.webhook_url:
        return Check("webhook", "note", f"not set yet: `{COMMAND} run` sets it to {settings.webhook_url}")
    return Check("webhook", "ok", f"{info.url}, {info.pending_update_count} updates waiting")


async def _clock(settings: Settings) -> Check:
    """This machine's clock against the Date that the Bot API's own answer carries (RFC 9110, 6.6.1)."""
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        # aiohttp knows no SOCKS, and asks directly then
        proxy = settings.proxy_address if (settings.proxy_address or "").startswith("http") else None
        session = aiohttp.ClientSession(timeout=timeout, trust_env=True, proxy=proxy)
        async with session, session.head(settings.bot_api_url) as answer:
            date = answer.headers.get("Date", "")
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        return Check("clock", "note", f"could not be compared ({type(error).__name__})")
    if not date:
        return Check("clock", "note", "could not be compared: the answer carries no Date")
    off = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    if abs(off) > MAX_CLOCK_ERROR_SECONDS:
        return Check("clock", "wrong", f"{off:+.0f} seconds off: switch on the machine's time synchronisation (NTP)")
    return Check("clock", "ok", f"{off:+.0f} seconds from the Bot API's")
