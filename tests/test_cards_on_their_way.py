"""Cards on their way: uploaded once, sent by file_id, healed when one is lost, and never in the way of the words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.app import App
from bot.catalogue.library import Library
from bot.catalogue.load import Catalogue
from bot.models import Upload
from bot.preview.clock import MovableClock
from bot.preview.people import Person, add_person
from bot.preview.refusal import Json
from bot.preview.telegram import LocalTelegram
from bot.settings import read_settings
from bot.stage import build, start


async def as_pictures(person: Person) -> None:
    await person.says("/settings")
    await person.taps("As pictures")


async def every_morning(person: Person) -> None:
    await person.says("/start")
    for label in ("Once a day", "08:30"):
        await person.taps(label)
    await person.says("Berlin")


async def hear_all(app: App, clock: MovableClock, person: Person) -> list[Json]:
    """Every affirmation once: one a day, and all days at once."""
    heard = []
    for _ in app.library.of("en").affirmations:
        clock.move(timedelta(days=1))
        await app.jobs.catch_up()
        heard.append(person.last())
    return heard


@asynccontextmanager
async def running(telegram: LocalTelegram, clock: MovableClock, library: Library, folder: Path) -> AsyncIterator[App]:
    few = library.of("en").model_copy(update={"affirmations": library.of("en").affirmations[:3]})
    app = build(read_settings(_env_file=None), Library({"en": few}, "en"), telegram, clock, folder)
    await start(app, telegram)
    yield app
    await app.stop()


async def uploads(app: App) -> list[str]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Upload.file_id)))


async def test_a_picture_carries_its_words(app: App, ana: Person, catalogue: Catalogue) -> None:
    await as_pictures(ana)
    await ana.says("/affirm")
    message = ana.last()
    assert message["caption"] in {each.text for each in catalogue.affirmations}
    assert message["photo"][-1]["width"] == message["photo"][-1]["height"]
    assert ana.labels()[0] == ["Keep", "Another", "Not for me"]


async def test_reminders_come_as_pictures_and_are_uploaded_once(app: App, ana: Person, clock: MovableClock) -> None:
    robin = add_person(ana.telegram, "Robin", language_code="en")
    for person in (ana, robin):
        await as_pictures(person)
        await every_morning(person)
    came = []
    for _ in range(3):
        clock.move(timedelta(days=1))
        await app.jobs.catch_up()
        came += [ana.last(), robin.last()]
    assert all("photo" in each for each in came)
    assert len(await uploads(app)) == len({each["caption"] for each in came})


async def test_a_lost_file_id_is_healed_by_itself(
    telegram: LocalTelegram, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    """Between two runs of the program, Telegram has lost every picture."""
    ana = add_person(telegram, "Ana", language_code="en")
    async with running(telegram, clock, library, tmp_path) as app:
        await as_pictures(ana)
        await every_morning(ana)
        await hear_all(app, clock, ana)
        known = await uploads(app)
        async with app.database.write() as session:
            await session.execute(update(Upload).values(file_id="lost"))
    async with running(telegram, clock, library, tmp_path) as app:
        heard = await hear_all(app, clock, ana)
        assert all("photo" in each for each in heard)
        assert len(await uploads(app)) == len(known)
        assert "lost" not in await uploads(app)


async def test_not_for_me_under_a_picture_keeps_the_picture(app: App, ana: Person, catalogue: Catalogue) -> None:
    await as_pictures(ana)
    await ana.says("/affirm")
    await ana.taps("Not for me")
    assert "photo" in ana.last()
    assert ana.labels()[0] == [catalogue.interface.tastes.bring_back]


async def test_words_come_again_when_they_are_chosen(app: App, ana: Person) -> None:
    await as_pictures(ana)
    await ana.taps("As words")
    await ana.says("/affirm")
    assert "text" in ana.last()
