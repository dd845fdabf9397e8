"""python -m bot doctor --live: how the running bot does, from /ready, /metrics and the database.

Where the bot has no web server, the database alone tells what waits and what is late; that a process leads is seen
by trying to take the lead, which is given back at once. Nothing else is changed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import typer

from bot.commands import doctor_rush
from bot.commands.doctor_table import Check, show
from bot.database.engine import DATABASE_ERRORS, NEWEST_REVISION, Database
from bot.database.lead import is_taken, is_taken_for_all
from bot.paths import COMMAND, version
from bot.settings import Settings, SettingsError, read_settings
from bot.usecases.vitals import Figures, read_figures

ANSWER_SECONDS, DATABASE_SECONDS = 8.0, 5.0
LATE_SECONDS, TOO_LATE_SECONDS = 60.0, 300.0  # that the oldest may have waited
OFTEN_LATE = 0.01  # the share of messages
SLOW_REPLIES = 0.05  # the share of replies that may take more than SLOW_SECONDS
SLOW_SECONDS = "2.0"  # a bound of the histogram
REASONS = {
    "stopped": "stopped it",
    "blocked": "blocked the bot, or took it out",
    "gone": "are deleted, or cannot be found",
    "no_rights": "do not let the bot write",
    "topic_gone": "had a topic that was deleted",
    "refused": "were refused by Telegram three times in a row",
    "resting": "were silent for months",
}
Metrics = dict[tuple[str, str], float]  # by the figure's name and its labels as they are written


def main() -> None:
    """Ends with 0 when nothing is wrong, else with 1."""
    raise typer.Exit(asyncio.run(examine()))


async def examine() -> int:
    """Prints the table and returns the exit code."""
    return show([check async for check in _examine()])


async def _examine() -> AsyncIterator[Check]:
    try:
        settings = read_settings()
        if settings.names and settings.bot_token is None:
            settings.token  # noqa: B018 - says which bots there are
    except SettingsError as error:
        yield Check("settings", "wrong", str(error))
        return
    web = _Web(settings)
    await web.ask()
    for check in web.checks():
        yield check
    async for check in _database(settings, is_heard=bool(web.ready)):
        yield check


class _Web:
    """What the bot's web server says."""

    def __init__(self, settings: Settings) -> None:
        self._address = settings.own_address
        self._asked = {"bot": settings.only_bot} if settings.only_bot else {"bot": ""} if settings.names else {}
        self.ready: dict[str, object] = {}
        self.metrics: Metrics = {}
        self._trouble = ""

    async def ask(self) -> None:
        """Asks for /ready and /metrics, within ANSWER_SECONDS each."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with aiohttp.ClientSession(self._address, timeout=timeout) as session:
                async with session.get("/ready", params=self._asked) as answer:
                    ready = await answer.json()
                if isinstance(ready, dict) and isinstance(ready.get("missing"), list):
                    async with session.get("/metrics", params=self._asked) as answer:
                        self.metrics = _read(await answer.text())
                    self.ready = ready
                else:
                    self._trouble = "answers, but is not this bot (another program, or an older version)"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            is_odd = isinstance(error, (aiohttp.ContentTypeError, ValueError))
            self._trouble = "answers, but is not this bot" if is_odd else f"does not answer ({type(error).__name__})"

    def checks(self) -> Iterable[Check]:
        """Returns what is to be said about it."""
        if not self.ready:
            text = f"{self._address} {self._trouble}: the bot does not run here, or without a web server (LISTEN)."
            yield Check("program", "note", f"{text}\nWhat follows is what the database tells.")
            return
        yield self._version()
        missing = self.ready["missing"]
        lines = [str(line) for line in missing] if isinstance(missing, list) else []
        yield Check("ready", "wrong", "\n".join(lines)) if lines else Check("ready", "ok", "it has all that it needs")
        yield self._lead()
        yield self._calls()
        yield self._lateness()
        yield self._replies()

    def _version(self) -> Check:
        found = next((labels for name, labels in self.metrics if name == "bot_build_info"), "")
        here = f'version="{version()}"'
        text = f"{self._address} answers"
        if here not in found:
            return Check("program", "note", f"{text}, but in another version than this one: restart the bot")
        return Check("program", "ok", f"{text}, version {version()}")

    def _lead(self) -> Check:
        seconds = self.ready.get("last_look_seconds")
        if self.ready.get("lead") != "this process":
            return Check("lead", "ok", "another process sends what is due; this one takes over when that one ends")
        if not isinstance(seconds, int | float):
            return Check("lead", "note", "this process sends what is due, and has not looked at it yet")
        return Check("lead", "ok", f"this process sends what is due; it looked {seconds:.0f} seconds ago")

    def _calls(self) -> Check:
        sums = {
            result: self.metrics.get(("bot_telegram_calls_total", f'result="{result}"'), 0.0)
            for result in ("ok", "refused", "limited", "lost")
        }
        text = (
            "calls since it started: {ok:.0f} taken, {refused:.0f} refused, {limited:.0f} told to wait, {lost:.0f} lost"
        )
        is_bad = sums["limited"] + sums["lost"] > max(10.0, sum(sums.values()) * 0.05)
        return Check("telegram", "note" if is_bad else "ok", text.format(**sums))

    def _lateness(self) -> Check:
        every = self.metrics.get(("bot_lateness_seconds_bucket", 'le="+Inf"'), 0.0)
        late = every - self.metrics.get(("bot_lateness_seconds_bucket", f'le="{TOO_LATE_SECONDS}"'), 0.0)
        text = f"{late:.0f} of {every:.0f} messages came more than {TOO_LATE_SECONDS / 60:.0f} minutes late"
        if late <= every * OFTEN_LATE:
            return Check("lateness", "ok", text)
        return Check("lateness", "note", f"{text}: see `rush` below, which says if the limit is outgrown")

    def _replies(self) -> Check:
        every = self.metrics.get(("bot_reply_seconds_bucket", 'le="+Inf"'), 0.0)
        quick = self.metrics.get(("bot_reply_seconds_bucket", f'le="{SLOW_SECONDS}"'), 0.0)
        waiting = self.metrics.get(("bot_updates_waiting", ""), 0.0)
        slow = every - quick
        text = (
            f"{waiting:.0f} updates are being handled; {slow:.0f} of {every:.0f} took more than {SLOW_SECONDS} seconds"
        )
        return Check("replies", "note" if slow > every * SLOW_REPLIES else "ok", text)


def _read(text: str) -> Metrics:
    """Reads Prometheus' text. Raises ValueError for another."""
    metrics: Metrics = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            figure, _, labels = name.partition("{")
            metrics[figure, labels.removesuffix("}")] = float(value)
    return metrics


