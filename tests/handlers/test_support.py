"""The support card: always available, with the safety plan first and the helplines of the chosen country."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import select, text

from bot.app import App
from bot.commands.preview import start
from bot.content.crisis import Danger
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.content.support import SupportCardTexts
from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Cipher
from bot.domain.ids import TelegramId
from bot.screens.support import MAX_PLAN_CHARACTERS, PlanOnCard, support_card
from bot.settings import read_settings
from bot.usecases.chats import find_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.scenes import subscribe

MINE = "If I want to die: Mara, +49 30 1234567"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))

Restart = Callable[[str | None], Awaitable[App]]


@pytest.fixture
def card(catalogue: Catalogue) -> SupportCardTexts:
    return catalogue.support.card


@pytest.fixture
async def restart(
    telegram: LocalTelegram,
    clock: MovableClock,
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Restart]:
    """Restarts the program on the same database, with this SECRET_KEY or with none."""
    running: list[App] = []

    async def stop() -> None:
        while running:
            await running.pop().stop()

    async def restart(keys: str | None) -> App:
        await stop()
        monkeypatch.setattr("bot.commands.preview.KEY", SecretStr(keys) if keys else None)
        running.append(build(read_settings(_env_file=None), library, telegram, clock, tmp_path))
        await start(running[0], telegram)
        return running[0]

    async with AsyncExitStack() as stack:
        stack.push_async_callback(stop)
        yield restart


async def keep(person: Person, card: SupportCardTexts, text: str = MINE) -> None:
    await person.says("/support")
    await person.taps(card.buttons.keep)
    await person.says(text)


async def safety_plans(app: App) -> list[SafetyPlan]:
    async with app.database.read() as session:
        return list(await session.scalars(select(SafetyPlan)))


async def chat_of(app: App, person: Person) -> Chat | None:
    async with app.database.read() as session:
        return await find_chat(session, TelegramId(person.id))


def labels(person: Person, chat: Group | None = None) -> set[str]:
    return {label for row in person.labels(chat) for label in row}


# The safety plan


async def test_what_is_kept_comes_first_and_everything_else_after_it(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await ana.says("/support")
    without = ana.hears()[-1]
    await keep(ana, card)
    await ana.says("/support")
    assert ana.hears()[-1] == f"{card.plan.heading}\n{MINE}\n\n{without}"


async def test_typed_words_are_answered_before_what_is_kept_and_the_numbers_come_last(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await keep(ana, card)
    await ana.says("I want to die")
    paragraphs = ana.hears()[-1].split("\n\n")
    assert paragraphs[:2] == [card.heard["oneself"], f"{card.plan.heading}\n{MINE}"]
    assert card.opening not in paragraphs
    assert "988" in paragraphs[-1]


async def test_neither_the_database_nor_a_log_holds_it_readably(
    app: App, ana: Person, card: SupportCardTexts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await keep(ana, card)
    await ana.says("/support")
    assert MINE in ana.hears()[-1]
    assert len(await safety_plans(app)) == 1
    on_disk = contents(tmp_path)
    assert on_disk
    assert b"Mara" not in on_disk
    assert b"1234567" not in on_disk
    assert "Mara" not in "".join(
        f"{record.getMessage()}{record.__dict__}" for record in caplog.records if is_ours(record.name)
    )


def contents(folder: Path) -> bytes:
    """Returns every byte of the database, with its write-ahead log."""
    return b"".join(file.read_bytes() for file in folder.glob("preview.db*"))


def is_ours(logger: str) -> bool:
    return logger.startswith(("bot", "sqlalchemy", "aiosqlite"))


async def test_what_is_typed_for_it_may_say_anything_and_all_else_opens_the_card(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await keep(ana, card)
    assert ana.hears()[-1].startswith(card.plan.saved)
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(f"{card.heard['oneself']}\n\n{card.plan.heading}")
    assert len(await safety_plans(app)) == 1


async def test_it_is_changed_and_removed(app: App, ana: Person, card: SupportCardTexts) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.change)
    await ana.says("Tom")
    await ana.says("/support")
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\nTom\n\n{card.opening}")
    await ana.taps(card.buttons.remove)
    assert len(await safety_plans(app)) == 1
    await ana.taps(card.buttons.remove_yes)
    assert ana.hears()[-1].startswith(f"{card.plan.removed}\n\n{card.opening}")
    assert await safety_plans(app) == []
    assert card.buttons.keep in labels(ana)


async def test_an_old_yes_does_not_remove_what_was_kept_later(app: App, ana: Person, card: SupportCardTexts) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.remove)
    asked = ana.last()
    yes = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps(card.buttons.remove_no)
    await ana.taps_data(asked["message_id"], yes)
    assert len(await safety_plans(app)) == 1


async def test_text_typed_at_the_removal_question_changes_nothing(
    app: App, ana: Person, card: SupportCardTexts
) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.remove)
    await ana.says("yes")
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\n{MINE}")
    assert len(await safety_plans(app)) == 1


@pytest.mark.parametrize("length", [1_001, 4_096])
async def test_too_long_is_said_and_asked_again(app: App, ana: Person, card: SupportCardTexts, length: int) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.change)
    await ana.says("x" * length)
    assert ana.hears()[-1] == card.plan.too_long.format(limit="1,000", length=f"{length:,}")
    assert labels(ana) == {card.buttons.cancel, "People who listen"}
    await ana.says("y" * 1_000)
    assert ana.hears()[-1].startswith(f"{card.plan.saved}\n\n{card.plan.heading}\n{'y' * 1_000}\n\n")


async def test_cancel_after_too_long_keeps_what_was_there(app: App, ana: Person, card: SupportCardTexts) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.change)
    await ana.says("x" * 1_001)
    await ana.taps(card.buttons.cancel)
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\n{MINE}")


async def test_text_for_something_opened_later_is_not_kept(
    app: App, ana: Person, card: SupportCardTexts, catalogue: Catalogue, clock: MovableClock
) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.change)
    clock.move(timedelta(seconds=1))
    await ana.says("/ground")
    clock.move(timedelta(minutes=31))
    await app.scheduler.catch_up()  # it has closed by itself, and takes no text any more
    await ana.says("I see a lamp")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text
    await ana.says("/support")
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\n{MINE}")


async def test_text_typed_a_day_later_is_not_kept_and_shows_the_card(
    app: App, ana: Person, card: SupportCardTexts, clock: MovableClock
) -> None:
    await keep(ana, card)
    await ana.taps(card.buttons.change)
    clock.move(timedelta(days=1, seconds=1))
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\n{MINE}\n\n{card.opening}")


async def test_nobody_sees_the_plan_of_another_person(app: App, ana: Person, card: SupportCardTexts) -> None:
    robin = add_person(ana.telegram, "Robin")
    await keep(ana, card)
    await robin.says("/support")
    assert robin.hears()[-1].startswith(card.opening)
    assert labels(robin) & {card.buttons.change, card.buttons.remove} == set()


async def test_forget_erases_it(app: App, ana: Person, card: SupportCardTexts, catalogue: Catalogue) -> None:
    await keep(ana, card)
    await ana.says("/forget")
    await ana.taps(catalogue.interface.forget.yes)
    assert await safety_plans(app) == []
    await ana.says("/support")
    assert ana.hears()[-1].startswith(card.opening)


async def test_in_groups_it_is_neither_shown_nor_offered(
    telegram: LocalTelegram, app: App, ana: Person, card: SupportCardTexts, catalogue: Catalogue
) -> None:
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await keep(ana, card)
    await ana.says("/support@gentle_tears_bot", circle)
    shown = ana.last(circle)
    assert shown["text"].startswith(card.opening)
    assert labels(ana, circle) & {card.buttons.keep, card.buttons.change, card.buttons.remove} == set()
    for data in ("h:keep", "h:remove", "h:back", "h:GB"):
        await ana.taps_data(shown["message_id"], data, circle)
        assert ana.last(circle)["text"].startswith(card.opening)
    async with app.database.read() as session:
        assert await find_chat(session, TelegramId(circle.id)) is None


@pytest.mark.parametrize("character", ["x", "\N{BUBBLES}"])
def test_the_longest_plan_fits_on_the_card_of_every_country(catalogue: Catalogue, character: str) -> None:
    """Telegram counts UTF-16 code units: some characters are two."""
    texts = catalogue.support.card.plan
    for country in (*catalogue.support.countries, None):
        own = PlanOnCard(is_kept=True, text=character * MAX_PLAN_CHARACTERS, can_keep=True)
        shown = support_card(catalogue.support, country, own=own, lead=texts.saved)
        assert len(shown.text.encode("utf-16-le")) // 2 <= 4096


# The key


async def test_without_a_key_it_is_not_offered(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts
) -> None:
    app = await restart(None)
    ana = add_person(telegram, "Ana")
    await ana.says("/support")
    assert card.buttons.keep not in labels(ana)
    await ana.taps_data(ana.last()["message_id"], "h:keep")
    await ana.says("Mara")
    assert await safety_plans(app) == []


@pytest.mark.parametrize("keys", [None, NEW], ids=["no key", "another key"])
async def test_when_the_key_is_lost_the_card_says_so_and_shows_all_else(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts, keys: str | None
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    await ana.says("/support")
    without = ana.hears()[-1]
    await keep(ana, card)
    app = await restart(keys)
    await ana.says("/support")
    assert ana.hears()[-1] == f"{card.plan.cannot_open}\n\n{without}"
    assert card.buttons.remove in labels(ana)
    assert (card.buttons.change in labels(ana)) == (keys is not None)
    await restart(OLD)
    await ana.says("/support")
    assert MINE in ana.hears()[-1]
    app = await restart(keys)
    await ana.says("/support")
    await ana.taps(card.buttons.remove)
    await ana.taps(card.buttons.remove_yes)
    assert await safety_plans(app) == []


async def test_a_key_that_goes_while_the_question_waits_is_said(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    await ana.says("/support")
    await ana.taps(card.buttons.keep)
    app = await restart(None)
    await ana.says(MINE)
    assert ana.hears()[-1].startswith(f"{card.plan.cannot_keep}\n\n{card.opening}")
    assert await safety_plans(app) == []


async def test_once_shown_it_does_not_need_the_older_key(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    await keep(ana, card)
    await restart(f"{NEW},{OLD}")
    await ana.says("/support")
    app = await restart(NEW)
    await ana.says("/support")
    assert ana.hears()[-1].startswith(f"{card.plan.heading}\n{MINE}")
    assert Cipher(NEW).decrypt((await safety_plans(app))[0].encrypted) == MINE


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
    await keep(ana, card)
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
    await keep(ana, card, "\N{BUBBLES} Mara")
    await ana.says("/support")
    assert bold(ana) == ["112", "911", "988", "116 123", "13 11 14"]
    await ana.taps(card.buttons.choose_country)
    await ana.taps("USA")
    assert bold(ana) == ["911", "988", "988"]


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
