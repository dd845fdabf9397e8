"""Commands in the language of the chat, below pictures, and in messages that were edited before they were answered."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from bot.app import App
from bot.content.interface import CommandTexts
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Note, OwnSentence
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

Json = dict[str, Any]  # Any: as the Bot API has it


async def test_a_command_has_names_in_every_language(
    app: App, ana: Person, catalogue: Catalogue, library: Library
) -> None:
    await ana.says("/ayuda")
    assert ana.hears()[-1] == catalogue.interface.help.text
    sofia = add_person(ana.telegram, "Sofía", language_code="es")
    for name in ("/apoyo", "/Apoyo@gentle_tears_bot", "/support"):
        await sofia.says(name)
        assert sofia.hears()[-1].startswith(library.of("es").support.card.opening)


async def test_what_follows_a_name_is_kept(app: App, ana: Person, library: Library) -> None:
    await ana.says("/inicio")
    assert ana.hears()[-1].startswith(library.of("en").interface.start.welcome)


async def test_in_a_group_too_and_only_if_meant_for_this_bot(
    app: App, ana: Person, circle: Group, catalogue: Catalogue, clock: MovableClock
) -> None:
    await ana.says("/apoyo@gentle_tears_bot", circle)
    assert circle.texts()[-1].startswith(catalogue.support.card.opening)
    heard = len(circle.texts())
    clock.move(timedelta(minutes=5))
    await ana.says("/apoyo@another_bot", circle)
    assert len(circle.texts()) == heard + 1


def message(person: Person, chat_id: int, number: int, **content: object) -> Json:
    kind = "private" if chat_id > 0 else "supergroup"
    chat = {"id": chat_id, "type": kind} | ({"first_name": "Ana"} if chat_id > 0 else {"title": "Tuesday circle"})
    author = {"id": person.id, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    return {"message_id": number, "date": 1_772_452_800, "chat": chat, "from": author, **content}


def command(length: int) -> list[Json]:
    return [{"type": "bot_command", "offset": 0, "length": length}]


async def takes(app: App, number: int, **update: Json) -> None:
    """The update as Telegram delivers it."""
    await app.update_queue.take_raw({"update_id": number, **update}, app.application.bot)


async def test_a_command_below_a_picture_is_a_command(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
    shown = message(ana, ana.id, 900, photo=photo, caption="/support", caption_entities=command(8))
    await takes(app, 9001, message=shown)
    assert ana.hears()[-1].startswith(catalogue.support.card.opening)


async def test_a_caption_that_is_no_command_is_a_picture(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
    await takes(app, 9001, message=message(ana, ana.id, 900, photo=photo, caption="my /support"))
    assert ana.hears()[-1] == catalogue.interface.replies.not_text.picture


async def test_an_edited_message_counts_if_it_was_not_answered(
    app: App, ana: Person, circle: Group, catalogue: Catalogue
) -> None:
    heard = len(circle.texts())
    edited = message(ana, circle.id, 900, edit_date=1_772_452_830, text="/support", entities=command(8))
    await takes(app, 9001, edited_message=edited)
    assert [text.startswith(catalogue.support.card.opening) for text in circle.texts()[heard:]] == [True]
    await takes(app, 9002, edited_message=edited)
    assert len(circle.texts()) == heard + 1


async def test_an_edited_message_that_was_answered_or_is_old_changes_nothing(
    app: App, ana: Person, circle: Group
) -> None:
    await ana.starts()
    await takes(app, 9001, message=message(ana, ana.id, 900, text="suport"))
    heard, in_group = len(ana.hears()), len(circle.texts())
    await takes(
        app,
        9002,
        edited_message=message(ana, ana.id, 900, edit_date=1_772_452_830, text="/support", entities=command(8)),
    )
    late = message(ana, circle.id, 901, edit_date=1_772_453_401, text="/support", entities=command(8))
    await takes(app, 9003, edited_message=late)
    assert (len(ana.hears()), len(circle.texts())) == (heard, in_group)


async def test_an_edited_text_that_is_no_command_is_left_alone(app: App, ana: Person) -> None:
    await ana.starts()
    heard = len(ana.hears())
    await takes(app, 9001, edited_message=message(ana, ana.id, 900, edit_date=1_772_452_830, text="hello"))
    assert len(ana.hears()) == heard


def test_the_names_are_checked(catalogue: Catalogue) -> None:
    texts = catalogue.interface.commands.model_dump()
    for names, said in (
        ({"groud": ["calm"]}, "there is no such command"),
        ({"ground": ["help"]}, "help twice, or it is a command already"),
        ({"ground": ["calm"], "help": ["calm"]}, "calm twice"),
        ({"ground": ["Calm"]}, "should match pattern"),
    ):
        with pytest.raises(ValidationError, match=said):
            CommandTexts.model_validate(texts | {"names": names})


def test_no_name_stands_for_two_commands(library: Library) -> None:
    names = [
        (name, command)
        for language in library.languages
        for command, others in library.of(language).interface.commands.names.items()
        for name in (command, *others)
    ]
    assert dict(names) == {name: library.find_command(name) for name, _ in names}


# The menu


async def test_the_menu_follows_the_language_of_the_chat(app: App, ana: Person, library: Library) -> None:
    def menu() -> dict[str, str]:
        return {entry["command"]: entry["description"] for entry in ana.menu()}

    assert menu() == library.of("en").interface.commands.private
    await ana.says("/language")
    await ana.taps("Español")
    assert menu() == library.of("es").interface.commands.private
    await ana.says("/olvidar")
    await ana.taps(library.of("es").interface.forget.yes)
    assert menu() == library.of("en").interface.commands.private


async def test_the_menus_of_a_group_follow_it_too(
    app: App, ana: Person, circle: Group, library: Library, telegram: LocalTelegram
) -> None:
    robin = add_person(telegram, "Robin", language_code="en")
    await circle.add(robin, by=ana)
    await ana.says("/language@gentle_tears_bot", circle)
    await ana.taps("Español", circle)
    texts = library.of("es").interface.commands
    assert [entry["command"] for entry in ana.menu(circle)] == [
        *texts.group,
        *(name for name in texts.admin if name not in texts.group),
    ]
    assert [entry["description"] for entry in robin.menu(circle)] == list(texts.group.values())


async def test_a_menu_that_telegram_refuses_stays_and_the_answer_comes(
    app: App, ana: Person, telegram: LocalTelegram, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    await ana.says("/language")
    telegram.faults.refuse(400, "Bad Request: chat not found", method="setMyCommands")
    await ana.taps("Español")
    assert ana.hears()[-1] == library.of("es").interface.language.chosen
    (line,) = (record for record in caplog.records if "the menu of a chat stays as it was" in record.message)
    assert not hasattr(line, "chat")  # its number in Telegram is the person's own


@pytest.mark.parametrize("said", ["/note the thing with my sister", "/mine I have come through days like this"])
async def test_what_is_kept_is_kept_once_though_it_is_delivered_twice_or_edited(
    app: App, ana: Person, said: str
) -> None:
    sent = message(ana, ana.id, 900, text=said, entities=command(5))
    await takes(app, 9001, message=sent)
    await takes(app, 9001, message=sent)
    edited = message(ana, ana.id, 900, edit_date=1_772_452_830, text=f"{said}!", entities=command(5))
    await takes(app, 9002, edited_message=edited)
    async with app.database.read() as session:
        kept = [*await session.scalars(select(Note)), *await session.scalars(select(OwnSentence))]
    assert len(kept) == 1
