"""/invite: operators make, print, list and end invitations; for everyone else the command does not exist."""

import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Folders, Library
from bot.settings import MESSAGES, read_settings
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.content.test_library import write
from tests.databases import build

ROSA = {
    "rosa-meyer/en/interface.yaml": "invitation: {practice: the practice of Rosa Meyer}\n",
    "rosa-meyer/es/interface.yaml": "invitation: {practice: la consulta de Rosa Meyer}\n",
}
CODE = re.compile(r"i-[a-z0-9]{13}")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Folders((MESSAGES,), "en", write(tmp_path_factory.mktemp("practices"), ROSA)).load()


@pytest.fixture
def kim(telegram: LocalTelegram) -> Person:
    """The operator of the bot."""
    return add_person(telegram, "Kim")


@pytest.fixture
async def app(
    telegram: LocalTelegram, kim: Person, clock: MovableClock, library: Library, tmp_path: Path
) -> AsyncIterator[App]:
    await kim.starts()  # nobody answers yet, but Telegram knows the chat
    settings = read_settings(_env_file=None, operators=f"{kim.id}, 77")
    app = build(settings, library, telegram, clock, tmp_path)
    await start(app, telegram)
    yield app
    await app.stop()


async def make(kim: Person, *labels: str) -> str:
    """Makes an invitation by tapping these labels, and returns its code."""
    await kim.says("/invite")
    for label in ("New invitation", *labels):
        await kim.taps(label)
    found = CODE.search(kim.hears()[-1])
    assert found
    return found[0]


