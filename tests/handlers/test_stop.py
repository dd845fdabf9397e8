"""What turns everything off, what does not, and how it is undone."""

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Chat
from localtelegram.people.person import Person
from tests.scenes import subscribe


async def is_off(app: App) -> bool:
    async with app.database.read() as session:
        return (await session.scalars(select(Chat))).one().off_reason is not None


def flat(person: Person) -> list[str]:
    return [label for row in person.labels() for label in row]


@pytest.mark.parametrize(
    "typed", ["stop", "STOP!!", "stop it", "please stop", "unsubscribe", "parar", "para", "déjame en paz"]
)
async def test_plain_words_turn_everything_off(app: App, ana: Person, catalogue: Catalogue, typed: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert ana.hears()[-1] == catalogue.interface.stop.stopped
    assert await is_off(app)


@pytest.mark.parametrize(
    "typed", ["done", "im done", "I'm done", "ya", "basta", "listo", "enough", "end", "fin", "ya no quiero", "cancel"]
)
async def test_words_that_may_mean_something_else_turn_nothing_off(
    app: App, ana: Person, catalogue: Catalogue, typed: str
) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert not await is_off(app)
    assert catalogue.interface.flows.people in flat(ana)


async def test_after_a_sentence_was_kept_done_turns_nothing_off(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/mine I may rest today")
    await ana.says("done")
    assert not await is_off(app)


async def test_one_tap_turns_everything_back_on(app: App, ana: Person, catalogue: Catalogue) -> None:
    await subscribe(ana)
    await ana.says("stop")
    await ana.taps(catalogue.interface.start.bring_back)
    assert ana.hears()[-1].startswith("Reminders are back on. Next: ")
    assert not await is_off(app)


async def test_who_is_not_known_is_offered_nothing_to_turn_back_on(ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/stop")
    assert ana.hears()[-1] == catalogue.interface.stop.stopped
    assert "reply_markup" not in ana.last()


@pytest.mark.parametrize("typed", ["im done", "done", "ya", "that's enough", "no"])
@pytest.mark.parametrize("is_new", [True, False])
async def test_done_says_nothing_to_an_open_card(
    app: App, ana: Person, catalogue: Catalogue, typed: str, is_new: bool
) -> None:
    await (ana.starts() if is_new else subscribe(ana))
    await ana.says("/support")
    await ana.says(typed)
    assert ana.hears()[-1] not in (catalogue.support.card.closing, catalogue.interface.start.not_now_reply)
    # "No" may say that nobody can be called now: it gets what else there is, and the card stays open.
    stays = catalogue.support.card.buttons.close if typed == "no" else catalogue.interface.flows.people
    assert stays in flat(ana)
    assert not await is_off(app)


def test_what_stops_a_flow_is_more_than_what_stops_everything(library: Library) -> None:
    for language in library.languages:
        assert all(library.means_stop(text, language) for text in library.of(language).interface.stop.typed)
        assert not library.means_stop("done", language)


@pytest.mark.parametrize("command", ["/settings", "/session", "/reminders"])
async def test_every_overview_says_that_all_is_off(ana: Person, catalogue: Catalogue, command: str) -> None:
    await subscribe(ana)
    await ana.says("/session tuesdays at 17:30")
    await ana.says("yes")
    off = catalogue.interface.reminders.stopped
    await ana.says(command)
    assert off not in ana.hears()[-1]
    await ana.says("/stop")
    await ana.says(command)
    assert off in ana.hears()[-1]
