"""Cards are uploaded once and sent by file_id; a lost one is uploaded again; the text comes in any case."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from telegram import InputFile
from telegram.error import BadRequest

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.engine import Database
from bot.database.models import Upload
from bot.delivery.uploads import Picture, Uploads
from bot.domain.ids import TelegramId
from bot.settings import read_settings
from localtelegram.answers import Json
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build


async def as_pictures(person: Person) -> None:
    await person.says("/settings")
    await person.taps("As pictures")


async def every_morning(person: Person) -> None:
    await person.says("/start")
    for label in ("Once a day", "08:30"):
        await person.taps(label)
    await person.says("Berlin")


async def messages_of(app: App, clock: MovableClock, person: Person, *, days: int) -> list[Json]:
    """Returns the messages that come in so many days, one a day."""
    heard = []
    for _ in range(days):
        clock.move(timedelta(days=1))
        await app.scheduler.catch_up()
        heard.append(person.last())
    return heard


@asynccontextmanager
async def running(telegram: LocalTelegram, clock: MovableClock, library: Library, folder: Path) -> AsyncIterator[App]:
    whole = library.of("en")
    few = Catalogue(**{**dict(whole), "affirmations": whole.affirmations[:3]})
    app = build(read_settings(_env_file=None), Library({"en": few}, "en"), telegram, clock, folder)
    await start(app, telegram)
    yield app
    await app.stop()


async def uploads(app: App) -> list[str]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Upload.file_id)))


async def test_a_card_has_its_text_and_its_source_as_caption(app: App, ana: Person, catalogue: Catalogue) -> None:
    await as_pictures(ana)
    await ana.says("/affirm")
    message = ana.last()
    text, credit = message["caption"].split("\n\n")
    (affirmation,) = [affirmation for affirmation in catalogue.affirmations if affirmation.text == text]
    assert credit.startswith(f"Drawn from: {affirmation.source.title}")
    assert message["photo"][-1]["width"] == message["photo"][-1]["height"]
    assert ana.labels()[0] == ["Keep", "Another", "Not for me"]


async def test_reminders_come_as_pictures(app: App, ana: Person, clock: MovableClock) -> None:
    await as_pictures(ana)
    await every_morning(ana)
    heard = await messages_of(app, clock, ana, days=3)
    assert all("photo" in message for message in heard)
    assert len(await uploads(app)) == 3


async def test_in_many_chats_at_once_it_is_uploaded_once(database: Database) -> None:
    pictures, posted = Uploads(database), list[str]()

    async def post(file: str | InputFile) -> str:
        posted.append(file if isinstance(file, str) else "a file")
        await asyncio.sleep(0)
        return "its-file-id"

    picture = Picture("photo", "a.jpg", "a-key", lambda: b"drawn")
    await asyncio.gather(*(pictures.send(TelegramId(1), picture, post, lambda answer: answer) for _ in range(30)))
    assert sorted(posted) == ["a file", *["its-file-id"] * 29]
    assert await Uploads(database).find(TelegramId(1), [picture]) == {picture.key: "its-file-id"}
    assert await Uploads(database).find(TelegramId(2), [picture]) == {}


async def test_lost_in_many_chats_at_once_it_is_uploaded_once_more(database: Database) -> None:
    pictures, posted = Uploads(database), list[str]()
    current = "first"

    async def post(file: str | InputFile) -> str:
        posted.append(file if isinstance(file, str) else "a file")
        await asyncio.sleep(0)
        if isinstance(file, str) and file != current:
            raise BadRequest("Wrong file identifier/HTTP URL specified")
        return current

    picture = Picture("photo", "a.jpg", "a-key", lambda: b"drawn")
    await pictures.send(TelegramId(1), picture, post, lambda answer: answer)
    current = "second"
    await asyncio.gather(*(pictures.send(TelegramId(1), picture, post, lambda answer: answer) for _ in range(10)))
    assert posted.count("a file") == 2
    assert await Uploads(database).find(TelegramId(1), [picture]) == {picture.key: "second"}


@pytest.mark.parametrize("error", ["Not enough rights to send photos to the chat", "IMAGE_PROCESS_FAILED"])
async def test_where_pictures_are_not_wanted_the_text_comes(
    telegram: LocalTelegram, app: App, ana: Person, clock: MovableClock, error: str
) -> None:
    await as_pictures(ana)
    await every_morning(ana)
    telegram.faults.refuse(400, f"Bad Request: {error}", method="sendPhoto")
    (heard,) = await messages_of(app, clock, ana, days=1)
    assert "text" in heard


async def test_a_card_with_a_lost_file_id_is_uploaded_again(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    """Telegram has lost every picture between two runs of the program."""
    ana = add_person(telegram, "Ana", language_code="en")
    async with running(telegram, clock, library, tmp_path) as app:
        await as_pictures(ana)
        await every_morning(ana)
        await messages_of(app, clock, ana, days=3)
        known = await uploads(app)
        async with app.database.write() as session:
            await session.execute(update(Upload).values(file_id="lost"))
    async with running(telegram, clock, library, tmp_path) as app:
        heard = await messages_of(app, clock, ana, days=3)
        assert all("photo" in message for message in heard)
        assert len(await uploads(app)) == len(known)
        assert "lost" not in await uploads(app)


async def test_not_for_me_under_a_picture_keeps_the_picture(app: App, ana: Person, catalogue: Catalogue) -> None:
    await as_pictures(ana)
    await ana.says("/affirm")
    await ana.taps("Not for me")
    assert "photo" in ana.last()
    assert ana.labels()[0] == [catalogue.interface.tastes.bring_back]


async def test_texts_come_again_when_they_are_chosen(app: App, ana: Person) -> None:
    await as_pictures(ana)
    await ana.taps("As words")
    await ana.says("/affirm")
    assert "text" in ana.last()
