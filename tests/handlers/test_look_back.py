"""/look: asked only if it was set up, answered in a word or a colour, drawn as weeks, erased one by one or at once."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.content.look_back import LookBackTexts
from bot.database.models import LookAsking, LookEntry, Upload
from bot.domain.look_back import LONGEST_WORD
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe


@pytest.fixture
def texts(catalogue: Catalogue) -> LookBackTexts:
    return catalogue.interface.look_back


async def entries(app: App) -> list[str]:
    async with app.database.read() as session:
        return [str(row.day) for row in await session.scalars(select(LookEntry).order_by(LookEntry.day))]


async def asked_each_evening(person: Person, texts: LookBackTexts, at: str = "20:00") -> None:
    """Sets it up in London, where it is noon on Monday, 2 March."""
    await subscribe(person)
    await person.says("/look")
    await person.taps(texts.each_evening)
    await person.taps(at)


async def evening(app: App, clock: MovableClock, hours: float = 8) -> None:
    clock.move(timedelta(hours=hours))
    await app.scheduler.catch_up()


async def test_nothing_is_asked_by_default(app: App, ana: Person, texts: LookBackTexts, clock: MovableClock) -> None:
    await subscribe(ana)
    await ana.says("/look")
    assert ana.hears()[-1] == texts.about
    for _ in range(8):
        await evening(app, clock, 24)
    assert texts.question not in ana.hears()


async def test_it_is_asked_each_evening_and_a_word_answers(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    assert ana.hears()[-1] == "I'll ask every day at 20:00. Next: today at 20:00."
    await evening(app, clock)
    assert ana.last()["text"] == texts.question
    await ana.says("tired")
    assert ana.hears()[-1] == texts.kept.format(day="Mon 2 Mar", what="tired")
    assert await entries(app) == ["2026-03-02"]
    await ana.says("and this is nothing for you")
    assert await entries(app) == ["2026-03-02"]
    await evening(app, clock, 24)
    assert ana.last()["text"] == texts.question
    await ana.taps("Sea blue")
    assert ana.hears()[-1] == texts.kept.format(day="Tue 3 Mar", what="sea blue")
    assert await entries(app) == ["2026-03-02", "2026-03-03"]


async def test_a_question_is_over_when_the_weeks_are_shown(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    asked = ana.last_stored().id
    await ana.says("/look")
    await ana.says("tired")
    assert await entries(app) == []
    await ana.taps_data(asked, "look:c:2026-03-02:sea")  # a colour says which day it is for
    assert await entries(app) == ["2026-03-02"]


async def test_a_question_for_a_time_is_over_when_the_weeks_are_shown(
    app: App, ana: Person, texts: LookBackTexts
) -> None:
    await subscribe(ana)
    await ana.says("/look")
    await ana.taps(texts.each_evening)
    await ana.says("/look")
    await ana.says("20:00")
    async with app.database.read() as session:
        assert list(await session.scalars(select(LookAsking))) == []


async def test_a_word_behind_the_command_is_kept_for_today(app: App, ana: Person, texts: LookBackTexts) -> None:
    await ana.says("/look tired")
    assert ana.hears()[-1] == texts.kept.format(day="Mon 2 Mar", what="tired")
    await ana.says("/look sea blue")
    assert ana.hears()[-1] == texts.kept.format(day="Mon 2 Mar", what="sea blue")
    assert await entries(app) == ["2026-03-02"]
    await ana.says("/look I want to kill myself")
    assert "116 123" in ana.hears()[-1]
    assert await entries(app) == ["2026-03-02"]


async def test_the_settings_say_when_it_asks(ana: Person, texts: LookBackTexts) -> None:
    await asked_each_evening(ana, texts)
    await ana.says("/settings")
    assert "I ask for /look every day at 20:00." in ana.hears()[-1]
    await ana.taps("Your weeks, in words and colors")
    await ana.taps(texts.stop_asking)
    await ana.says("/settings")
    assert "/look" not in ana.hears()[-1]


async def test_it_is_asked_once_a_week_at_a_typed_time(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await subscribe(ana)
    await ana.says("/look")
    await ana.taps(texts.once_a_week)
    await ana.taps("Wednesday")
    await ana.says("whenever")
    assert ana.hears()[-1] == texts.not_a_time
    await ana.says("half past seven in the evening")
    assert "every Wednesday at 19:30" in ana.hears()[-1]
    await evening(app, clock, 48 + 7)
    assert ana.hears().count(texts.question) == 0
    await evening(app, clock, 0.5)
    assert ana.hears().count(texts.question) == 1


async def test_more_than_a_few_words_are_not_kept(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("it was a long and heavy day")
    assert ana.hears()[-1] == texts.one_word.format(limit=LONGEST_WORD)
    assert await entries(app) == []
    await ana.says("heavy")
    assert await entries(app) == ["2026-03-02"]


@pytest.mark.parametrize("leaving", ["Not today", "not today", "no"])
async def test_not_today(app: App, ana: Person, texts: LookBackTexts, clock: MovableClock, leaving: str) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says(leaving)
    assert ana.hears()[-1] == texts.not_today_reply
    await ana.says("heavy")
    assert await entries(app) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("suicidal", "Thank you for saying that here."),
        ("pills", "Thank you for saying that here."),
        ("i took pills", "This may be an emergency."),
    ],
)
async def test_words_of_danger_open_the_card_and_are_not_kept(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock, words: str, answer: str
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says(words)
    assert answer in ana.hears()[-1]
    await ana.says("alone")  # below the card
    assert await entries(app) == []


async def test_an_opening_gets_its_own_answer(app: App, ana: Person, texts: LookBackTexts, clock: MovableClock) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("I feel sad")
    assert await entries(app) == []
    assert texts.one_word.format(limit=LONGEST_WORD) not in ana.hears()
    await ana.says("sad")
    assert await entries(app) == ["2026-03-02"]


async def test_hours_later_words_are_not_meant_for_it_and_its_buttons_are(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    clock.move(timedelta(hours=9))
    await ana.says("heavy")
    assert await entries(app) == []
    await ana.taps("Stone gray")
    assert await entries(app) == ["2026-03-02"]


async def test_a_name_that_is_typed_is_the_colour(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("moss green")
    await ana.says("/look")
    assert "Mon 2 Mar: moss green" in ana.hears()[-1]


async def test_the_weeks_are_drawn_and_nothing_of_them_is_remembered(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("tired")
    await ana.says("/look")
    drawn, words = ana.chat.in_order()[-2:]
    assert "photo" in drawn.seen()
    assert drawn.seen()["caption"] == "12 January – 8 March 2026"
    assert words.seen()["text"] == "Mon 2 Mar: tired"
    async with app.database.read() as session:
        assert list(await session.scalars(select(Upload))) == []


async def test_older_weeks_are_a_page_back(app: App, ana: Person, texts: LookBackTexts, clock: MovableClock) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("tired")
    clock.move(timedelta(weeks=9))
    await ana.says("/look")
    assert ana.hears()[-1] == texts.none
    await ana.taps(texts.earlier)
    assert ana.hears()[-1] == "Mon 2 Mar: tired"
    assert [texts.later] in ana.labels()


async def test_one_is_removed_and_all_are(app: App, ana: Person, texts: LookBackTexts, clock: MovableClock) -> None:
    await asked_each_evening(ana, texts)
    for word in ("tired", "quiet", "ok"):
        await evening(app, clock, 8 if word == "tired" else 24)
        await ana.says(word)
    await ana.says("/look")
    await ana.taps(texts.remove)
    await ana.taps("Tue 3 Mar")
    assert await entries(app) == ["2026-03-02", "2026-03-04"]
    assert ana.hears()[-1] == "Mon 2 Mar: tired\nWed 4 Mar: ok"
    await ana.taps(texts.remove_all)
    await ana.taps(texts.yes_all)
    assert await entries(app) == []
    assert texts.all_removed in ana.hears()[-1]


async def test_the_asking_ends_and_what_is_kept_stays(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("tired")
    await ana.says("/look")
    await ana.taps(texts.when)
    assert ana.hears()[-1] == "I ask every day at 20:00."
    await ana.taps(texts.stop_asking)
    await evening(app, clock, 24)
    assert ana.hears().count(texts.question) == 1
    assert await entries(app) == ["2026-03-02"]
    async with app.database.read() as session:
        assert list(await session.scalars(select(LookAsking))) == []


async def test_who_has_no_time_zone_is_sent_to_the_settings(app: App, ana: Person, texts: LookBackTexts) -> None:
    await ana.says("/look")
    await ana.taps(texts.each_evening)
    assert ana.hears()[-1] == texts.no_zone


async def test_where_nothing_is_kept_yet_it_says_when_it_asks(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await asked_each_evening(ana, texts)
    await ana.says("/look")
    assert ana.hears()[-1] == "I ask every day at 20:00."


async def test_a_day_that_has_its_word_is_not_asked_about(
    app: App, ana: Person, texts: LookBackTexts, clock: MovableClock
) -> None:
    await subscribe(ana)
    await ana.says("/look")
    await ana.taps(texts.say_now)
    await ana.says("tired")
    await ana.says("/look")
    await ana.taps(texts.when)
    await ana.taps(texts.each_evening)
    await ana.taps("20:00")
    before = ana.hears().count(texts.question)
    await evening(app, clock)
    assert ana.hears().count(texts.question) == before


@pytest.mark.parametrize(
    "data", ["look:c:2020-01-01:sea", "look:c:2026-99-01:sea", "look:c:2026-03-02:mud", "look:on:9"]
)
async def test_a_forged_button_keeps_nothing(app: App, ana: Person, texts: LookBackTexts, data: str) -> None:
    await subscribe(ana)
    await ana.says("/look")
    await ana.taps_data(ana.last_stored().id, data)
    assert await entries(app) == []


async def test_in_a_group_the_way_to_the_private_chat_is_shown(app: App, ana: Person, catalogue: Catalogue) -> None:
    group = make_group(ana.telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/look@gentle_tears_bot", group)
    assert ana.hears(group)[-1] == catalogue.interface.help.private_only


async def test_what_is_typed_can_be_read_neither_on_disk_nor_in_the_log(
    app: App,
    ana: Person,
    texts: LookBackTexts,
    clock: MovableClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await asked_each_evening(ana, texts)
    await evening(app, clock)
    await ana.says("it was quite a xylophone today")
    await ana.says("xylophone")
    await ana.says("/look")
    assert ana.hears()[-1] == "Mon 2 Mar: xylophone"
    await evening(app, clock, 24)
    await ana.taps("Warm rose")
    assert b"2026-03-03" in on_disk(tmp_path)
    for said in ("xylophone", "colour:rose"):
        assert said.encode() not in on_disk(tmp_path)
        assert said not in caplog.text


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_without_a_key_it_is_off_and_says_why(
    telegram: LocalTelegram, keyless: App, texts: LookBackTexts
) -> None:
    ana = add_person(telegram, "Ana", language_code="en-GB")
    await ana.says("/look")
    assert ana.hears()[-1] == texts.off
    assert ana.labels() == []
