"""Photos, animations and documents: uploads, file ids, addresses and limits."""

import pytest

from localtelegram.answers import Json
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.state.files import DOWNLOAD_LIMIT, FilePart
from localtelegram.telegram import LocalTelegram

from .asking import Ask


async def send(telegram: LocalTelegram, bot: BotAccount, method: str, params: Json, **files: bytes) -> Json:
    return (await telegram.call(bot.token, method, params, files)).body


def mp4_of(width: int, height: int) -> bytes:
    """The beginning of a film, as far as its track's header."""
    sides = (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
    return b"\0\0\0\x08ftyp" + b"\0\0\0\x5ctkhd" + bytes(76) + sides + bytes(16)


def png_of(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")


async def test_photo_is_sent_again_by_its_id(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    await ada.starts()

    params: Json = {"chat_id": ada.id, "caption": "A https://x.org"}
    first = await send(telegram, bot, "sendPhoto", params, photo=png)
    file_id = first["result"]["photo"][-1]["file_id"]
    again = await ask("sendPhoto", chat_id=ada.id, photo=file_id)
    file = telegram.network.files.any(file_id)

    assert (first["result"]["caption"], first["result"]["caption_entities"][0]["type"]) == ("A https://x.org", "url")
    assert again["result"]["photo"] == first["result"]["photo"]
    assert file is not None
    assert file.content == png
    assert telegram.complaints == []


@pytest.mark.parametrize(
    ("content", "status", "description"),
    [
        (b"", 400, "Bad Request: file must be non-empty"),
        (b"no picture", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        (png_of(9000, 1001), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (png_of(2100, 100), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (b"\0" * (50 * 1024 * 1024 + 1), 413, "Request Entity Too Large"),
    ],
    ids=["empty", "no-picture", "too-large", "too-wide", "too-heavy"],
)
async def test_photo_refused(
    telegram: LocalTelegram, bot: BotAccount, ada: Person, content: bytes, status: int, description: str
) -> None:
    await ada.starts()

    body = await send(telegram, bot, "sendPhoto", {"chat_id": ada.id}, photo=content)

    assert (body["error_code"], body["description"]) == (status, description)


async def test_photo_that_is_none(ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes) -> None:
    other = telegram.add_bot("77:other", first_name="Other", username="other_bot")
    await ada.starts()
    photo = (await send(telegram, bot, "sendPhoto", {"chat_id": ada.id}, photo=png))["result"]["photo"][0]["file_id"]
    foreign = await telegram.call(other.token, "sendPhoto", {"chat_id": ada.id, "photo": photo})

    answers = [
        await ask("sendPhoto", chat_id=ada.id),
        await ask("sendPhoto", chat_id=ada.id, photo="attach://nothing"),
        await ask("sendPhoto", chat_id=ada.id, photo="AgACAgIAAx"),
        await ask("sendPhoto", chat_id=ada.id, photo="https://example.org/a.png"),
        await ask("sendAnimation", chat_id=ada.id, animation=photo),
        await ask("sendPhoto", chat_id=ada.id, photo=photo, caption="a" * 1025),
    ]

    assert foreign.body["description"] == "Bad Request: wrong file identifier/HTTP URL specified"
    assert [answer["description"] for answer in answers] == [
        "Bad Request: there is no photo in the request",
        "Bad Request: there is no photo in the request",
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: can't use file of type Photo as Animation",
        "Bad Request: message caption is too long",
    ]


async def test_what_does_not_move_is_sent_as_a_file(
    telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes
) -> None:
    await ada.starts()
    files = {"animation": FilePart(png, "still.png", "image/png")}

    body = (await telegram.call(bot.token, "sendAnimation", {"chat_id": ada.id}, files)).body

    assert (body["result"]["document"]["file_name"], "animation" in body["result"]) == ("still.png", False)


async def test_a_film_has_its_size(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    await ada.starts()
    film = FilePart(mp4_of(640, 360), "a.mp4", "video/mp4")

    body = (await telegram.call(bot.token, "sendAnimation", {"chat_id": ada.id}, {"animation": film})).body

    sent = body["result"]["animation"]
    assert (sent["mime_type"], sent["width"], sent["height"]) == ("video/mp4", 640, 360)


async def test_a_film_is_no_photo(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    await ada.starts()
    film = FilePart(mp4_of(640, 360), "a.mp4", "video/mp4")

    body = (await telegram.call(bot.token, "sendPhoto", {"chat_id": ada.id}, {"photo": film})).body

    assert body["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_a_bot_downloads_what_a_person_sent_and_no_other_bot_does(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    sent = await ada.sends_file("mine.json", b"{}", "/bring")
    file = (await ask("getFile", file_id=sent.json["document"]["file_id"]))["result"]

    assert (sent.json["caption_entities"][0]["type"], file["file_size"]) == ("bot_command", 2)
    assert telegram.download(bot.token, file["file_path"]) == b"{}"
    assert telegram.download("1:other", file["file_path"]) is None
    assert telegram.download(bot.token, "documents/file_99") is None
    assert ada.files() == {"mine.json": b"{}"}


@pytest.mark.parametrize(
    ("size", "description"), [(0, "Bad Request: invalid file_id"), (DOWNLOAD_LIMIT + 1, "Bad Request: file is too big")]
)
async def test_what_cannot_be_downloaded(ask: Ask, ada: Person, size: int, description: str) -> None:
    sent = await ada.sends_file("mine.json", b"x" * size)
    file_id = sent.json["document"]["file_id"] if size else "nonsense"

    assert (await ask("getFile", file_id=file_id))["description"] == description