async def _database(settings: Settings, *, is_heard: bool) -> AsyncIterator[Check]:
    database = Database(settings.database_url)
    if _lacks_file(database):
        text = f"there is no file {database.url.database}: has the bot ever run with this DATABASE_URL?"
        yield Check("database", "wrong", text)
        return
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            revision = await database.revision()
            if revision != NEWEST_REVISION:
                text = f"at revision {revision}, this version needs {NEWEST_REVISION}: `{COMMAND} run` brings it up"
                yield Check("database", "wrong", text)
                return
            async with database.read() as session:
                now = datetime.now(UTC)
                figures = await read_figures(session, now)
            rush = Check("rush", *await doctor_rush.look(database, settings, now))
            leads = is_heard or await is_taken(database) or await is_taken_for_all(database)
    except (*DATABASE_ERRORS, TimeoutError) as error:
        yield Check("database", "wrong", f"cannot be read ({type(error).__name__}): see `{COMMAND} doctor`")
        return
    finally:
        await database.close()
    if not is_heard:
        yield _leading(leads)
    for check in _figures(figures, now):
        yield check
    yield rush


def _lacks_file(database: Database) -> bool:
    return database.is_sqlite and not Path(database.url.database or "").is_file()


def _leading(leads: bool) -> Check:
    if leads:
        return Check("lead", "ok", "a process has the lead, and sends what is due")
    return Check("lead", "wrong", "no process sends what is due: start the bot, or see why it has ended in its log")


def _figures(figures: Figures, now: datetime) -> Iterable[Check]:
    seconds = figures.oldest_seconds(now)
    text = (
        f"{figures.due} messages are due, {figures.sending} on their way, {figures.later} wait for their time; "
        f"{figures.overdue} reminders are not queued yet"
    )
    yield Check("queue", "ok", text)
    late = f"the oldest that is due has waited {seconds:.0f} seconds"
    if seconds > TOO_LATE_SECONDS:
        yield Check("late", "wrong", f"{late}: see `ready` and `telegram` above, and the log")
    else:
        yield Check("late", "note" if seconds > LATE_SECONDS else "ok", late if seconds else "nothing is late")
    failed = {work: count for work, count in figures.set_aside.items() if count}
    if failed:
        counts = ", ".join(f"{count} {work}" for work, count in failed.items())
        yield Check("set aside", "wrong", f"{counts}: `{COMMAND} doctor` lists them, and the log has each error")
    else:
        yield Check("set aside", "ok", "nothing")
    yield _resting(figures)


def _resting(figures: Figures) -> Check:
    resting = {reason: count for reason, count in figures.resting.items() if count}
    if not resting:
        return Check("resting", "ok", "no chat rests")
    lines = (f"{count} {REASONS.get(reason, reason)}" for reason, count in resting.items())
    return Check("resting", "ok", "\n".join([f"{sum(resting.values())} chats get nothing:", *lines]))
