"""python -m bot invite: makes an invitation and its card, lists the open ones, ends one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from pathlib import Path

import typer
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.commands.configuration import database_for, fail, load_library, load_settings, roots_of
from bot.content.library import Library
from bot.database.engine import Database, DatabaseError
from bot.delivery.transport import HttpRequest
from bot.domain.cards import InvitationCard
from bot.domain.cards.invitation import draw_pdf, draw_png
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY, Daily
from bot.screens.invitations import card_of
from bot.screens.times import rule_text
from bot.settings import Settings, SettingsError
from bot.usecases import invitations
from bot.usecases.invitations import Suggestion, link_of, new_code, suggestion_of

DAYS = {"every-day": EVERY_DAY, "weekdays": MONDAY_TO_FRIDAY}


class InvitingError(Exception):
    """The command failed; the text says why and what to do. `code` is the exit code."""

    def __init__(self, text: str, *, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


def main(
    *,
    words: str | None,
    language: str | None,
    at: str | None,
    days: str | None,
    out: str | None,
    lists: bool,
    ended_code: str | None,
) -> None:
    """Lists the open invitations, ends one, or makes one and prints its link. Errors end the program."""
    settings = load_settings()
    try:
        if ended_code is not None:
            asyncio.run(end(settings, ended_code))
            typer.echo(f"{ended_code} has ended.")
        if lists:
            lines = asyncio.run(list_open(settings, load_library(settings)))
            typer.echo("\n".join(lines) or "No invitation is open.")
        if lists or ended_code is not None:
            return
        library = load_library(settings)
        suggestion = read_suggestion(settings, library, words=words, language=language, at=at, days=days)
        link = asyncio.run(make(settings, suggestion))
    except InvitingError as error:
        fail(str(error), code=error.code)
    except SettingsError as error:
        fail(str(error), code=2)
    except DatabaseError as error:
        fail(str(error), code=error.code)
    typer.echo(link)
    if out is not None:
        _print_card(card_for(settings, library, suggestion, link), out)


def _print_card(card: InvitationCard, out: str) -> None:
    try:
        for path in write_card(card, out):
            typer.echo(path)
    except OSError as error:
        fail(f"--out: {out} cannot be written ({error.strerror}); the link is good all the same", code=1)


def read_suggestion(
    settings: Settings, library: Library, *, words: str | None, language: str | None, at: str | None, days: str | None
) -> Suggestion:
    """Returns the suggestion of the options. Raises InvitingError for an unknown or incomplete option."""
    practice = _read_words(settings, library, words)
    languages = library.of_practice(practice).languages
    if language is not None and language not in languages:
        raise InvitingError(f"--language: {language} is not spoken here; known: {', '.join(languages)}")
    if days is not None and days not in DAYS:
        raise InvitingError(f"--days: {days} is not known; write one of: {', '.join(DAYS)}")
    if days is not None and at is None:
        raise InvitingError("--days: at which time? Add it, such as --time 08:30")
    rule = Daily(at=_read_time(at), weekdays=DAYS[days or "every-day"]) if at is not None else None
    return Suggestion(practice=practice, language=language, rule=rule)


async def ask_username(settings: Settings) -> str:
    """Asks Telegram for the bot's username. Raises SettingsError without a token, InvitingError without an answer."""
    request = HttpRequest(proxy=settings.proxy_address)
    bot = Bot(settings.token, base_url=f"{settings.bot_api_url}/bot", request=request, get_updates_request=request)
    try:
        await bot.initialize()
        return bot.username
    except InvalidToken:
        text = (
            "BOT_TOKEN: Telegram does not know it; get the right one from https://t.me/BotFather (/mybots, API Token)"
        )
        raise InvitingError(text) from None
    except TelegramError as error:
        text = f"{settings.bot_api_url} cannot be asked for the bot's name ({error.message}); check the network"
        raise InvitingError(text, code=1) from None
    finally:
        await bot.shutdown()
        await request.shutdown()


async def make(settings: Settings, suggestion: Suggestion) -> str:
    """Makes an invitation and returns its link. Raises as `ask_username` does, and DatabaseError."""
    username, code = await ask_username(settings), new_code()
    async with _opened(settings) as database, database.write() as session:
        await invitations.make(database, session, code, suggestion, datetime.now(UTC))
    return link_of(username, code)


def card_for(settings: Settings, library: Library, suggestion: Suggestion, link: str) -> InvitationCard:
    """Returns the card in the suggested language, else in the default one."""
    words = library.of_practice(suggestion.practice).of(suggestion.language).interface
    return card_of(words, library.of(suggestion.language).interface, link, settings.practice_name)


def write_card(card: InvitationCard, out: str) -> tuple[Path, Path]:
    """Writes <out>.png and <out>.pdf, whichever ending is given, and returns both paths. Raises OSError."""
    file = Path(out)
    stem = file.with_suffix("") if file.suffix.lower() in (".png", ".pdf") else file
    png, pdf = Path(f"{stem}.png"), Path(f"{stem}.pdf")
    png.parent.mkdir(parents=True, exist_ok=True)
    png.write_bytes(draw_png(card))
    pdf.write_bytes(draw_pdf(card))
    return png, pdf


async def list_open(settings: Settings, library: Library) -> list[str]:
    """Returns a line for each open invitation: code, date and suggestion. Raises DatabaseError."""
    async with _opened(settings) as database, database.read() as session:
        rows = await invitations.list_open(session)
    return [
        f"{row.code}  since {row.created_at:%Y-%m-%d}  {', '.join(_said(library, suggestion_of(row)))}" for row in rows
    ]


async def end(settings: Settings, code: str) -> None:
    """Ends an invitation. Raises InvitingError for one that is not open, and DatabaseError."""
    async with _opened(settings) as database, database.write() as session:
        has_ended = await invitations.end(session, code, datetime.now(UTC))
    if not has_ended:
        raise InvitingError(f"--end: no invitation with the code {code} is open; --list shows those that are")


def _said(library: Library, suggestion: Suggestion) -> Iterator[str]:
    yield f"words of {suggestion.practice}" if suggestion.practice else "the bot's own words"
    if suggestion.language:
        yield f"language {suggestion.language}"
    if suggestion.rule:
        yield rule_text(library.of(None).interface.times, suggestion.rule, datetime.now(UTC))


def _read_words(settings: Settings, library: Library, words: str | None) -> str | None:
    """Returns the name of a practice; None for everyone's texts, which may be named by any of their folders.

    All of these are laid over each other: no invitation can suggest one of them alone.
    """
    everyones = [root.name for root in roots_of(settings)]
    words = words and words.rstrip("/\\")  # a shell completes my-words to my-words/
    if words is None or (words in everyones and words not in library.practices):
        return None
    if words not in library.practices:
        known = ", ".join((*library.practices, *everyones))
        cure = "" if library.practices else "; PRACTICES_DIR names the folder with those of practices"
        raise InvitingError(f"--words: {words} is not known; known: {known}{cure}")
    return words


def _read_time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day, local to whoever says yes
    except ValueError:
        raise InvitingError(f"--time: {text} is no time; write it like 08:30") from None


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    """Opens the database at the newest revision, and closes it at the end."""
    database = database_for(settings)
    async with database.opened():
        yield database
