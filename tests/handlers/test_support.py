"""The support card: always available, with the helplines of the chosen country."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot.app import App
from bot.content.crisis import Danger
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.content.support import SupportCardTexts
from bot.database.engine import Session
from bot.database.models import Chat
from bot.delivery import reply_turns
from bot.domain.ids import TelegramId
from bot.usecases.chats import find_chat
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.patience import PATIENCE
from tests.scenes import subscribe, write_plan
from tests.wire import until


@pytest.fixture
def card(catalogue: Catalogue) -> SupportCardTexts:
    return catalogue.support.card


async def chat_of(app: App, person: Person) -> Chat | None:
    async with app.database.read() as session:
        return await find_chat(session, TelegramId(person.id))


def labels(person: Person, chat: Group | None = None) -> set[str]:
    return {label for row in person.labels(chat) for label in row}


# The country


async def choose(person: Person, card: SupportCardTexts, letters: str, country: str, chat: Group | None = None) -> None:
    for label in (card.buttons.choose_country, letters, country):
        await person.taps(label, chat)


async def test_the_chosen_country_is_remembered_and_goes_before_every_guess(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await subscribe(ana)
    await ana.says("/support")
    assert "(UK)" in ana.hears()[-1]
    await choose(ana, card, "E–G", "Germany")
    await ana.says("/support")
    assert "(Germany)" in ana.hears()[-1]


async def test_choosing_a_country_begins_the_chat(app: App, ana: Person, card: SupportCardTexts) -> None:
    await ana.says("/support")
    assert await chat_of(app, ana) is None
    await ana.taps(card.buttons.choose_country)
    await ana.taps("Ireland")
    chat = await chat_of(app, ana)
    assert chat
    assert chat.country == "IE"


async def test_the_country_where_someone_may_be_is_offered_first(app: App, ana: Person, card: SupportCardTexts) -> None:
    await subscribe(ana)
    await ana.says("/support")
    await ana.taps(card.buttons.choose_country)
    assert ana.labels()[0] == ["UK"]
    assert ana.labels()[1] == ["USA", "Canada"]


async def test_somewhere_else_is_remembered_and_ends_the_guessing(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await subscribe(ana)
    await ana.says("/support")
    await ana.taps(card.buttons.choose_country)
    await ana.taps(card.buttons.somewhere_else)
    await ana.says("/support")
    assert "Emergency: 112 (Americas: 911)" in ana.hears()[-1]
    assert "findahelpline" in ana.hears()[-1]


async def test_all_lines_of_the_country_are_one_tap_away_and_back(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await ana.says("/support")
    await ana.taps(card.buttons.choose_country)
    await ana.taps("USA")
    await ana.taps(card.buttons.more)
    assert "National Domestic Violence Hotline" in ana.hears()[-1]
    assert card.grounding in ana.hears()[-1]
    assert card.automated in ana.hears()[-1]
    await ana.taps(card.buttons.back)
    assert "(USA)" in ana.hears()[-1]


@pytest.mark.parametrize(
    ("language", "country"),
    [
        ("de", "Germany"),
        ("pl", "Poland"),
        ("en-GB", "UK"),
        ("pt-br", "Brazil"),
        ("de-AT", "Austria"),
        ("nl-SR", "Suriname"),
        ("xx-YY", None),
        ("en", None),
        ("es", None),
        ("fr", None),
        ("pt", None),
        ("zh-hans", None),
        (None, None),
    ],
)
async def test_a_country_is_guessed_from_the_language_only_where_it_can_be(
    telegram: LocalTelegram, app: App, library: Library, language: str | None, country: str | None
) -> None:
    card = library.of(library.fit(language)).support.card
    person = add_person(telegram, "Ana", language_code=language)
    await person.says("/support")
    shown = person.hears()[-1].split("\n\n")[-1]
    assert f"({country})" in shown if country else "findahelpline" in shown
    assert (person.labels()[0] == [card.buttons.choose_country]) == (country is None)


async def test_no_country_is_remembered_for_a_group(
    telegram: LocalTelegram, app: App, ana: Person, card: SupportCardTexts
) -> None:
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", circle)
    await ana.says("/support@gentle_tears_bot", circle)
    await choose(ana, card, "E–G", "Germany", circle)
    assert "(Germany)" in ana.last(circle)["text"]
    async with app.database.read() as session:
        chat = await find_chat(session, TelegramId(circle.id))
    assert chat
    assert chat.country is None


# Always available


async def test_grounding_is_one_tap_away_and_from_a_group_two(
    telegram: LocalTelegram, app: App, ana: Person, card: SupportCardTexts, catalogue: Catalogue
) -> None:
    await ana.says("/support")
    await ana.taps(card.buttons.ground)
    assert catalogue.interface.flows.out in labels(ana)
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await ana.says("/support@gentle_tears_bot", circle)
    await ana.taps(card.buttons.ground, circle)
    assert ana.opened == ["https://t.me/gentle_tears_bot?start=ground"]


async def test_it_comes_when_the_database_is_down(app: App, ana: Person, card: SupportCardTexts) -> None:
    await write_plan(ana, card.plan, "Mara")
    async with app.database.engine.begin() as connection:
        for table in ("safety_plans", "conversations", "chats"):
            await connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_elsewhere"))
    await ana.says("/support")
    assert ana.hears()[-1].startswith(card.opening)
    await choose(ana, card, "E–G", "Germany")
    assert "(Germany)" in ana.hears()[-1]
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(f"{card.heard['oneself']}\n\n{card.people}")
    await ana.taps(card.buttons.close)
    assert ana.hears()[-1] == card.closing


PEOPLE, OPENING = "People who listen", "If this is a very hard moment"


@pytest.mark.parametrize(
    "before",
    [
        [],
        ["/ground"],
        ["/reflect", "After crying", "Begin"],
        ["/reminders", "Add a reminder"],
        ["/pause"],
        ["/settings", "Time zone"],
        ["/forget"],
    ],
)
async def test_an_answer_to_typed_text_leads_to_people_in_one_tap(app: App, ana: Person, before: list[str]) -> None:
    for index, step in enumerate(before):
        await (ana.taps(step) if index else ana.says(step))
    await ana.says("he left and everything in me is dark")
    assert PEOPLE in labels(ana)
    await ana.taps(PEOPLE)
    assert ana.hears()[-1].startswith(OPENING)


async def test_text_that_nothing_waits_for_leads_to_grounding_too(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await ana.says("my neighbor has a new car")
    assert labels(ana) == {card.buttons.ground, PEOPLE}
    await ana.taps(card.buttons.ground)
    assert len(ana.hears()) > 1


async def test_what_is_no_text_leads_there_too(app: App, ana: Person) -> None:
    await ana.shares_location(52.5, 13.4)
    assert PEOPLE in labels(ana)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("he hits me", "from_others"),
        ("I'm scared I'll hurt my baby", "to_others"),
        ("I took all my pills", "medical"),
        ("I want to die", "oneself"),
        ("my sister wants to die", "somebody_else"),
        ("I can't breathe", "breath"),
    ],
)
async def test_the_first_line_answers_what_was_typed(
    app: App, ana: Person, card: SupportCardTexts, text: str, danger: Danger
) -> None:
    await ana.says(text)
    assert ana.hears()[-1].startswith(card.heard[danger].format(number="112 (911 in the Americas)"))
    assert "{" not in ana.hears()[-1]


# What it looks like


def bold(person: Person, chat: Group | None = None) -> list[str]:
    """Returns the parts of the newest message that are bold, as Telegram counts: in UTF-16 units."""
    message = person.last(chat)
    units = message["text"].encode("utf-16-le")
    return [
        units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
        for entity in message.get("entities", [])
        if entity["type"] == "bold"
    ]


async def test_numbers_are_bold_in_a_new_message_and_in_one_that_changes(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await write_plan(ana, card.plan, "\N{BUBBLES} Mara")
    await ana.says("/support")
    plan = [card.plan.heading, f"{card.plan.parts['people'].name}:"]
    assert bold(ana) == [*plan, "112", "911", "988", "116 123", "13 11 14"]
    await ana.taps(card.buttons.choose_country)
    await ana.taps("USA")
    assert bold(ana) == [*plan, "911", "988", "988"]


async def test_someone_who_is_hurt_gets_the_line_for_it_and_the_message_to_copy_first(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await ana.says("/support")
    await ana.taps(card.buttons.choose_country)
    await ana.taps("UK")
    await ana.says("he hits me")
    shown = ana.hears()[-1]
    assert shown.index("National Domestic Abuse Helpline") < shown.index("Samaritans")
    assert ana.labels()[0] == [card.buttons.copy_danger]


async def test_the_messages_to_copy_are_whole(app: App, ana: Person, card: SupportCardTexts) -> None:
    await ana.says("/support")
    keyboard = ana.last()["reply_markup"]["inline_keyboard"]
    copied = [button["copy_text"]["text"] for row in keyboard for button in row if "copy_text" in button]
    assert copied == [card.company, card.danger]


async def test_closing_says_how_to_get_the_numbers_back(app: App, ana: Person, card: SupportCardTexts) -> None:
    await ana.says("/support")
    await ana.taps(card.buttons.close)
    assert "/support" in ana.hears()[-1]
    await ana.says("/support")
    assert "988" in ana.hears()[-1]


async def test_who_asks_once_more_waits_for_no_database_that_hangs_for_writing(
    app: App, ana: Person, card: SupportCardTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ana.starts()
    never = asyncio.Event()

    @asynccontextmanager
    async def hangs() -> AsyncIterator[Session]:
        await never.wait()
        raise OSError("the server has gone away")
        yield  # what a context manager must have

    monkeypatch.setattr(app.database, "write", hangs)
    async with asyncio.timeout(PATIENCE):
        for _ in range(2):
            before = len(ana.hears())
            await ana.says("/support")
            assert len(ana.hears()) == before + 1
            assert card.buttons.choose_country in labels(ana)
    never.set()


@pytest.mark.parametrize("way", ["/support", "I want to die"])
async def test_the_card_does_not_wait_for_a_database_that_hangs(
    app: App, ana: Person, card: SupportCardTexts, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    await ana.starts()
    never = asyncio.Event()

    @asynccontextmanager
    async def hangs() -> AsyncIterator[Session]:
        if way == "/support" or reply_turns.is_urgent():
            await never.wait()
            raise OSError("the server has gone away")
        async with whole() as session:
            yield session

    whole = app.database.read
    monkeypatch.setattr(app.database, "read", hangs)
    monkeypatch.setattr(app.database, "write", hangs)
    asking = asyncio.create_task(ana.says(way))
    await until(lambda: card.buttons.choose_country in labels(ana))
    never.set()
    await asking