def read(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


async def test_an_invitation_is_made_with_its_card(app: App, kim: Person, telegram: LocalTelegram) -> None:
    code = await make(kim, "rosa-meyer", "Español", "Monday to Friday at 08:30")
    link = f"https://t.me/gentle_tears_bot?start={code}"
    made, caption = kim.hears()[-2:]
    assert made.splitlines()[:2] == [link, "Messages from rosa-meyer; Español; Monday to Friday at 08:30"]
    assert caption == link
    photo, document = (message.json for message in kim.chat.in_order()[-2:])
    assert document["document"]["file_name"] == f"{code}.pdf"
    png, pdf = (telegram.network.files.any(file["file_id"]) for file in (photo["photo"][-1], document["document"]))
    assert png
    assert pdf
    assert read(Image.open(io.BytesIO(png.content))) == link
    assert read(pypdfium2.PdfDocument(pdf.content)[0].render(scale=2).to_pil()) == link


async def test_each_question_is_asked_in_turn(app: App, kim: Person) -> None:
    await kim.says("/invite")
    assert kim.hears()[-1] == "No invitation is open."
    assert kim.labels() == [["New invitation"]]
    await kim.taps("New invitation")
    assert kim.labels() == [["The bot's own messages"], ["rosa-meyer"], ["Back"]]
    await kim.taps("The bot's own messages")
    assert kim.labels() == [["English", "Español"], ["No language"], ["Back"]]
    await kim.taps("No language")
    rhythms = ["Every day at 08:30", "Monday to Friday at 08:30", "Every day at 20:00", "No rhythm"]
    assert kim.labels() == [*([label] for label in rhythms), ["Back"]]
    await kim.taps("Back")
    assert kim.hears()[-1] == "No invitation is open."


async def test_whoever_opens_it_is_asked(app: App, kim: Person, telegram: LocalTelegram) -> None:
    code = await make(kim, "rosa-meyer", "No language", "Every day at 20:00")
    ana = add_person(telegram, "Ana")
    await ana.starts(code)
    assert "- messages from the practice of Rosa Meyer\n- a gentle message every day at 20:00" in ana.hears()[-1]


async def test_open_ones_are_listed_and_ended(
    app: App, kim: Person, clock: MovableClock, telegram: LocalTelegram
) -> None:
    first = await make(kim, "The bot's own messages", "No language", "No rhythm")
    clock.move(timedelta(days=2))
    second = await make(kim, "rosa-meyer", "English", "No rhythm")
    await kim.says("/invite")
    assert kim.hears()[-1] == (
        f"Open invitations\n\n1. {second}\nMessages from rosa-meyer; English\nsince today at 12:00\n\n"
        f"2. {first}\nThe bot's own messages\nsince Monday, 2 March 2026, at 12:00"
    )
    assert kim.labels() == [[f"1. {second}", f"2. {first}"], ["New invitation"]]
    await kim.taps(f"2. {first}")
    assert kim.hears()[-1].startswith(f"https://t.me/gentle_tears_bot?start={first}\nThe bot's own messages\nsince")
    assert kim.labels() == [["End it", "Send the card"], ["Back"]]
    await kim.taps("End it")
    assert kim.toasts[-1].text == "Ended."
    assert first not in kim.hears()[-1]
    ana = add_person(telegram, "Ana")
    await ana.starts(first)
    assert ana.hears()[-1].startswith("This invitation has ended")


async def test_the_card_is_sent_again(app: App, kim: Person) -> None:
    code = await make(kim, "rosa-meyer", "Español", "No rhythm")
    await kim.says("/invite")
    await kim.taps(f"1. {code}")
    before = len(kim.chat.in_order())
    await kim.taps("Send the card")
    assert [next(iter({"photo", "document"} & set(message.json))) for message in kim.chat.in_order()[before:]] == [
        "photo",
        "document",
    ]


async def test_a_second_tap_makes_and_ends_nothing_more(app: App, kim: Person) -> None:
    await kim.says("/invite")
    for label in ("New invitation", "rosa-meyer", "English"):
        await kim.taps(label)
    message = kim.last_stored()
    data = message.json["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _ in range(3):
        await kim.taps_data(message.id, data)
    assert kim.toasts[-1].text.startswith("That button has expired")
    await kim.says("/invite")
    code = CODE.findall(kim.hears()[-1])
    assert len(code) == 1
    listed = kim.last_stored().id
    for _ in range(2):
        await kim.taps_data(listed, f"i:e:{code[0]}")
    assert kim.toasts[-1].text == "That invitation has already ended."


@pytest.mark.parametrize(
    "data",
    [
        *("i:", "i:x", "i:w:nobody", "i:l:nobody:en", "i:l:rosa-meyer", "i:m:", "i:s:", "i:e:ground"),
        *("i:m:ground:-:-:0", "i:m:i-2222222222222:-:-:4", "i:m:i-2222222222222:-:fr:0"),
        *("i:m:i-2222222222222:nobody:-:0", "i:m:i-2222222222222:-:-:", "i:m:i-2222222222222:-:-:01"),
    ],
)
async def test_a_forged_tap_changes_nothing(app: App, kim: Person, data: str) -> None:
    await kim.says("/invite")
    await kim.taps_data(kim.last_stored().id, data)
    await kim.says("/invite")
    assert kim.hears()[-1] == "No invitation is open."


async def test_for_everyone_else_the_command_does_not_exist(
    app: App, kim: Person, telegram: LocalTelegram, library: Library
) -> None:
    code = await make(kim, "rosa-meyer", "English", "No rhythm")
    ana = add_person(telegram, "Ana")
    await ana.says("/invite")
    assert ana.hears()[-1] == library.of("en").interface.replies.unknown_command
    for data in ("i:list", "i:new", f"i:e:{code}", f"i:c:{code}", "i:m:i-2222222222222:-:-:0"):
        await ana.taps_data(ana.last_stored().id, data)
        assert ana.toasts[-1].text.startswith("That button has expired")
    assert len(ana.hears()) == 1
    await kim.says("/invite")
    assert CODE.findall(kim.hears()[-1]) == [code]


async def test_the_menu_has_it_for_those_who_run_the_bot(
    app: App, kim: Person, telegram: LocalTelegram, library: Library
) -> None:
    ana = add_person(telegram, "Ana")
    await ana.starts()
    commands = library.of("en").interface.commands
    assert {
        command["command"]: command["description"] for command in kim.menu()
    } == commands.private | commands.operator
    assert {command["command"]: command["description"] for command in ana.menu()} == commands.private


async def test_the_list_fits_into_one_message(app: App, kim: Person) -> None:
    for _ in range(22):
        await make(kim, "rosa-meyer", "Español", "Monday to Friday at 08:30")
    await kim.says("/invite")
    assert len(CODE.findall(kim.hears()[-1])) == 20
    assert kim.hears()[-1].endswith("python -m bot invite --list shows all.")
