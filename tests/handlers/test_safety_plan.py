"""/plan and the plan on the support card: part by part or in one go, encrypted, first on the card, and private."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import select

from bot.app import App
from bot.commands import preview
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.content.support import PlanTexts, SupportCardTexts
from bot.database.models import Conversation, SafetyPlan
from bot.domain.encryption import Cipher
from bot.domain.ids import TelegramId
from bot.domain.safety_plan import GUIDED, LONGEST_PART, LONGEST_PLAN, OWN, PARTS, Plan
from bot.screens.safety_plan import PlanOnCard
from bot.screens.support import support_card
from bot.settings import read_settings
from bot.usecases import safety_plans
from bot.usecases.chats import find_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build
from tests.scenes import write_plan

MINE = "If I want to die: Mara, +49 30 1234567"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
LISTEN = "People who listen"

Restart = Callable[[str | None], Awaitable[App]]


@pytest.fixture
def card(catalogue: Catalogue) -> SupportCardTexts:
    return catalogue.support.card


@pytest.fixture
def texts(card: SupportCardTexts) -> PlanTexts:
    return card.plan


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


async def keep(person: Person, texts: PlanTexts, text: str = MINE, part: str = "people") -> None:
    await write_plan(person, texts, text, part)


def cipher() -> Cipher:
    """With the key of the local Telegram's bot."""
    assert preview.KEY
    return Cipher(preview.KEY.get_secret_value())


async def rows(app: App) -> list[SafetyPlan]:
    async with app.database.read() as session:
        return list(await session.scalars(select(SafetyPlan)))


async def plan_of(app: App) -> Plan:
    """What the only plan says."""
    (row,) = await rows(app)
    return safety_plans.decrypt(row, cipher())


async def is_asked(app: App) -> bool:
    async with app.database.read() as session:
        return (await session.scalars(select(Conversation))).first() is not None


def labels(person: Person, chat: Group | None = None) -> set[str]:
    return {label for row in person.labels(chat) for label in row}


def on_card(texts: PlanTexts, text: str = MINE, part: str = "people") -> str:
    return f"{texts.heading}\n{texts.parts[part].name}: {text}"


# Part by part


async def test_what_a_plan_is_and_is_not_is_said_before_anything_is_asked(
    app: App, ana: Person, texts: PlanTexts
) -> None:
    await ana.says("/plan")
    assert ana.hears()[-1] == f"{texts.about}\n\n{texts.privacy}"
    assert {texts.parts[part].button for part in PARTS} < labels(ana)
    assert LISTEN in labels(ana)


async def test_looking_at_it_leaves_nothing_behind(app: App, ana: Person, card: SupportCardTexts) -> None:
    await ana.says("/plan")
    await ana.says("/support")
    await ana.taps(card.buttons.make_plan)
    async with app.database.read() as session:
        assert await find_chat(session, TelegramId(ana.id)) is None


async def test_each_part_is_written_alone(app: App, ana: Person, texts: PlanTexts) -> None:
    for part in reversed(PARTS):
        await keep(ana, texts, f"about {part}", part)
        assert ana.hears()[-1].startswith(f"{texts.kept}\n\n{texts.heading}\n")
    assert (await plan_of(app)).written() == [(part, f"about {part}") for part in PARTS]
    lines = [f"{texts.parts[part].name}: about {part}" for part in PARTS]
    await ana.says("/support")
    assert ana.hears()[-1].startswith("\n".join((texts.heading, *lines)))


