"""/export sends all that is stored about a person, in clear for them alone; /bring takes it in on another server."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import escape
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import func, select
from telegram import File
from telegram.ext import ExtBot

from bot.app import App
from bot.commands import preview
from bot.commands.preview import start
from bot.content.exports import BringTexts
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Chat, Favourite, Reminder
from bot.domain import exports
from bot.domain.exports import MOST_BYTES, Export, Here, Part
from bot.settings import read_settings
from bot.usecases.stored_data import STORED
from localtelegram.clock import MovableClock
from localtelegram.people.demo import TOKEN
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.scenes import subscribe, write_plan

WORDS = "Mara <0123 & 456>"


@pytest.fixture
def texts(catalogue: Catalogue) -> BringTexts:
    return catalogue.interface.bring


async def live(person: Person, catalogue: Catalogue) -> None:
    """Sets up a reminder, keeps a message, writes a part of a plan."""
    await subscribe(person)
    await person.says("/affirm")
    await person.taps(catalogue.interface.kept.keep)
    await write_plan(person, catalogue.support.card.plan, WORDS)


def file_of(person: Person, ending: str) -> bytes:
    """What /export has sent."""
    (name,) = (name for name in person.files() if re.fullmatch(rf"gentle-tears-2026-\d\d-\d\d\{ending}", name))
    return person.files()[name]


def brought(content: bytes) -> dict[str, object]:
    return {name: value for name, value in json.loads(content).items() if name not in ("here", "exported_at")}


@pytest.fixture
async def elsewhere(
    app: App, clock: MovableClock, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Person]:
    """Ana on another server of this bot, with another key."""
    async with AsyncExitStack() as stack:
        telegram = LocalTelegram(clock=clock)
        stack.push_async_callback(telegram.stop)
        telegram.add_bot(TOKEN, first_name="Gentle tears", username="gentle_tears_bot")
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        monkeypatch.setattr(preview, "KEY", SecretStr(Fernet.generate_key().decode()))
        other = build(read_settings(_env_file=None), library, telegram, clock, folder)
        stack.push_async_callback(other.stop)
        await start(other, telegram)
        yield add_person(telegram, "Ana", language_code="en")


def test_every_kind_and_every_field_has_a_name_on_the_page(catalogue: Catalogue) -> None:
    page = catalogue.interface.export
    names = {stored.name for stored in STORED if stored.name} | set(Here.model_fields)
    assert set(page.sections) == names
    parts: list[type[Part]] = [*(stored.part for stored in STORED if stored.part), exports.Chat, exports.NextTime]
    fields = {name for part in parts for name in part.model_fields}
    assert set(page.labels) == fields - {"parts"}


def test_every_line_of_privacy_names_a_table_and_every_table_of_people_has_one(catalogue: Catalogue) -> None:
    privacy = catalogue.interface.privacy
    named = {key for stored in STORED for key in stored.privacy}
    of_groups = {"group", "group_settings"}  # the same tables, said of a group
    assert named | of_groups == set(privacy.about_chat) | set(privacy.about_group)
    about_nobody = {stored.model.__tablename__ for stored in STORED if not stored.privacy}
    assert about_nobody == {"uploads", "invitations", "leads", "memories", "handled_updates", "chat_turns"}


async def test_both_files_hold_everything_in_clear(ana: Person, catalogue: Catalogue) -> None:
    await live(ana, catalogue)
    await ana.says("/export")
    found = json.loads(file_of(ana, ".json"))
    assert found["safety_plan"][0]["parts"] == {"people": WORDS}
    assert (len(found["reminders"]), len(found["favourites"]), found["unreadable"]) == (1, 1, {})
    assert found["here"]["chat"]["telegram_id"] == ana.id
    page = file_of(ana, ".html").decode()
    assert "Mara &lt;0123 &amp; 456&gt;" in page
    assert "Every day at 08:30" in page
    assert escape(catalogue.by_id[found["favourites"][0]["affirmation_id"]].text) in page
    assert not re.search(r"src=|href=|<script|url\(", page)  # nothing is fetched from anywhere
    assert ana.hears()[-2:] == [catalogue.interface.export.page, catalogue.interface.export.file]


async def test_it_is_in_the_language_of_the_chat(ana: Person, catalogue: Catalogue, library: Library) -> None:
    await live(ana, catalogue)
    await ana.says("/language")
    await ana.taps("Español")
    await ana.says("/export")
    assert '<html lang="es">' in file_of(ana, ".html").decode()
    assert ana.hears()[-1] == library.of("es").interface.export.file


async def test_whoever_is_not_known_leaves_nothing_behind(ana: Person, app: App, catalogue: Catalogue) -> None:
    await ana.says("/export")
    assert ana.hears() == [catalogue.interface.export.nothing]
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Chat)) == 0


async def test_taps_and_groups_are_in_it(ana: Person, app: App, telegram: LocalTelegram, catalogue: Catalogue) -> None:
    group = make_group(telegram, "Circle", owner=ana)
    await ana.adds_bot(group)
    await ana.says("/affirm", group)
    await ana.taps("Me too", group)
    await ana.says("/export")
    here = json.loads(file_of(ana, ".json"))["here"]
    assert [(tap["telegram_id"], tap["is_counted"]) for tap in here["taps"]] == [(group.id, True)]


async def test_in_a_group_it_shows_the_way(
    ana: Person, app: App, telegram: LocalTelegram, catalogue: Catalogue
) -> None:
    group = make_group(telegram, "Circle", owner=ana)
    await ana.adds_bot(group)
    for command in ("/export", "/bring"):
        await ana.says(command, group)
        assert ana.hears(group)[-1] == catalogue.interface.help.private_only


async def test_what_no_key_opens_is_said_in_both_files(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    catalogue: Catalogue,
    tmp_path: Path,
    ana: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await live(ana, catalogue)
    monkeypatch.setattr(preview, "KEY", SecretStr(Fernet.generate_key().decode()))
    app = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(app, telegram)
    try:
        await ana.says("/export")
    finally:
        await app.stop()
    text = catalogue.interface.export.unreadable.format(what=catalogue.interface.export.sections["safety_plan"])
    assert json.loads(file_of(ana, ".json"))["unreadable"] == {"safety_plan": 1}
    assert text in file_of(ana, ".html").decode()
    assert ana.hears()[-1].endswith(text)


@pytest.mark.parametrize("way", ["asked", "caption", "reply"])
async def test_another_server_takes_it_in_and_exports_the_same(
    ana: Person, elsewhere: Person, catalogue: Catalogue, texts: BringTexts, way: str
) -> None:
    await live(ana, catalogue)
    await ana.says("/export")
    content = file_of(ana, ".json")
    if way == "asked":
        await elsewhere.says("/bring")
        assert elsewhere.hears()[-1] == texts.question
        await elsewhere.sends_file("mine.json", content)
    elif way == "caption":
        await elsewhere.sends_file("mine.json", content, "/bring")
    else:
        sent = await elsewhere.sends_file("mine.json", content)
        await elsewhere.says("/bring", reply_to=sent)
    assert "Your reminders: 1" in elsewhere.hears()[-1]
    await elsewhere.taps(texts.yes)
    assert elsewhere.hears()[-1] == texts.done
    await elsewhere.says("/export")
    assert brought(file_of(elsewhere, ".json")) == brought(content)
    await elsewhere.says("/plan")
    assert WORDS in elsewhere.hears()[-1]


async def test_nothing_changes_before_the_yes_nor_after_a_no(
    ana: Person, app: App, catalogue: Catalogue, texts: BringTexts
) -> None:
    await live(ana, catalogue)
    before = Export(exported_at=app.scheduler._clock(), settings=None).to_json().encode()
    await ana.sends_file("mine.json", before, "/bring")
    await ana.taps(texts.no)
    assert ana.hears()[-1] == texts.not_done
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Favourite)) == 1


async def test_a_second_tap_and_a_second_upload_do_no_harm(
    ana: Person, app: App, catalogue: Catalogue, texts: BringTexts
) -> None:
    await live(ana, catalogue)
    await ana.says("/export")
    for _ in range(2):
        await ana.sends_file("mine.json", file_of(ana, ".json"), "/bring")
    buttons = ana.last()["reply_markup"]["inline_keyboard"]
    for _ in range(2):
        await ana.taps_data(ana.last()["message_id"], buttons[0][0]["callback_data"])
    assert ana.hears().count(texts.done) == 1
    assert [toast.text for toast in ana.toasts][-1] == catalogue.interface.replies.stale
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Reminder)) == 1


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"x" * (MOST_BYTES + 1), "too_big"),
        (b"<!doctype html>", "not_json"),
        (b'{"format": "other"}', "not_ours"),
        (b'{"format": "gentle-tears", "version": 9}', "version"),
    ],
)
async def test_a_wrong_file_is_said_and_the_question_waits(
    ana: Person, app: App, texts: BringTexts, catalogue: Catalogue, content: bytes, wrong: str
) -> None:
    await ana.says("/bring")
    await ana.sends_file("mine.json", content)
    assert ana.hears()[-1] == getattr(texts.wrong, wrong)
    await ana.sends_file("mine.json", Export(exported_at=app.scheduler._clock(), settings=None).to_json().encode())
    assert ana.labels()[-2:] == [[texts.yes], [texts.no]]


async def test_a_file_without_a_path_is_gone(ana: Person, texts: BringTexts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path is optional: https://core.telegram.org/bots/api#file."""

    async def get_file(*_: object, **__: object) -> File:
        return File("id", "unique")

    monkeypatch.setattr(ExtBot, "get_file", get_file)
    await ana.says("/bring")
    await ana.sends_file("mine.json", b"{}")
    assert ana.hears()[-1] == texts.gone


async def test_a_wrong_value_is_named_by_its_place(ana: Person, app: App, texts: BringTexts) -> None:
    plain = json.loads(Export(exported_at=app.scheduler._clock(), settings=None).to_json())
    plain["reminders"] = [{"rule": "Mara", "is_paused": False, "created_at": "2026-03-02T12:00:00Z"}]
    await ana.sends_file("mine.json", json.dumps(plain).encode(), "/bring")
    assert ana.hears()[-1] == texts.wrong.value.format(where="reminders, 1, rule")


async def test_a_document_that_nobody_asked_for_gets_the_answer_of_a_picture(ana: Person, catalogue: Catalogue) -> None:
    await ana.sends_file("mine.json", b"{}")
    assert ana.hears()[-1] == catalogue.interface.replies.not_text.picture
