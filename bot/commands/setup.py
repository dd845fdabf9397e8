"""python -m bot setup: asks for what a bot needs, tries the token, and writes `.env` at the end, or nothing.

What stands in `.env` already is offered as the answer, and all that is not asked for stays as it is. `setup_page` asks
the same in a page.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import typer
from pydantic import SecretStr
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.commands.configuration import fail, load_library, load_settings
from bot.commands.env_writing import FILE, read_env, write_env
from bot.content.helplines import Helpline
from bot.content.layers import languages
from bot.delivery.transport import HttpRequest
from bot.paths import COMMAND, MESSAGES
from bot.settings import Settings, SettingsError, read_settings

WAY = ("BOT_API_URL", "PROXY")  # how Telegram is reached
NEXT = f"""
What comes next:
  {COMMAND} doctor           tries everything, and says what to do about what is not right
  {COMMAND} run              starts the bot; Ctrl-C stops it
  {COMMAND} words --new      begins a folder for your own words
To keep it running: {COMMAND} service --install on a machine with Linux that stays on, or a container.
The program and Telegram cost nothing; a small rented server does, each month.
How to do that, to update, and to move to another machine: docs/install.md"""


@dataclass(frozen=True)
class Known:
    """What Telegram says of a token: the bot's name, or why it is not known. `is_refused`: it is no right one."""

    name: str = ""
    problem: str = ""
    is_refused: bool = False


def main() -> None:
    """Exit code 1 without a terminal, or when the file cannot be read or written."""
    if not _is_asked():
        fail(f"setup asks questions, and nobody is here to answer; {COMMAND} settings --new writes {FILE}", code=1)
    try:
        text, before = read_env()
    except SettingsError as error:
        fail(str(error), code=1)
    typer.echo("A few questions. Enter takes what stands in [ ]; Ctrl-C ends this, and nothing is written.\n")
    token, name = _ask_token(before.get("BOT_TOKEN", ""), before)
    answers = {
        "BOT_TOKEN": token,
        "PRACTICE_NAME": _ask(
            "The name of your practice, for the first message (may be empty)", before, "PRACTICE_NAME"
        ),
        "LANGUAGE": _ask_language(before.get("LANGUAGE", "")),
        "BACKUP_DIR": _ask("A folder for a copy of everything each day (may be empty)", before, "BACKUP_DIR"),
    }
    _show_helplines(answers["LANGUAGE"])
    try:
        write_env(text, before, answers)
    except OSError as error:
        fail(f"{FILE} cannot be written ({error.strerror}); go to a folder in which you may write", code=1)
    typer.echo(f"\n{FILE.absolute()} is written, and only you may read it. Keep a copy of its SECRET_KEY elsewhere.")
    typer.echo(f"What the bot keeps will be in this folder, too.{f' Your bot: https://t.me/{name}' if name else ''}")
    typer.echo(NEXT)


def _is_asked() -> bool:
    return sys.stdin.isatty()


def _ask(question: str, before: Mapping[str, str], name: str) -> str:
    answer: str = typer.prompt(question, default=before.get(name, ""), show_default=bool(before.get(name)))
    return answer.strip()


def _ask_token(before: str, in_file: Mapping[str, str]) -> tuple[str, str]:
    """Returns the token and the bot's username, "" where Telegram could not be asked."""
    question = "The token of your bot, from @BotFather in Telegram (/newbot); it is not shown"
    if before:
        question += " [the one in .env]"
    while True:
        token: str = typer.prompt(question, default=before, show_default=False, hide_input=True).strip()
        known = asyncio.run(try_token(token, in_file))
        if known.is_refused:
            typer.echo(f"  {known.problem}")
            continue
        typer.echo(f"  {known.problem or f'This is @{known.name}.'}")
        return token, known.name


async def try_token(token: str, in_file: Mapping[str, str]) -> Known:
    """Asks Telegram whose token it is, by the way that `in_file` (.env) or else the environment names."""
    given: dict[str, object] = {"bot_token": SecretStr(token)}
    given |= {name.lower(): in_file[name] for name in WAY if in_file.get(name)}
    try:
        settings = read_settings(_env_file=None, **given)
    except SettingsError as error:  # of the environment
        return Known(problem=str(error), is_refused=True)
    try:
        checked = settings.token
    except SettingsError:
        return Known(problem="That is no token; it looks like 123456789:AAF-a_long_row_of_letters.", is_refused=True)
    return await ask_telegram(checked, settings)


async def ask_telegram(token: str, settings: Settings) -> Known:
    """Returns what getMe says."""
    request = HttpRequest(proxy=settings.proxy_address)
    try:
        async with Bot(token, f"{settings.bot_api_url}/bot", request=request, get_updates_request=request) as bot:
            return Known(name=bot.username)
    except InvalidToken:
        problem = "Telegram does not accept it. Look for it in @BotFather: /mybots, your bot, API Token."
        return Known(problem=problem, is_refused=True)
    except TelegramError as error:
        text = f"Telegram cannot be reached now ({error.message}). {COMMAND} doctor tries the token later."
        return Known(problem=text)


def _ask_language(before: str) -> str:
    known = sorted(languages((MESSAGES,)))
    while True:
        question = f"The language for whoever's own is not there ({', '.join(known)}); people can change theirs"
        answer: str = typer.prompt(question, default=before or "en").strip().lower()
        if answer in known:
            return answer
        typer.echo(f"  Please one of {', '.join(known)}; another one is a folder of words: docs/words.md.")


def _show_helplines(language: str) -> None:
    """The numbers that people in need are shown: who runs the bot should have seen those of their country."""
    support = load_library(load_settings()).of(language).support
    while True:
        question = (
            "The country of most of your clients, to look over its helplines: two letters, such as GB (may be empty)"
        )
        country: str = typer.prompt(question, default="", show_default=False).strip().upper()
        if not country:
            return
        if lines := support.lines_of(country):
            break
        typer.echo(f"  There are none for {country}. Your own can be added (docs/words.md).")
    typer.echo(f"  {support.name_of(country)}:")
    for line in lines:
        typer.echo(f"  {described(line)}")
    if not typer.confirm("Are they right, as far as you know?", default=True):
        typer.echo("  docs/words.md says how to put your own in their place, before people need them.")


def described(line: Helpline) -> str:
    """Returns the name of a helpline, its numbers, and when they were looked at."""
    ways = ", ".join(filter(None, (line.phone, line.text, line.whatsapp, line.chat)))
    return f"{line.name}: {ways}{f' (looked at on {line.checked_on})' if line.checked_on else ''}"
