"""/forget in groups: only an answer to its question erases, and what a person did in groups is erased too."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Facilitator
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import TITLE, later, rows_of, set_up


async def test_a_yes_to_something_else_erases_nothing(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    await ana.says("/forget@gentle_tears_bot", group)
    await later(app, clock, timedelta(hours=1))
    await ana.says("yes", group, reply_to=ana.last_stored(group))
    assert len(await rows_of(app, group.id)) == 1
    await ana.says("/forget")
    await ana.says("yes")
    assert len(await rows_of(app, ana.id)) == 1


async def test_the_question_says_what_there_is(app: App, group: Group, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/forget@gentle_tears_bot", group)
    assert ana.hears(group)[-1].startswith(catalogue.interface.forget.question_shared)
    await ana.says("/forget")
    assert ana.hears()[-1] == catalogue.interface.forget.question


async def test_forget_also_erases_who_has_looked_after_only_in_the_group(app: App, telegram: LocalTelegram) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, TITLE, owner=robin)
    await group.add(robin.bot, by=robin)
    await set_up(robin, group)
    await robin.says("/forget")
    async with app.database.read() as session:
        assert (await session.scalars(select(Facilitator.person_id))).all() == []


@pytest.mark.parametrize("typed", ["yes", "Yes please!", "si", "sure", "delete", "borra todo"])
async def test_a_typed_yes_deletes_nothing_and_says_what_to_tap(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    texts = catalogue.interface.forget
    await ana.starts()
    await ana.says("/forget")
    await ana.says(typed)
    assert ana.hears()[-1] == f"{texts.question}\n\n{texts.to_confirm}"
    assert len(await rows_of(app, ana.id)) == 1
    await ana.says(texts.yes)
    assert ana.hears()[-1].startswith(texts.done)
    assert await rows_of(app, ana.id) == []


@pytest.mark.parametrize("typed", ["no", "wait", "my dog", "no quiero"])
async def test_any_other_words_keep_everything(app: App, ana: Person, catalogue: Catalogue, typed: str) -> None:
    await ana.starts()
    await ana.says("/forget")
    await ana.says(typed)
    assert len(await rows_of(app, ana.id)) == 1
    assert catalogue.interface.forget.to_confirm not in ana.hears()[-1]
