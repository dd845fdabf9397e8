"""gentle-tears without a word: a page on this machine that tries the bot, or sets one up and starts it.

It asks what `setup` asks. Plain pages and forms: nothing of it needs a script. A token that was typed is in no page, no
address and no line of a log.
"""

import asyncio
import webbrowser
from collections.abc import Callable, Mapping
from html import escape

import typer
from aiohttp import web

from bot.commands.configuration import load_library, load_settings
from bot.commands.env_writing import FILE, read_env, write_env
from bot.commands.setup import Known, described, try_token
from bot.commands.setup_page.child import Child
from bot.commands.setup_page.pages import BACK, error, field, fill, page, style
from bot.commands.signals import stop_on_signals
from bot.content.layers import languages
from bot.content.library import Library
from bot.paths import COMMAND, MESSAGES
from bot.settings import SettingsError
from localtelegram.loopback import HOST, listen
from localtelegram.page.guard import Guard

ASKED = ("BOT_TOKEN", "PRACTICE_NAME", "LANGUAGE", "BACKUP_DIR", "country")


def main() -> None:
    """Serves the page until Ctrl-C, and opens it in a browser."""
    asyncio.run(run(load_library(load_settings()), webbrowser.open))


async def run(library: Library, show: Callable[[str], object]) -> None:
    """Runs until Ctrl-C, and calls `show` with the page's address. What it has started ends with it."""
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    pages = SetupPages(library)
    runner, port = await listen(pages.application())
    address = f"http://{HOST}:{port}/"
    typer.echo(f"The page is here: {address}")
    typer.echo(f"Ctrl-C ends it, and the bot that it has started. All commands: {COMMAND} --help")
    await asyncio.to_thread(show, address)
    await stopping.wait()
    await pages.close()
    await runner.cleanup()


