"""Inline mode: which sentences and cards are found; nothing about a query is stored."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.columns import Base
from bot.database.models import Upload
from bot.settings import read_settings
from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.demo import TOKEN
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.patience import PATIENCE


async def results(person: Person, query: str) -> list[Json]:
    asked = await person.asks(query)
    assert asked.answer is not None
    found: list[Json] = asked.answer["results"]
    return found


def texts(found: list[Json]) -> list[str]:
    return [result["input_message_content"]["message_text"] for result in found if result["type"] == "article"]


async def test_sentences_are_found_and_shared(app: App, ana: Person) -> None:
    asked = await ana.asks("apolgize")
    assert asked.answer
    found = asked.answer["results"]
    assert "You don't have to apologize." in texts(found)
    chosen = next(result for result in found if result["description"] == "You don't have to apologize.")
    sent = await ana.chooses(asked, chosen["id"])
    assert sent.json["text"] == "You don't have to apologize."


async def test_an_empty_query_finds_some_of_everything_in_the_persons_language(app: App, ana: Person) -> None:
    sofia = add_person(ana.telegram, "Sofía", language_code="es")
    english, spanish = await results(ana, ""), await results(sofia, "")
    assert len(english) == len(spanish) == 30
    assert {result["id"].split(":")[1] for result in english} == {"en"}
    assert {result["id"].split(":")[1] for result in spanish} == {"es"}


async def test_what_is_about_sessions_or_groups_is_only_found_by_looking_for_it(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    unasked = catalogue.rules.themes_for.unasked()
    shown = [catalogue.by_id[result["id"].split(":")[2]] for result in await results(ana, "")]
    assert all(unasked.isdisjoint(affirmation.themes) for affirmation in shown)
    found = [catalogue.by_id[result["id"].split(":")[2]] for result in await results(ana, "in a group")]
    assert any("in-a-group" in affirmation.themes for affirmation in found)


async def test_the_same_query_finds_the_same_for_everyone(app: App, ana: Person) -> None:
    sofia = add_person(ana.telegram, "Sofía", language_code="es")
    asked = await ana.asks("tears")
    assert asked.answer
    assert asked.answer["is_personal"] is False
    assert [result["id"] for result in await results(sofia, "tears")] == [
        result["id"] for result in asked.answer["results"]
    ]


async def test_cards_that_were_sent_before_are_found_too(app: App, ana: Person) -> None:
    await ana.says("/settings")
    await ana.taps("As pictures")
    await ana.says("/affirm")
    caption = ana.hears()[-1]
    text = caption.split("\n\n")[0]
    found = await results(ana, text)
    (card,) = [result for result in found if result["type"] == "photo"]
    assert (card["caption"], card["id"].split(":")[0]) == (caption, "c")


async def test_portraits_that_were_sent_before_are_found_too(app: App, ana: Person) -> None:
    await ana.says("/affirm")
    await ana.taps("Keep")
    await ana.says("/kept")
    for label in ("1", "A picture for a story"):
        await ana.taps(label)
    caption = ana.hears()[-1]
    (card,) = [result for result in await results(ana, caption.split("\n\n")[0]) if result["type"] == "photo"]
    assert (card["caption"], card["id"].split(":")[0]) == (caption, "s")


async def test_a_bot_answers_with_no_file_of_another_one_that_has_the_same_words(
    app: App, ana: Person, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    await ana.says("/settings")
    await ana.taps("As pictures")
    await ana.says("/affirm")
    text = ana.hears()[-1].split("\n\n")[0]
    assert "photo" in [result["type"] for result in await results(ana, text)]
    elsewhere = LocalTelegram(clock=clock)
    elsewhere.add_bot(TOKEN, first_name="Another", username="another_bot")
    (tmp_path / "another").mkdir()
    other = build(read_settings(_env_file=None), library, elsewhere, clock, tmp_path / "another")
    await start(other, elsewhere)
    try:
        ben = add_person(elsewhere, "Ben", language_code="en")
        assert "photo" not in [result["type"] for result in await results(ben, text)]
    finally:
        await other.stop()
        await elsewhere.stop()


@pytest.mark.parametrize("query", ["tears", "", "t", "xqzwvk", "🫧" * 60])
async def test_never_more_than_fifty(app: App, ana: Person, query: str) -> None:
    assert len(await results(ana, query)) <= 50


async def test_nothing_about_it_is_stored(app: App, ana: Person, catalogue: Catalogue) -> None:
    async def count_rows() -> dict[str, int | None]:
        async with app.database.read() as session:
            return {
                table.name: await session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }

    before = await count_rows()
    await results(ana, "tears")
    assert await count_rows() == before


async def test_missing_cards_are_put_into_the_cards_chat_and_found_the_next_time(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    ana = add_person(telegram, "Ana", language_code="en")
    shelf = make_group(telegram, "Cards", owner=ana, kind="channel")
    await shelf.promote(ana.bot, by=ana, can_post_messages=True)
    settings = read_settings(_env_file=None, cards_chat=shelf.id)
    app = build(settings, library, telegram, clock, tmp_path)
    await start(app, telegram)
    try:
        assert [result["type"] for result in await results(ana, "humn")].count("photo") == 0
        async with asyncio.timeout(PATIENCE):
            while await uploaded(app) < 5:  # noqa: ASYNC110 - what it waits for is drawn in a thread
                await asyncio.sleep(0.02)
        assert [result["type"] for result in await results(ana, "humn")].count("photo") == 5
    finally:
        await app.stop()


async def uploaded(app: App) -> int:
    async with app.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Upload)) or 0
