"""/mine: own sentences, encrypted, among the reminders as often as wanted, as cards too, and never anybody else's."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot.app import App
from bot.content.load import Catalogue
from bot.content.own_sentences import OwnSentenceTexts
from bot.database.models import Mix, OwnSentence, QueuedMessage, Upload
from bot.domain.own_sentences import LONGEST_SENTENCE
from bot.domain.rotation import Choice
from bot.handlers.context import SERVICES
from bot.usecases.own_sentences import owner
from bot.usecases.reminders.choices import ChoiceOf
from bot.usecases.reminders.due import queue_due
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe

MINE = "I have come through days like this"


@pytest.fixture
def texts(catalogue: Catalogue) -> OwnSentenceTexts:
    return catalogue.interface.own_sentences


async def stored(app: App) -> int:
    async with app.database.read() as session:
        return len((await session.scalars(select(OwnSentence))).all())


def labels(person: Person) -> set[str]:
    return {label for row in person.labels() for label in row}


async def every_message_is_mine(person: Person, texts: OwnSentenceTexts, sentence: str = MINE) -> None:
    await subscribe(person)
    await person.says(f"/mine {sentence}")
    await person.taps(texts.often)
    await person.taps(texts.share.only)


async def next_morning(app: App, clock: MovableClock) -> None:
    clock.move(timedelta(days=1))
    await app.scheduler.catch_up()


async def test_the_first_one_is_asked_for(app: App, ana: Person, texts: OwnSentenceTexts) -> None:
    await ana.says("/mine")
    assert ana.hears()[-1] == texts.question.format(limit=LONGEST_SENTENCE)
    await ana.says(MINE)
    assert ana.hears()[-1] == texts.kept.format(share=texts.share_said.sometimes)
    await ana.says("and something else")
    assert await stored(app) == 1


@pytest.mark.parametrize("leaving", ["Never mind", "stop", "no"])
async def test_the_question_can_be_left(app: App, ana: Person, texts: OwnSentenceTexts, leaving: str) -> None:
    await ana.says("/mine")
    await ana.says(leaving)
    assert ana.hears()[-1] == texts.not_kept
    await ana.says(MINE)
    assert await stored(app) == 0


async def test_the_command_with_a_sentence_answers_an_open_question(app: App, ana: Person) -> None:
    await ana.says("/mine")
    await ana.says(f"/mine {MINE}")
    await ana.says("remind me to drink some water at 15:00")
    assert await stored(app) == 1


async def test_a_question_is_over_when_the_list_is_shown(app: App, ana: Person, texts: OwnSentenceTexts) -> None:
    await ana.says(f"/mine {MINE}")
    await ana.says("/mine")
    await ana.taps(texts.add)
    await ana.says("/mine")
    await ana.says("remind me to drink some water at 15:00")
    assert await stored(app) == 1


async def test_they_are_listed_page_by_page_and_each_can_be_removed(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock
) -> None:
    for number in range(7):
        await ana.says(f"/mine sentence {number}")
        clock.move(timedelta(seconds=20))
    await ana.says("/mine")
    assert "1. sentence 6" in ana.hears()[-1]
    await ana.taps(texts.older)
    assert "7. sentence 0" in ana.hears()[-1]
    await ana.taps("7")
    assert ana.hears()[-1] == "sentence 0"
    await ana.taps(texts.remove)
    assert await stored(app) == 6
    assert "sentence 0" not in ana.hears()[-1]


async def test_a_sentence_comes_by_itself(app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock) -> None:
    await every_message_is_mine(ana, texts)
    await next_morning(app, clock)
    assert ana.last()["text"] == MINE
    assert ana.labels() == [["Hard moment", "More"]]
    async with app.database.read() as session:
        assert list(await session.scalars(select(QueuedMessage.affirmation_id))) == ["own:1"]


async def is_mine_as_a_card(app: App, ana: Person) -> None:
    """The last message is the sentence as a card, of which no picture is remembered."""
    assert ana.last()["caption"] == MINE
    assert "photo" in ana.last()
    async with app.database.read() as session:
        assert list(await session.scalars(select(Upload))) == []


async def test_it_comes_as_a_card_of_which_nothing_is_remembered(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts)
    await ana.says("/settings")
    await ana.taps("As pictures")
    await next_morning(app, clock)
    await is_mine_as_a_card(app, ana)


async def test_it_can_be_put_off_and_comes_once_more_as_it_was(
    app: App, ana: Person, texts: OwnSentenceTexts, catalogue: Catalogue, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts)
    await next_morning(app, clock)
    await ana.taps("More")
    assert ana.labels()[-3:] == [
        ["Skip the next: tomorrow at 08:30"],
        [catalogue.interface.kept.another, texts.add],
        ["Hard moment", "Less"],
    ]
    await ana.taps("Less")
    assert ana.labels() == [["Hard moment", "More"]]
    for label in ("More", "Again in 20 minutes"):
        await ana.taps(label)
    heard = len(ana.hears())
    await in_20_minutes(app, clock)
    assert ana.hears()[heard:] == [MINE]
    assert ana.labels() == [["Hard moment", "More"]]
    for label in ("More", "Again in 20 minutes"):  # what came again can be put off again
        await ana.taps(label)
    await in_20_minutes(app, clock)
    assert ana.hears()[heard:] == [MINE, MINE]
    async with app.database.read() as session:
        assert set(await session.scalars(select(QueuedMessage.affirmation_id))) == {"own:1"}


async def in_20_minutes(app: App, clock: MovableClock) -> None:
    clock.move(timedelta(minutes=21))
    await app.scheduler.catch_up()


async def test_the_next_one_can_be_skipped(app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock) -> None:
    await every_message_is_mine(ana, texts)
    await next_morning(app, clock)
    for label in ("More", "Skip the next: tomorrow at 08:30"):
        await ana.taps(label)
    assert ana.labels() == [["✓ Skipping tomorrow at 08:30. Undo"], ["Hard moment", "More"]]
    heard = len(ana.hears())
    await next_morning(app, clock)
    assert MINE not in ana.hears()[heard:]


async def test_a_card_that_was_put_off_comes_again_as_a_card(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts)
    await ana.says("/settings")
    await ana.taps("As pictures")
    await next_morning(app, clock)
    first = ana.last()["message_id"]
    for label in ("More", "Again in 20 minutes"):
        await ana.taps(label)
    await in_20_minutes(app, clock)
    assert ana.last()["message_id"] != first
    await is_mine_as_a_card(app, ana)


async def test_one_that_was_put_off_and_then_removed_does_not_come(
    app: App, ana: Person, texts: OwnSentenceTexts, catalogue: Catalogue, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts)
    await next_morning(app, clock)
    for label in ("More", "Again in 20 minutes"):
        await ana.taps(label)
    shown = ana.last_stored().id
    await ana.says("/mine")
    await ana.taps("1")
    await ana.taps(texts.remove)
    for action in ("o", "s", "n", "x"):
        await ana.taps_data(shown, f"z:{action}:1:own:1")
        assert ana.toasts[-1].text == catalogue.interface.replies.stale
    await in_20_minutes(app, clock)
    assert ana.hears().count(MINE) == 1
    assert ana.last()["text"] in {affirmation.text for affirmation in catalogue.affirmations}


@pytest.mark.parametrize("sentence", ["own:1", "own:01", "own:", "own:9223372036854775808", "own:1:2"])
async def test_nobody_puts_off_a_sentence_of_another_chat(
    app: App, ana: Person, texts: OwnSentenceTexts, catalogue: Catalogue, clock: MovableClock, sentence: str
) -> None:
    await ana.says(f"/mine {MINE}")
    robin = add_person(ana.telegram, "Robin")
    await robin.starts()
    await robin.taps_data(robin.last_stored().id, f"z:s:1:{sentence}")
    assert robin.toasts[-1].text == catalogue.interface.replies.stale
    heard = len(robin.hears())
    await in_20_minutes(app, clock)
    assert len(robin.hears()) == heard


async def test_what_cannot_be_drawn_comes_as_words(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts, "漢字")
    await ana.says("/settings")
    await ana.taps("As pictures")
    await next_morning(app, clock)
    assert ana.last()["text"] == "漢字"
    await ana.says("/mine")
    await ana.taps("1")
    await ana.taps(texts.card)
    assert [toast.text for toast in ana.toasts][-1] == texts.no_card


async def test_a_card_of_one_sentence_is_drawn_at_once(app: App, ana: Person, texts: OwnSentenceTexts) -> None:
    await ana.says(f"/mine {MINE}")
    await ana.says("/mine")
    await ana.taps("1")
    await ana.taps(texts.card)
    assert ana.last()["caption"] == MINE


async def test_where_it_cannot_be_decrypted_an_affirmation_comes(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock, catalogue: Catalogue
) -> None:
    await every_message_is_mine(ana, texts)
    async with app.database.write() as session:
        await session.execute(update(OwnSentence).values(encrypted="damaged"))
    await next_morning(app, clock)
    assert ana.last()["text"] in {affirmation.text for affirmation in catalogue.affirmations}


async def test_where_it_is_gone_when_it_is_sent_an_affirmation_comes(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock, catalogue: Catalogue
) -> None:
    await every_message_is_mine(ana, texts)
    clock.move(timedelta(days=1))
    await queue_due(app.database, of_all(app), clock())
    async with app.database.write() as session:
        await session.execute(delete(OwnSentence))
    await app.scheduler.catch_up()
    assert ana.last()["text"] in {affirmation.text for affirmation in catalogue.affirmations}
    async with app.database.read() as session:
        (chosen,) = await session.scalars(select(QueuedMessage.affirmation_id))
    assert chosen in catalogue.by_id


def of_all(app: App) -> ChoiceOf:
    def choice_of(practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
        return app.library.choice(language, left_out, themes)

    return choice_of


async def test_the_share_and_only_kept_ones_are_chosen_in_the_same_place(
    app: App, ana: Person, texts: OwnSentenceTexts
) -> None:
    await ana.says(f"/mine {MINE}")
    await ana.taps(texts.often)
    assert f"✓ {texts.share.sometimes}" in labels(ana)
    await ana.says(texts.share.half)
    await ana.taps(texts.only_kept)
    assert ana.hears()[-1].endswith(texts.none_kept)
    async with app.database.read() as session:
        (mix,) = await session.scalars(select(Mix))
    assert (mix.share, mix.only_kept) == ("half", True)
    await ana.taps(f"✓ {texts.only_kept}")
    await ana.taps(texts.share.off)
    assert ana.hears()[-1].endswith(texts.share_said.off)


@pytest.mark.parametrize("typed", ["I want to die", "quiero morirme", "he is going to kill me"])
async def test_words_of_danger_open_the_card_and_are_not_kept(
    app: App, ana: Person, texts: OwnSentenceTexts, typed: str
) -> None:
    await ana.says(f"/mine {typed}")
    assert ana.hears()[-2] == texts.danger_not_kept
    assert "findahelpline.com" in ana.hears()[-1]
    await ana.says("/mine")
    await ana.says(typed)
    assert ana.hears()[-2] == texts.danger_not_kept
    assert "findahelpline.com" in ana.hears()[-1]
    assert await stored(app) == 0
    await ana.says("and what is typed after it")
    assert await stored(app) == 0


async def test_one_from_before_that_holds_words_of_danger_does_not_come(
    app: App, ana: Person, texts: OwnSentenceTexts, clock: MovableClock
) -> None:
    await every_message_is_mine(ana, texts)
    async with app.database.write() as session:
        (row,) = await session.scalars(select(OwnSentence))
        cipher = app.application.bot_data[SERVICES].cipher
        row.encrypted = cipher.encrypt("I want to die", owner(row.chat_id))
    await next_morning(app, clock)
    assert "want to die" not in ana.hears()[-1]
    assert MINE not in ana.hears()[-1]


@pytest.mark.parametrize(
    "typed", ["delete it", "idk", "Nothing.", "never mind", "cancel", "olvidalo", "dejalo", "nada", "No sé"]
)
async def test_what_is_no_sentence_is_not_kept(app: App, ana: Person, texts: OwnSentenceTexts, typed: str) -> None:
    await ana.says("/mine")
    await ana.says(typed)
    assert ana.hears()[-1] == texts.not_kept
    assert await stored(app) == 0


@pytest.mark.parametrize("typed", ["what?", "what do you mean", "¿qué?", "no entiendo"])
async def test_who_asks_back_is_asked_once_more(app: App, ana: Person, texts: OwnSentenceTexts, typed: str) -> None:
    await ana.says("/mine")
    await ana.says(typed)
    assert ana.hears()[-1] == texts.question.format(limit=LONGEST_SENTENCE)
    await ana.says(MINE)
    assert await stored(app) == 1


@pytest.mark.parametrize(
    "typed", ["Nothing is forever", "delete it from your heart", "Nada es para siempre", "what matters stays"]
)
async def test_a_sentence_that_begins_alike_is_kept(app: App, ana: Person, typed: str) -> None:
    await ana.says("/mine")
    await ana.says(typed)
    assert await stored(app) == 1


async def test_one_that_is_too_long_is_refused_kindly(app: App, ana: Person, texts: OwnSentenceTexts) -> None:
    await ana.says(f"/mine {'a' * 241}")
    assert ana.hears()[-1] == texts.too_long.format(limit=240, length=241)
    assert await stored(app) == 0


async def test_nobody_else_reaches_it(app: App, ana: Person, texts: OwnSentenceTexts) -> None:
    robin = add_person(ana.telegram, "Robin")
    await ana.says(f"/mine {MINE}")
    await robin.starts()
    for data in ("mine:show:1", "mine:card:1", "mine:remove:1"):
        await robin.taps_data(robin.last()["message_id"], data)
    assert MINE not in "".join(robin.hears())
    assert await stored(app) == 1


async def test_in_a_group_the_way_to_the_private_chat_is_shown(app: App, ana: Person, catalogue: Catalogue) -> None:
    group = make_group(ana.telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says(f"/mine@gentle_tears_bot {MINE}", group)
    assert ana.hears(group)[-1] == catalogue.interface.help.private_only
    assert await stored(app) == 0


async def test_without_a_key_it_is_off_and_says_why(
    telegram: LocalTelegram, keyless: App, texts: OwnSentenceTexts
) -> None:
    ana = add_person(telegram, "Ana", language_code="en")
    for said in ("/mine", f"/mine {MINE}"):
        await ana.says(said)
        assert ana.hears()[-1] == texts.unavailable
    assert await stored(keyless) == 0


async def test_nothing_that_was_typed_can_be_read_on_disk_or_in_the_log(
    app: App,
    ana: Person,
    texts: OwnSentenceTexts,
    clock: MovableClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await every_message_is_mine(ana, texts, "xylophone")
    await next_morning(app, clock)
    assert ana.last()["text"] == "xylophone"
    assert b"xylophone" not in on_disk(tmp_path)
    assert "xylophone" not in caplog.text


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