class SetupPages:
    """The pages in the order in which one sees them: two doors, the questions, the helplines, the running bot."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._bot, self._preview = Child("run"), Child("preview", "--port", "0")
        self._answers: dict[str, str] = {}  # to the questions, until they are written
        self._known, self._country = Known(), ""

    def application(self) -> web.Application:
        """Returns the application, which lets in nobody but the page's own browser."""
        routes = [
            web.get("/", self._doors),
            web.get("/page/static/style.css", style),
            web.post("/page/try", self._try),
            web.get("/page/setup", self._questions),
            web.post("/page/setup", self._take_answers),
            web.get("/page/helplines", self._helplines),
            web.post("/page/start", self._start),
            web.get("/page/running", self._running),
        ]
        return Guard().application(routes, 65_536)

    async def close(self) -> None:
        """Ends what was started."""
        await asyncio.gather(self._bot.stop(), self._preview.stop())

    async def _doors(self, _: web.Request) -> web.Response:
        return page("Gentle tears", fill("doors"))

    async def _try(self, _: web.Request) -> web.Response:
        if not self._preview.runs:
            self._preview = Child("preview", "--port", "0")
            await self._preview.start()
        said = await self._preview.hear("The page is here: ")
        if said is None:
            return page("It did not start", f"<pre>{escape(self._preview.text)}</pre>{BACK}")
        # Its own page lets in nobody who comes from here: the preview opens it.
        address = escape(said.rpartition(" ")[2])
        text = f"It is open in another tab, and lasts as long as this program. If it is not: <code>{address}</code>"
        return page("The preview runs", f'<p role="status">{text}</p>{BACK}')

    async def _questions(self, _: web.Request) -> web.Response:
        try:
            _text, before = read_env()
        except SettingsError as wrong:
            return page("Set up", error(str(wrong)) + BACK)
        return self._form(before, {})

    def _form(self, given: Mapping[str, str], problems: Mapping[str, str]) -> web.Response:
        has_token = bool(given.get("BOT_TOKEN"))
        token = "The one in .env stays if this is empty." if has_token else "From @BotFather. It is tried at once."
        country = "Two letters, such as GB, to look over its helplines; may be empty."
        return page(
            "Set up",
            fill(
                "questions",
                token=field("BOT_TOKEN", "The token of your bot", token, "", problems, kind="password"),
                practice=field(
                    "PRACTICE_NAME",
                    "The name of your practice",
                    "In the first message; may be empty.",
                    given.get("PRACTICE_NAME", ""),
                    problems,
                ),
                languages="".join(self._options(given.get("LANGUAGE") or "en")),
                country=field("country", "The country of most of your clients", country, self._country, problems),
                backups=field(
                    "BACKUP_DIR",
                    "A folder for a copy of everything each day",
                    "May be empty.",
                    given.get("BACKUP_DIR", ""),
                    problems,
                ),
                file=escape(str(FILE.absolute())),
            ),
        )

    def _options(self, chosen: str) -> list[str]:
        names = {code: self._library.of(code).support.language_name(code) for code in languages((MESSAGES,))}
        marks = {code: " selected" if code == chosen else "" for code in names}
        return [f'<option value="{code}"{marks[code]}>{escape(name)}</option>' for code, name in names.items()]

    async def _take_answers(self, request: web.Request) -> web.Response:
        try:
            _text, before = read_env()
        except SettingsError as wrong:
            return page("Set up", error(str(wrong)) + BACK)
        form = await request.post()
        given = {name: " ".join(str(form.get(name) or "").split()) for name in ASKED}
        self._country = given.pop("country").upper()
        given["BOT_TOKEN"] = given["BOT_TOKEN"] or before.get("BOT_TOKEN", "")
        if given["LANGUAGE"] not in languages((MESSAGES,)):
            raise web.HTTPBadRequest(text="There are no words in this language.")
        known = await try_token(given["BOT_TOKEN"], before)
        problems = {"BOT_TOKEN": known.problem} if known.is_refused else {}
        if self._country and not self._library.of(given["LANGUAGE"]).support.lines_of(self._country):
            problems["country"] = f"There are no helplines for {self._country}; it is two letters, such as GB."
        if problems:
            return self._form({**before, **given, "BOT_TOKEN": before.get("BOT_TOKEN", "")}, problems)
        self._answers, self._known = given, known
        raise web.HTTPSeeOther("/page/helplines")

    async def _helplines(self, _: web.Request) -> web.Response:
        if not self._answers:
            raise web.HTTPSeeOther("/page/setup")
        support = self._library.of(self._answers["LANGUAGE"]).support
        lines = "".join(f"<li>{escape(described(line))}</li>" for line in support.lines_of(self._country))
        looked = fill("helplines", country=escape(support.name_of(self._country)), lines=lines) if lines else ""
        said = escape(self._known.problem or f"Telegram knows your bot: @{self._known.name}.")
        form = f'<form method="post" action="/page/start">{looked}<button>Save and start</button></form>'
        change = '<p><a href="/page/setup">Change the answers</a></p>'
        return page("Almost there", f'<p role="status">{said}</p>{form}{change}')

    async def _start(self, _: web.Request) -> web.Response:
        if self._answers:
            try:
                write_env(*read_env(), self._answers)
            except (OSError, SettingsError) as wrong:
                return page("Set up", error(f"{FILE} cannot be written: {wrong}") + BACK)
            self._answers = {}
            await self._bot.stop()
            self._bot = Child("run")
            await self._bot.start()
        raise web.HTTPSeeOther("/page/running")

    async def _running(self, _: web.Request) -> web.Response:
        if not self._bot.runs:
            change = '<p><a href="/page/setup">Change the answers</a></p>'
            said = f'<p role="status">This is what it said:</p><pre>{escape(self._bot.text)}</pre>'
            return page("It does not run", said + change)
        if not self._bot.is_ready:
            said = '<p role="status">The bot starts; this page looks again by itself.</p>'
            return page("Starting", said, refresh=1)
        address = f"t.me/{escape(self._known.name)}"
        link = f'<a href="https://{address}" rel="noreferrer">{address}</a>' if self._known.name else "your bot"
        said = f'<p role="status">It is ready. Open {link} in Telegram and press Start: it answers.</p>'
        return page("Your bot runs", said + fill("next", command=COMMAND))
