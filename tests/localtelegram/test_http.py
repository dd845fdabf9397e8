"""The Bot API over HTTP: every form of parameters, and errors of the connection."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from localtelegram.http import application
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

Client = TestClient[aiohttp.web.Request, aiohttp.web.Application]


@pytest.fixture
async def client(telegram: LocalTelegram) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(telegram))) as client:
        yield client


async def test_parameters_by_query_form_json_and_multipart(
    client: Client, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    await ada.starts()
    url = f"/bot{bot.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    params = {
        "chat_id": str(ada.id),
        "text": "Hello",
        "disable_notification": "true",
        "reply_markup": json.dumps(markup),
    }
    multipart = aiohttp.FormData(params, default_to_multipart=True)

    answers = [
        await client.get(url, params=params),
        await client.post(url, params=params),
        await client.post(url, data=params),
        await client.post(url, data=multipart),
        await client.post(url, json=params),
        await client.post(
            url, json={"chat_id": ada.id, "text": "Hello", "disable_notification": True, "reply_markup": markup}
        ),
    ]

    assert [answer.status for answer in answers] == [200] * 6
    assert ada.hears() == ["Hello"] * 6
    assert all(stored.is_silent for stored in ada.chat.in_order()[1:])
    assert ada.labels() == [["More"]]
    assert [call.params for call in telegram.sent] == [telegram.sent[0].params] * 6
    assert telegram.complaints == []


async def test_upload(client: Client, telegram: LocalTelegram, bot: BotAccount, ada: Person, png: bytes) -> None:
    await ada.starts()
    form = aiohttp.FormData({"chat_id": str(ada.id)})
    form.add_field("photo", png, filename="dot.png", content_type="image/png")

    sent = await (await client.post(f"/bot{bot.token}/sendPhoto", data=form)).json()
    file = telegram.network.files.any(sent["result"]["photo"][0]["file_id"])

    assert file is not None
    assert (file.content, file.name) == (png, "dot.png")


async def test_download(client: Client, telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    sent = await ada.sends_file("mine.json", b"{}")
    params = {"file_id": sent.json["document"]["file_id"]}

    found = await (await client.get(f"/bot{bot.token}/getFile", params=params)).json()
    path = found["result"]["file_path"]
    answers = [await client.get(f"/file/bot{token}/{path}") for token in (bot.token, "99:x")]

    assert [answer.status for answer in answers] == [200, 404]
    assert await answers[0].read() == b"{}"


async def test_status_is_the_error_code(client: Client, telegram: LocalTelegram, bot: BotAccount) -> None:
    telegram.faults.flood(3, method="getMe")

    flood = await client.post(f"/bot{bot.token}/getMe")
    token = await client.post("/bot99:x/getMe")
    method = await client.post(f"/bot{bot.token}/getYou")
    body = await client.post(f"/bot{bot.token}/getMe", data=b"{", headers={"Content-Type": "application/json"})

    assert (flood.status, flood.headers["Retry-After"]) == (429, "3")
    assert (await flood.json())["parameters"] == {"retry_after": 3}
    nothing = await client.get(f"/bot{bot.token}")
    deeper = await client.get(f"/bot{bot.token}/getMe/more")
    assert [answer.status for answer in (token, method, body)] == [401, 404, 400]
    assert await nothing.json() == await deeper.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_proxy_error_is_html(client: Client, telegram: LocalTelegram, bot: BotAccount) -> None:
    telegram.faults.break_server(as_html=True)

    answer = await client.post(f"/bot{bot.token}/getMe")

    assert (answer.status, answer.content_type) == (502, "text/html")


async def test_lost_connection_gives_no_answer(
    client: Client, telegram: LocalTelegram, bot: BotAccount, ada: Person
) -> None:
    await ada.starts()
    telegram.faults.lose_connection(after=True)

    with pytest.raises(aiohttp.ClientError):
        await client.post(f"/bot{bot.token}/sendMessage", data={"chat_id": str(ada.id), "text": "Hello"})

    assert ada.hears() == ["Hello"]
