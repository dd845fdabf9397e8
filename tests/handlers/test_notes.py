"""Notes for a session: kept only when asked, encrypted, under a spoiler, gone when let go or by themselves."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.content.notes import NoteTexts
from bot.database.models import Chat, Conversation, Note
from bot.database.values import Subject
from bot.domain.notes import LONGEST_NOTE, MOST_NOTES
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

MINE = "the thing with my sister"


@pytest.fixture
def texts(catalogue: Catalogue) -> NoteTexts:
    return catalogue.interface.notes


async def stored(app: App) -> int:
    async with app.database.read() as session:
        return len((await session.scalars(select(Note))).all())


def spoilers(person: Person) -> list[str]:
    message = person.last()
    parts = [entity for entity in message.get("entities", []) if entity["type"] == "spoiler"]
    return [message["text"][part["offset"] : part["offset"] + part["length"]] for part in parts]


def on_disk(folder: Path) -> bytes:
    """All that the program has written: the database, its write-ahead log, and whatever else there is."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_a_note_is_kept_and_its_end_is_said(app: App, ana: Person, texts: NoteTexts) -> None:
    await ana.says(f"/note {MINE}")
    assert ana.hears()[-1] == texts.kept.format(day="Friday, 1 May 2026")
    assert await stored(app) == 1


async def test_the_words_are_asked_for_if_there_are_none(app: App, ana: Person, texts: NoteTexts) -> None:
    await ana.says("/note")
    assert ana.hears()[-1] == texts.question.format(limit="1,000", days=60)
    await ana.says(MINE)
    assert await stored(app) == 1
    await ana.says("and something else")
    assert await stored(app) == 1


async def test_the_command_with_a_note_answers_an_open_question(app: App, ana: Person) -> None:
    await ana.says("/note")
    await ana.says(f"/note {MINE}")
    await ana.says("and something else")
    assert await stored(app) == 1