async def test_step_by_step_it_asks_for_six_parts_in_order(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    for number, part in enumerate(GUIDED, 1):
        name = texts.step.format(number=number, count=6, name=texts.parts[part].name)
        assert f"{name}\n\n{texts.parts[part].question}" in ana.hears()[-1]
        assert {card.buttons.skip, card.buttons.stop, LISTEN} == labels(ana)
        await ana.says(f"about {part}")
    assert ana.hears()[-1].startswith(f"{texts.kept}\n\n{texts.finished}\n\n{texts.heading}")
    assert (await plan_of(app)).written() == [(part, f"about {part}") for part in GUIDED]
    assert not await is_asked(app)


async def test_each_step_can_be_skipped(app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    for part in GUIDED:
        if part == "people":
            await ana.says("Mara")
        else:
            await ana.taps(card.buttons.skip)
    assert await plan_of(app) == Plan({"people": "Mara"})
    assert on_card(texts, "Mara") in ana.hears()[-1]


async def test_a_plan_of_skipped_steps_is_none(app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    for _ in GUIDED:
        await ana.taps(card.buttons.skip)
    assert await rows(app) == []
    assert ana.hears()[-1] == f"{texts.about}\n\n{texts.privacy}"


async def test_stopping_keeps_what_was_written(app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    await ana.says("I stop answering messages")
    await ana.taps(card.buttons.stop)
    assert ana.hears()[-1].startswith(f"{texts.left_out}\n\n{texts.heading}")
    assert await plan_of(app) == Plan({"signs": "I stop answering messages"})
    assert not await is_asked(app)


async def test_a_part_is_shown_changed_emptied_or_left(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await keep(ana, texts, "Mara")
    await ana.taps(texts.parts["people"].button)
    assert ana.hears()[-1].endswith(f"{texts.now}\nMara")
    await ana.taps(card.buttons.leave)
    assert ana.hears()[-1].startswith(f"{texts.left_out}\n\n{on_card(texts, 'Mara')}")
    await keep(ana, texts, "Tom")
    assert on_card(texts, "Tom") in ana.hears()[-1]
    await ana.taps(texts.parts["people"].button)
    await ana.taps(card.buttons.empty)
    assert ana.hears()[-1] == f"{texts.emptied}\n\n{texts.about}\n\n{texts.privacy}"
    assert await rows(app) == []


async def test_a_second_tap_on_skip_skips_one_step(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    asked = ana.last()
    skip = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps_data(asked["message_id"], skip)
    await ana.taps_data(asked["message_id"], skip)
    assert texts.step.format(number=2, count=6, name=texts.parts["alone"].name) in ana.hears()[-1]


# What is typed while a part is asked for


@pytest.mark.parametrize("word", ["stop", "back", "cancel"])
async def test_a_typed_stop_ends_the_question_and_nothing_else(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, word: str
) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    await ana.says(word)
    assert ana.hears()[-1].startswith(texts.left_out)
    assert await rows(app) == []


@pytest.mark.parametrize("word", ["skip", "no", "next", "Skip this"])
async def test_a_typed_skip_goes_on(app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, word: str) -> None:
    await ana.says("/plan")
    await ana.taps(card.buttons.step_by_step)
    await ana.says(word)
    assert texts.parts["alone"].question in ana.hears()[-1]
    assert await rows(app) == []


@pytest.mark.parametrize("word", ["yes", "a minute"])
async def test_a_word_that_is_no_answer_is_not_kept(app: App, ana: Person, texts: PlanTexts, word: str) -> None:
    await keep(ana, texts, word)
    assert texts.parts["people"].question in ana.hears()[-1]
    assert await rows(app) == []


async def test_words_of_danger_are_kept_and_people_are_one_tap_away(app: App, ana: Person, texts: PlanTexts) -> None:
    await keep(ana, texts, "I want to die", "signs")
    assert ana.hears()[-1].startswith(f"{texts.heard}\n\n{on_card(texts, 'I want to die', 'signs')}")
    assert LISTEN in labels(ana)


@pytest.mark.parametrize(
    "words", ["he is hitting me", "I took all my pills", "i took pills", "help", "hlep", "ayda", "support"]
)
async def test_other_danger_opens_the_card_and_is_not_kept(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, words: str
) -> None:
    await keep(ana, texts, words)
    assert card.people in ana.hears()[-1]
    assert await rows(app) == []


async def test_what_is_typed_below_the_card_is_never_kept(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await ana.says("/plan")
    await ana.taps(texts.parts["people"].button)
    await ana.taps(LISTEN)
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(card.heard["oneself"])
    await ana.says("Mara")
    assert await rows(app) == []


async def test_a_question_is_over_when_the_plan_is_shown(app: App, ana: Person, texts: PlanTexts) -> None:
    await ana.says("/plan")
    await ana.taps(texts.parts["people"].button)
    await ana.says("/plan")
    assert not await is_asked(app)
    await ana.says("remind me to drink some water at 15:00")
    assert await rows(app) == []


@pytest.mark.parametrize(("character", "fits"), [("x", LONGEST_PART), ("\N{BUBBLES}", LONGEST_PART // 2)])
async def test_too_long_is_said_and_asked_again(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, character: str, fits: int
) -> None:
    await keep(ana, texts, character * (fits + 1))
    too_long = texts.too_long.format(limit="240", length="241" if character == "x" else "242")
    assert ana.hears()[-1].startswith(f"{too_long}\n\n{texts.parts['people'].name}")
    assert labels(ana) == {card.buttons.skip, LISTEN}
    await ana.says(character * fits)
    assert await plan_of(app) == Plan({"people": character * fits})


async def test_text_for_something_opened_later_is_not_kept(
    app: App, ana: Person, texts: PlanTexts, catalogue: Catalogue, clock: MovableClock
) -> None:
    await ana.says("/plan")
    await ana.taps(texts.parts["people"].button)
    clock.move(timedelta(seconds=1))
    await ana.says("/ground")
    clock.move(timedelta(minutes=31))
    await app.scheduler.catch_up()  # it has closed by itself, and takes no text any more
    await ana.says("I see a lamp")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text
    assert await rows(app) == []


async def test_text_typed_a_day_later_is_not_kept(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, catalogue: Catalogue, clock: MovableClock
) -> None:
    await ana.says("/plan")
    await ana.taps(texts.parts["people"].button)
    clock.move(timedelta(days=1, seconds=1))
    await ana.says("Mara")
    assert ana.hears()[-1] == catalogue.interface.replies.free_text
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(card.heard["oneself"])
    assert await rows(app) == []


async def test_a_question_of_an_older_version_still_takes_its_answer(
    app: App, ana: Person, clock: MovableClock
) -> None:
    await ana.says("/start")
    async with app.database.write() as session:
        chat = await find_chat(session, TelegramId(ana.id))
        assert chat
        session.add(
            Conversation(
                chat_id=chat.id,
                person_id=TelegramId(ana.id),
                subject="safety_plan",
                token="0a0b0c0d",
                step="plan",
                draft='{"language": "en"}',
                updated_at=clock() + timedelta(seconds=1),
            )
        )
    await ana.says(MINE)
    assert await plan_of(app) == Plan({OWN: MINE})


# Removing, copying, sending on


async def test_it_is_removed_after_a_yes(app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts) -> None:
    await keep(ana, texts)
    await ana.taps(card.buttons.remove)
    assert len(await rows(app)) == 1
    await ana.taps(card.buttons.remove_no)
    assert ana.hears()[-1].startswith(f"{texts.not_removed}\n\n{on_card(texts)}")
    await ana.taps(card.buttons.remove)
    await ana.taps(card.buttons.remove_yes)
    assert ana.hears()[-1].startswith(f"{texts.removed}\n\n{texts.about}")
    assert await rows(app) == []


async def test_an_old_yes_does_not_remove_what_was_kept_later(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await keep(ana, texts)
    await ana.taps(card.buttons.remove)
    asked = ana.last()
    yes = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps(card.buttons.remove_no)
    await ana.taps_data(asked["message_id"], yes)
    assert len(await rows(app)) == 1


@pytest.mark.parametrize("words", ["yes", "sure", "remove it"])
async def test_text_typed_at_the_removal_question_removes_nothing(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, words: str
) -> None:
    await keep(ana, texts)
    await ana.taps(card.buttons.remove)
    await ana.says(words)
    assert len(await rows(app)) == 1


async def test_danger_typed_at_the_removal_question_opens_the_card(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await keep(ana, texts)
    await ana.taps(card.buttons.remove)
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(f"{card.heard['oneself']}\n\n{on_card(texts)}")
    assert len(await rows(app)) == 1


async def test_it_is_sent_alone_with_a_button_that_copies_each_part(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await keep(ana, texts, "I stop eating", "signs")
    await keep(ana, texts, "Mara")
    await ana.taps(card.buttons.copy_or_send)
    signs = f"{texts.parts['signs'].name}: I stop eating"
    assert ana.hears()[-1] == f"{texts.heading}\n{signs}\n{texts.parts['people'].name}: Mara"
    copies, *below = ana.last()["reply_markup"]["inline_keyboard"]
    assert [button["copy_text"]["text"] for button in copies] == ["I stop eating", "Mara"]
    assert [button["text"] for row in below for button in row] == [card.buttons.back, LISTEN]
    await ana.taps(card.buttons.back)
    assert ana.hears()[-1].endswith(texts.note)


async def test_a_long_plan_of_an_older_version_is_sent_without_a_copy_of_it(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, clock: MovableClock
) -> None:
    await keep(ana, texts)
    async with app.database.write() as session:
        row = (await session.scalars(select(SafetyPlan))).one()
        row.encrypted = cipher().encrypt("x" * 1_000, safety_plans.owner(row.chat_id))
    await ana.says("/plan")
    await ana.taps(card.buttons.copy_or_send)
    assert ana.hears()[-1] == on_card(texts, "x" * 1_000, OWN)
    assert labels(ana) == {card.buttons.back, LISTEN}


# On the card


async def test_it_comes_first_on_the_card_and_everything_else_after_it(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await ana.says("/support")
    without = ana.hears()[-1]
    assert card.buttons.make_plan in labels(ana)
    await keep(ana, texts)
    await ana.says("/support")
    assert ana.hears()[-1] == f"{on_card(texts)}\n\n{without}"
    assert card.buttons.plan in labels(ana)


async def test_typed_words_are_answered_before_it_and_the_numbers_come_last(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    await keep(ana, texts)
    await ana.says("I want to die")
    paragraphs = ana.hears()[-1].split("\n\n")
    assert paragraphs[:2] == [card.heard["oneself"], on_card(texts)]
    assert card.opening not in paragraphs
    assert "988" in paragraphs[-1]


async def test_buttons_under_cards_of_older_versions_show_the_plan(app: App, ana: Person, texts: PlanTexts) -> None:
    await keep(ana, texts)
    for data in ("h:keep", "h:remove"):
        await ana.says("/support")
        await ana.taps_data(ana.last()["message_id"], data)
        assert ana.hears()[-1].startswith(f"{on_card(texts)}\n\n{texts.note}")
    assert len(await rows(app)) == 1


@pytest.mark.parametrize("character", ["x", "\N{BUBBLES}"])
def test_the_longest_plan_fits_on_the_card_of_every_country(catalogue: Catalogue, character: str) -> None:
    """Telegram counts UTF-16 code units: some characters are two."""
    size = len(character.encode("utf-16-le")) // 2
    plans = [
        Plan({OWN: character * (LONGEST_PLAN // size)}),
        Plan(dict.fromkeys(PARTS, character * (LONGEST_PART // size))),
        Plan(dict.fromkeys(GUIDED, character * (150 // size)) | {OWN: character * (1_100 // size)}),
    ]
    for plan in plans:
        own = PlanOnCard(plan, can_keep=True)
        for country in (*catalogue.support.countries, None):
            for heard in (None, *catalogue.support.card.heard):
                shown = support_card(catalogue.support, country, own=own, heard=heard)
                assert len(shown.text.encode("utf-16-le")) // 2 <= 4096


# Whose it is


async def test_neither_the_database_nor_a_log_holds_it_readably(
    app: App, ana: Person, texts: PlanTexts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await keep(ana, texts)
    await ana.says("/support")
    assert MINE in ana.hears()[-1]
    assert len(await rows(app)) == 1
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


async def test_nobody_sees_the_plan_of_another_person(app: App, ana: Person, card: SupportCardTexts) -> None:
    robin = add_person(ana.telegram, "Robin")
    await keep(ana, card.plan)
    await robin.says("/support")
    assert robin.hears()[-1].startswith(card.opening)
    assert card.buttons.make_plan in labels(robin)


async def test_forget_erases_it(
    app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts, catalogue: Catalogue
) -> None:
    await keep(ana, texts)
    await ana.says("/forget")
    await ana.taps(catalogue.interface.forget.yes)
    assert await rows(app) == []
    await ana.says("/support")
    assert ana.hears()[-1].startswith(card.opening)


async def test_in_groups_it_is_neither_shown_nor_offered(
    telegram: LocalTelegram, app: App, ana: Person, card: SupportCardTexts, texts: PlanTexts
) -> None:
    circle = make_group(telegram, "Tuesday circle", owner=ana)
    await circle.add(ana.bot, by=ana)
    await keep(ana, texts)
    await ana.says("/support@gentle_tears_bot", circle)
    shown = ana.last(circle)
    assert shown["text"].startswith(card.opening)
    assert labels(ana, circle) & {card.buttons.plan, card.buttons.make_plan} == set()
    for data in ("h:keep", "h:remove", "h:back", "h:GB", "plan", "plan:send", "plan:part:people", "plan:remove"):
        await ana.taps_data(shown["message_id"], data, circle)
        assert "Mara" not in ana.last(circle)["text"]
    async with app.database.read() as session:
        assert await find_chat(session, TelegramId(circle.id)) is None


@pytest.mark.parametrize("data", ["plan:part:", "plan:part:nothing", "plan:part:own:more", "plan:guide:2", "plan:x"])
async def test_a_forged_button_shows_what_a_plan_is(app: App, ana: Person, texts: PlanTexts, data: str) -> None:
    await ana.says("/plan")
    await ana.taps_data(ana.last()["message_id"], data)
    assert ana.hears()[-1].startswith(texts.about)
    assert not await is_asked(app)


# The key


async def test_without_a_key_it_is_not_offered_and_plan_says_why(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts, texts: PlanTexts
) -> None:
    app = await restart(None)
    ana = add_person(telegram, "Ana")
    await ana.says("/support")
    assert card.buttons.make_plan not in labels(ana)
    await ana.says("/plan")
    assert ana.hears()[-1] == texts.cannot_keep
    assert labels(ana) == {LISTEN}
    await ana.taps_data(ana.last()["message_id"], "plan:guide")
    await ana.says("Mara")
    assert await rows(app) == []


@pytest.mark.parametrize("keys", [None, NEW], ids=["no key", "another key"])
async def test_when_the_key_is_lost_nothing_is_overwritten_and_it_can_be_removed(
    restart: Restart, telegram: LocalTelegram, card: SupportCardTexts, texts: PlanTexts, keys: str | None
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    await ana.says("/support")
    without = ana.hears()[-1]
    await keep(ana, texts)
    app = await restart(keys)
    await ana.says("/support")
    assert ana.hears()[-1] == f"{texts.cannot_open}\n\n{without}"
    await ana.taps(card.buttons.plan)
    assert ana.hears()[-1] == texts.cannot_change
    assert labels(ana) == {card.buttons.remove, LISTEN}
    await ana.taps_data(ana.last()["message_id"], "plan:part:people")
    await ana.says("Tom")
    await restart(OLD)
    await ana.says("/support")
    assert MINE in ana.hears()[-1]
    app = await restart(keys)
    await ana.says("/plan")
    await ana.taps(card.buttons.remove)
    await ana.taps(card.buttons.remove_yes)
    assert await rows(app) == []


@pytest.mark.parametrize("kept", [True, False])
async def test_a_key_that_goes_while_the_question_waits_is_said(
    restart: Restart, telegram: LocalTelegram, texts: PlanTexts, kept: bool
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    if kept:
        await keep(ana, texts)
    await ana.says("/plan")
    await ana.taps(texts.parts["people"].button)
    app = await restart(None)
    await ana.says("Tom")
    assert ana.hears()[-1] == (texts.cannot_change if kept else texts.cannot_keep)
    assert len(await rows(app)) == kept


async def test_once_shown_it_does_not_need_the_older_key(
    restart: Restart, telegram: LocalTelegram, texts: PlanTexts
) -> None:
    await restart(OLD)
    ana = add_person(telegram, "Ana")
    await keep(ana, texts)
    await restart(f"{NEW},{OLD}")
    await ana.says("/support")
    app = await restart(NEW)
    await ana.says("/support")
    assert ana.hears()[-1].startswith(on_card(texts))
    assert safety_plans.decrypt((await rows(app))[0], Cipher(NEW)) == Plan({"people": MINE})
