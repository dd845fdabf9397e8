"""The page's server: files, actions, refusals, the clock and the stream of events."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, CookieJar

from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.loopback import listen
from localtelegram.page.feed import EVENTS_KEPT, SYNC, Feed
from localtelegram.page.server import FILES, Page
from localtelegram.page.time_travel import MOST_STEPS, NOTHING_SET, STOPPED_EARLY, NextDue, travel
from localtelegram.people.demo import DemoWorld, populate
from localtelegram.telegram import LocalTelegram

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class HourlyBot:
    """A bot that has something due every hour, and records when it was asked to catch up."""

    def __init__(self, clock: MovableClock, *, every: timedelta | None = timedelta(hours=1)) -> None:
        self._clock = clock
        self._every = every
        self._due = NOON + every if every else None
        self.caught_up: list[datetime] = []
        self.chat_id = 0
        self.shown: list[tuple[str, str]] = []

    async def next_due(self) -> NextDue | None:
        return NextDue(self._due, self.chat_id, "a reminder") if self._due else None

    async def zones(self) -> dict[str, str]:
        return {f"{self.chat_id}/0": "Europe/Berlin"}

    async def catch_up(self) -> None:
        self.caught_up.append(self._clock())
        while self._due and self._every and self._due <= self._clock():
            self._due += self._every

    async def show_message(self, language: str, name: str) -> None:
        if name != "the-kettle":
            raise ValueError("Press START first.")
        self.shown.append((language, name))

    def flows(self) -> dict[str, str]:
        return {"look-around": "Look <around>"}

    def alts(self) -> list[dict[str, str]]:
        return [{"file": "wave.mp4", "says": "See.", "alt": "A wave", "language": "en"}]

    def picture(self, flow: str) -> str:
        return f"<svg><!-- {self.flows()[flow]} --></svg>"


@pytest.fixture
async def world(telegram: LocalTelegram) -> DemoWorld:
    return await populate(telegram)


@pytest.fixture
async def page(telegram: LocalTelegram, world: DemoWorld, clock: MovableClock) -> AsyncIterator[ClientSession]:
    bot = HourlyBot(clock)
    bot.chat_id = world.you.chat.id
    page = Page(telegram, world, clock, bot)
    runner, port = await listen(page.application())
    address = f"http://127.0.0.1:{port}"
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as session, session.get("/"):
        yield session
    page.close()
    await runner.cleanup()


async def test_a_message_is_shown_by_the_bot_which_says_why_if_it_cannot(page: ClientSession) -> None:
    assert await do(page, "message", {"language": "en", "name": "the-kettle"}) == (200, {})
    assert await do(page, "message", {"language": "en", "name": "x"}) == (400, {"error": "Press START first."})
    assert (await do(page, "message", {}))[0] == 400


async def test_the_conversations_are_shown_as_pictures(page: ClientSession) -> None:
    async with page.get("/page/flows") as answer:
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/html")
    assert '<img src="/page/flows/look-around.svg" alt="Look &lt;around&gt;: its steps"' in text
    async with page.get("/page/flows/look-around.svg") as answer:
        assert (answer.status, answer.content_type) == (200, "image/svg+xml")
        assert (await answer.text()).startswith("<svg>")
    async with page.get("/page/flows/elsewhere.svg") as answer:
        assert answer.status == 404


async def test_the_state_says_what_moving_pictures_show(page: ClientSession) -> None:
    async with page.get("/page/state") as answer:
        state = await answer.json()
    assert state["alts"] == [{"file": "wave.mp4", "says": "See.", "alt": "A wave", "language": "en"}]


async def do(page: ClientSession, verb: str, body: object) -> tuple[int, Json]:
    async with page.post(f"/page/do/{verb}", json=body) as answer:
        return answer.status, await answer.json()


async def test_the_page_may_load_nothing_from_elsewhere(page: ClientSession) -> None:
    async with page.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "Local Telegram" in await answer.text()


async def test_every_file_is_given_and_no_other(page: ClientSession) -> None:
    for file in FILES.iterdir():
        async with page.get(f"/page/static/{file.name}") as answer:
            assert answer.status == 200
    for name in ("..%2Fpage.py", "%2e%2e", "page.py", "nothing.js"):
        async with page.get(f"/page/static/{name}") as answer:
            assert answer.status == 404


async def test_the_state_shows_four_chats_in_their_order(page: ClientSession) -> None:
    async with page.get("/page/state") as answer:
        state = await answer.json()
    assert [chat["label"] for chat in state["chats"]] == ["You", "Robin", "Tuesday circle", "Quiet mornings"]
    circle = state["chats"][2]
    assert [topic["name"] for topic in circle["topics"]] == ["General", "Gentle reminders", "Practicalities"]
    assert [one["label"] for one in circle["speakers"]] == ["You", "Robin", "Anonymous admin"]
    assert state["clock"]["next_due"] == (NOON + timedelta(hours=1)).timestamp() * 1000
    assert state["clock"]["next_what"] == "a reminder, You"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("dance", {}),
        ("say", {}),
        ("say", []),
        ("say", {"chat_id": 1, "speaker": "x", "text": "x"}),
        ("clock", {"to": "yesterday"}),
    ],
)
async def test_what_cannot_be_done_is_said_in_words(page: ClientSession, verb: str, body: object) -> None:
    status, answer = await do(page, verb, body)
    assert status == 400
    assert answer["error"]


async def test_saying_something_puts_it_into_the_chat(page: ClientSession, world: DemoWorld) -> None:
    you = str(world.you.id)
    assert await do(page, "start", {"chat_id": world.you.id, "speaker": you}) == (200, {})
    assert await do(page, "say", {"chat_id": world.you.id, "speaker": you, "thread_id": 0, "text": "hello"}) == (
        200,
        {},
    )
    assert world.you.sees() == ["/start", "hello"]


async def test_a_reply_reaches_the_bot_with_the_message_that_it_answers(page: ClientSession, world: DemoWorld) -> None:
    asked = (
        await world.telegram.call(world.bot.token, "sendMessage", {"chat_id": world.circle.id, "text": "When?"})
    ).body
    body = {"chat_id": world.circle.id, "speaker": str(world.robin.id), "text": "At eight"}
    assert await do(page, "say", body | {"reply_to": asked["result"]["message_id"]}) == (200, {})
    updates = (await world.telegram.call(world.bot.token, "getUpdates", {})).body["result"]
    assert updates[-1]["message"]["reply_to_message"]["text"] == "When?"  # privacy mode lets replies through
    status, answer = await do(page, "say", body | {"reply_to": 999})
    assert (status, answer["error"]) == (400, "The message that you reply to is not here any more.")


async def test_only_chats_that_may_be_chosen_are_offered_and_who_may_the_rest_is_said(
    page: ClientSession, world: DemoWorld
) -> None:
    for person, offered in ((world.you, ["Quiet mornings"]), (world.robin, [])):
        body = {"chat_id": person.id, "speaker": str(person.id), "is_channel": True}
        status, answer = await do(page, "offers", body)
        assert (status, [chat["label"] for chat in answer["offered"]]) == (200, offered)
    refusal = "Quiet mornings is not offered to Robin (member). Who may choose it: You (owner)."
    assert answer["others"] == [refusal]
    assert await do(page, "add", body | {"shared_chat_id": world.channel.id}) == (400, {"error": refusal})
    status, answer = await do(page, "offers", {key: body[key] for key in ("chat_id", "speaker")} | {"request_id": 1})
    assert (status, answer["error"]) == (400, "That keyboard is not there any more.")


async def test_the_state_says_who_is_in_a_chat_and_by_which_clock_it_lives(
    page: ClientSession, world: DemoWorld
) -> None:
    async with page.get("/page/state") as answer:
        state = await answer.json()
    assert state["clock"]["zones"] == {f"{world.you.chat.id}/0": "Europe/Berlin"}
    members = [[(one["name"], one["role"]) for one in chat["members"]] for chat in state["chats"]]
    assert members == [
        [],
        [],
        [("You", "owner"), ("Robin", "member"), ("Gentle tears", "member")],
        [("You", "owner"), ("Robin", "member"), ("Gentle tears", "admin")],
    ]


async def test_a_file_of_this_machine_is_sent_as_a_document(page: ClientSession, world: DemoWorld) -> None:
    body = {"chat_id": world.you.id, "speaker": str(world.you.id), "name": "mine.json", "base64": "e30="}
    assert await do(page, "file", body) == (200, {})
    assert world.you.files() == {"mine.json": b"{}"}
    assert (await do(page, "file", body | {"base64": "?"}))[0] == 400


async def test_an_anonymous_admin_speaks_as_the_group(page: ClientSession, world: DemoWorld) -> None:
    circle = world.circle
    body = {"chat_id": circle.id, "speaker": "anonymous", "thread_id": world.topics["Practicalities"].id, "text": "hi"}
    assert (await do(page, "say", body))[0] == 200
    message = world.robin.last(circle)
    assert message["sender_chat"]["id"] == circle.id
    assert message["message_thread_id"] == world.topics["Practicalities"].id


async def test_the_clock_moves_from_one_due_time_to_the_next(clock: MovableClock) -> None:
    bot = HourlyBot(clock)
    assert await travel(clock, bot, "next") == ""
    assert clock() == NOON + timedelta(hours=1)
    assert await travel(clock, bot, "day") == ""
    assert clock() == NOON + timedelta(hours=25)
    assert bot.caught_up == [NOON + timedelta(hours=hour) for hour in range(1, 26)]


async def test_a_clock_with_nothing_ahead_says_so_and_stays(clock: MovableClock) -> None:
    assert await travel(clock, HourlyBot(clock, every=None), "next") == NOTHING_SET
    assert clock() == NOON


async def test_a_clock_without_a_bot_only_moves(clock: MovableClock) -> None:
    assert await travel(clock, None, "hour") == ""
    assert clock() == NOON + timedelta(hours=1)


async def test_too_much_on_the_way_stops_it_and_is_said(clock: MovableClock) -> None:
    bot = HourlyBot(clock, every=timedelta(seconds=10))
    assert await travel(clock, bot, "day") == STOPPED_EARLY
    assert len(bot.caught_up) <= MOST_STEPS * 2


async def test_a_page_that_was_away_for_a_moment_gets_what_it_missed(world: DemoWorld) -> None:
    feed = Feed(world)
    for number in range(5):
        feed.tell("message", chat_id=1, message={"number": number})
    stream = feed.stream(feed.seq - 2)
    got = [json.loads((await anext(stream)).decode().split("data: ")[1]) for _ in range(2)]
    assert [event["message"]["number"] for event in got] == [3, 4]
    await stream.aclose()


@pytest.mark.parametrize("last_seen", [None, 10**9])
async def test_a_page_that_is_new_is_told_to_fetch_everything(world: DemoWorld, last_seen: int | None) -> None:
    stream = Feed(world).stream(last_seen)
    assert await anext(stream) == SYNC
    await stream.aclose()


async def test_a_page_that_was_away_for_long_is_told_to_fetch_everything(world: DemoWorld) -> None:
    feed = Feed(world)
    first = feed.seq
    for number in range(EVENTS_KEPT + 1):
        feed.tell("message", chat_id=1, message={"number": number})
    stream = feed.stream(first)
    assert await anext(stream) == SYNC
    await stream.aclose()