async def test_a_question_is_over_when_the_notes_are_shown(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.says(f"/note {MINE}")
    await ana.says("/note")
    await ana.says("/notes")
    await ana.says("remind me to drink some water at 15:00")
    assert await stored(app) == 1
    await ana.says("/note")  # and asked once more, it waits again
    await ana.says("and something else")
    assert await stored(app) == 2


async def test_looking_at_notes_leaves_nothing_behind(app: App, ana: Person) -> None:
    await ana.says("/notes")
    async with app.database.read() as session:
        assert list(await session.scalars(select(Chat))) == []


@pytest.mark.parametrize("leaving", ["Never mind", "stop", "no"])
async def test_the_question_can_be_left(app: App, ana: Person, texts: NoteTexts, leaving: str) -> None:
    await ana.says("/note")
    await ana.says(leaving)
    assert ana.hears()[-1] == texts.not_kept
    await ana.says(MINE)
    assert await stored(app) == 0


async def test_what_is_typed_an_hour_later_is_not_kept(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.says("/note")
    clock.move(timedelta(hours=2))
    await ana.says(MINE)
    assert await stored(app) == 0


async def test_an_own_message_is_kept_by_a_reply_to_it(app: App, ana: Person) -> None:
    said = await ana.says(MINE)
    assert await stored(app) == 0
    await ana.says("/note", reply_to=said)
    await ana.says("/note", reply_to=said)
    assert await stored(app) == 1


async def test_notes_are_shown_one_by_one_under_a_spoiler(app: App, ana: Person, texts: NoteTexts) -> None:
    await ana.says(f"/note {MINE}")
    await ana.says("/note see https://example.org \N{BUBBLES}")
    await ana.says("/notes")
    assert ana.hears()[-1] == f"2 notes for your session.\n\n{texts.about}"
    await ana.taps(texts.one_by_one)
    assert ana.hears()[-1].startswith("1 of 2\n\n")
    assert spoilers(ana) == [MINE]
    await ana.taps(texts.newer)
    assert "2 of 2" in ana.hears()[-1]
    await ana.taps(texts.let_go)
    assert spoilers(ana) == [MINE]
    assert await stored(app) == 1


async def test_in_a_session_there_is_only_the_note_and_afterwards_one_question(
    app: App, ana: Person, texts: NoteTexts
) -> None:
    await ana.says(f"/note {MINE}")
    await ana.says("/notes")
    await ana.taps(texts.in_session)
    assert texts.let_go not in {label for row in ana.labels() for label in row}
    await ana.taps(texts.afterwards)
    assert ana.hears()[-1] == texts.question_after
    await ana.taps(texts.keep_them)
    assert ana.hears()[-1].startswith(texts.they_stay.format(day="Friday, 1 May 2026"))
    await ana.taps(texts.all_go)
    await ana.taps(texts.let_them_go)
    assert ana.hears()[-1].startswith(texts.all_gone)
    assert await stored(app) == 0


async def test_all_notes_come_as_plain_text_to_send_on(app: App, ana: Person, texts: NoteTexts) -> None:
    await ana.says("/note one")
    await ana.says("/note two")
    await ana.says("/notes")
    await ana.taps(texts.send)
    assert ana.hears()[-1] == "one\n\ntwo"


async def test_a_reflection_is_kept_only_after_a_tap(app: App, ana: Person, texts: NoteTexts) -> None:
    await reflect(ana)
    said = await ana.says("something that I noticed")
    assert await stored(app) == 0
    reply = ana.last()
    assert reply["reply_to_message"]["message_id"] == said.id
    await ana.taps(texts.keep_this)
    await ana.taps_data(reply["message_id"], "notes:keep")
    assert await stored(app) == 1
    assert texts.is_kept in {label for row in ana.labels() for label in row}
    assert [toast.text for toast in ana.toasts][-1] == texts.already_kept
    await ana.says("/notes")
    await ana.taps(texts.one_by_one)
    assert spoilers(ana) == ["something that I noticed"]


async def test_a_reflection_that_was_deleted_cannot_be_kept(app: App, ana: Person, texts: NoteTexts) -> None:
    await reflect(ana)
    await ana.says("something")
    ana.chat.messages[ana.last()["message_id"]].json.pop("reply_to_message")
    await ana.taps(texts.keep_this)
    assert [toast.text for toast in ana.toasts][-1] == texts.cannot_see
    assert await stored(app) == 0


async def reflect(person: Person) -> None:
    """Goes to a step that asks for words."""
    await person.says("/reflect")
    for label in ("After crying", "Begin"):
        await person.taps(label)


async def test_words_of_danger_are_kept_and_open_the_card(app: App, ana: Person) -> None:
    await ana.says("/note I want to die")
    assert await stored(app) == 1
    assert "findahelpline.com" in ana.hears()[-1]
    await ana.says("/note")
    await ana.says("he is going to kill me")
    assert await stored(app) == 2
    assert "findahelpline.com" in ana.hears()[-1]


@pytest.mark.parametrize("typed", ["delete it", "idk", "nothing", "never mind", "cancel", "olvídalo", "nada", "nose"])
async def test_what_is_no_note_is_not_kept(app: App, ana: Person, texts: NoteTexts, typed: str) -> None:
    await ana.says("/note")
    await ana.says(typed)
    assert ana.hears()[-1] == texts.not_kept
    assert await stored(app) == 0


async def test_who_asks_back_is_asked_for_a_note_once_more(app: App, ana: Person) -> None:
    await ana.says("/note")
    asked = ana.hears()[-1]
    await ana.says("what?")
    assert ana.hears()[-1] == asked
    await ana.says(MINE)
    assert await stored(app) == 1


async def test_a_note_that_is_too_long_is_asked_for_again(app: App, ana: Person, texts: NoteTexts) -> None:
    await ana.says("/note")
    await ana.says("a" * (LONGEST_NOTE + 1))
    assert ana.hears()[-1] == texts.too_long.format(limit="1,000", length="1,001")
    await ana.says(MINE)
    assert await stored(app) == 1


async def test_more_notes_than_fit_are_refused_kindly(
    app: App, ana: Person, texts: NoteTexts, clock: MovableClock
) -> None:
    for number in range(MOST_NOTES + 1):
        await ana.says(f"/note {number}")
        clock.move(timedelta(seconds=20))
    assert ana.hears()[-1] == texts.too_many.format(most=MOST_NOTES)
    assert await stored(app) == MOST_NOTES


async def test_in_a_group_the_way_to_the_private_chat_is_shown(app: App, ana: Person, catalogue: Catalogue) -> None:
    group = make_group(ana.telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says(f"/note@gentle_tears_bot {MINE}", group)
    assert ana.hears(group)[-1] == catalogue.interface.help.private_only
    assert await stored(app) == 0


async def test_notes_go_by_themselves(app: App, ana: Person, texts: NoteTexts, clock: MovableClock) -> None:
    await ana.says(f"/note {MINE}")
    clock.move(timedelta(days=60))
    await ana.says("/notes")
    assert ana.hears()[-1] == texts.none
    await app.scheduler.catch_up()
    assert await stored(app) == 0


async def test_the_open_question_ends_when_the_card_opens(app: App, ana: Person) -> None:
    await ana.says("/note")
    await ana.says("/support")
    await ana.says(MINE)
    assert await stored(app) == 0
    async with app.database.read() as session:
        assert not [row for row in await session.scalars(select(Conversation)) if row.subject == Subject.NOTE]


async def test_without_a_key_it_is_off_and_says_why(telegram: LocalTelegram, keyless: App, texts: NoteTexts) -> None:
    ana = add_person(telegram, "Ana", language_code="en")
    await ana.says(f"/note {MINE}")
    assert ana.hears()[-1] == texts.off
    await ana.says("/notes")
    assert ana.hears()[-1] == texts.off
    await reflect(ana)
    await ana.says("something")
    assert texts.keep_this not in {label for row in ana.labels() for label in row}
    assert await stored(keyless) == 0


async def test_nothing_that_was_typed_can_be_read_on_disk_or_in_the_log(
    app: App, ana: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await ana.says("/note xylophone")
    await ana.says("/note")
    await ana.says("xylophone again")
    await reflect(ana)
    await ana.says("a xylophone")
    await ana.taps("Keep for my session")
    assert await stored(app) == 3
    assert b"xylophone" not in on_disk(tmp_path)
    assert "xylophone" not in caplog.text
