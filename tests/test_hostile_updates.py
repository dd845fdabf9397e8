"""A share of the hostile updates of `python -m tools.attack hostile`, the same ones each time, on both databases."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.content.library import Library
from bot.database.models import Chat
from localtelegram.people.person import Person
from tests.databases import copy_migrated, copy_template
from tools.attack.hostile import hostile_world, play_many
from tools.attack.hostile_updates import KNOWN, KNOWN_GROUP, STRANGERS

COUNT = 150


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_that_is_sent_makes_an_error_a_row_or_a_message_elsewhere(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, library: Library
) -> None:
    with asyncio.Runner() as runner:
        if kind == "sqlite":
            url = copy_migrated(tmp_path / "test.db")
        else:
            url = runner.run(copy_template(request.getfixturevalue("postgres")))
        world_of = hostile_world(library, url)
        world = runner.run(world_of.__aenter__())
        list(play_many(runner.get_loop(), world, COUNT))
        runner.run(world_of.__aexit__(None, None, None))
    assert world.findings.examples == {}
    assert world.findings.played >= COUNT
    assert world.far_end.calls > 10


async def test_what_is_found_is_told(library: Library, tmp_path: Path) -> None:
    async with hostile_world(library, copy_migrated(tmp_path / "test.db")) as world:
        world.far_end.written.append(7)
        world._look_at({"message": {"chat": {"id": STRANGERS[0]}}})
    assert list(world.findings.counts) == ["written to 1 other chats"]
    assert json.loads(world.findings.examples["written to 1 other chats"])


async def test_a_made_up_tap_of_a_stranger_leaves_no_row(library: Library, tmp_path: Path) -> None:
    async with hostile_world(library, copy_migrated(tmp_path / "test.db")) as world:
        for number, data in enumerate(
            ("f:00000000:0:x", "g:grounding", "k:keep:x", "s:show", "h:DE", "plan", "start:new")
        ):
            person = {"id": STRANGERS[number], "is_bot": False, "first_name": "A", "language_code": "en"}
            chat = {"id": STRANGERS[number], "type": "private", "first_name": "A"}
            origin = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": "x"}
            tap = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": origin}
            await world.play({"callback_query": tap})
    assert world.findings.examples == {}
    assert world.far_end.calls > 7  # each is acknowledged


@pytest.mark.parametrize("text", ["stop", "Hello", "I feel sad", "7:30", "/nonsense", "/stop", "yes", "help"])
async def test_what_a_stranger_types_leaves_no_row(app: App, ana: Person, text: str) -> None:
    await ana.says(text)
    assert len(ana.hears()) == 1
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Chat)) == 0


@pytest.mark.parametrize("sign", [1, -1])
async def test_what_is_a_persons_moves_nowhere(sign: int, library: Library, tmp_path: Path) -> None:
    person, other = {"id": KNOWN[0], "is_bot": False, "first_name": "A"}, 777 * sign
    async with hostile_world(library, copy_migrated(tmp_path / "test.db")) as world:
        for kind, chat in (("private", KNOWN[0]), ("supergroup", KNOWN_GROUP)):
            about = {"chat": {"id": chat, "type": kind, "title": "A"}, "from": person, "migrate_to_chat_id": other}
            await world.play({"message": {"message_id": 5, "date": 1_700_000_000, **about}})
        async with world.app.database.read() as session:
            numbers = set(await session.scalars(select(Chat.telegram_id)))
    assert numbers == {*KNOWN, KNOWN_GROUP if other > 0 else other}
