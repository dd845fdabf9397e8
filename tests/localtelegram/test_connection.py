"""A bot's connection: tokens, unknown methods, long polling, setting a webhook."""

import asyncio
from datetime import timedelta

import pytest

from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask

HOOK = "https://bot.example.org/hook"


async def test_wrong_tokens_methods_and_those_not_played(telegram: LocalTelegram, bot: BotAccount) -> None:
    answers = [
        await telegram.call("99:other", "getMe", {}),
        await telegram.call("nonsense", "getMe", {}),
        await telegram.call(bot.token, "getYou", {}),
        await telegram.call(bot.token, "sendDice", {"chat_id": 1}),
    ]

    assert [(answer.status, answer.body["description"]) for answer in answers] == [
        (401, "Unauthorized"),
        (401, "Unauthorized: invalid token specified"),
        (404, "Not Found: method not found"),
        (501, "Not Implemented: the local Telegram does not play sendDice; add it in localtelegram/methods"),
    ]
    assert telegram.complaints == ["unknown method getYou", "sendDice: the local Telegram does not play sendDice"]


async def test_get_me_in_any_case(ask: Ask) -> None:
    me = (await ask("GETME"))["result"]

    assert (me["id"], me["is_bot"], me["username"], me["can_read_all_group_messages"]) == (
        123456,
        True,
        "echo_bot",
        False,
    )


async def test_updates_wait_until_they_are_confirmed(ask: Ask, ada: Person) -> None:
    await ada.starts()
    await ada.says("one")
    await ada.says("two")

    first = (await ask("getUpdates", limit=2))["result"]
    again = (await ask("getUpdates"))["result"]
    confirmed = (await ask("getUpdates", offset=first[-1]["update_id"] + 1))["result"]
    last = (await ask("getUpdates", offset=-1))["result"]

    assert [update["message"]["text"] for update in first] == ["/start", "one"]
    assert [update["message"]["text"] for update in again] == ["/start", "one", "two"]
    assert [update["message"]["text"] for update in confirmed] == ["two"]
    assert last == confirmed


async def test_updates_are_kept_for_a_day(ask: Ask, clock: MovableClock, ada: Person) -> None:
    await ada.starts()
    clock.move(timedelta(hours=23))
    await ada.says("later")
    clock.move(timedelta(hours=2))

    assert [update["message"]["text"] for update in (await ask("getUpdates"))["result"]] == ["later"]


async def test_allowed_updates_stay_in_force(ask: Ask, ada: Person) -> None:
    await ask("getUpdates", allowed_updates=["callback_query"])
    await ada.starts()
    nothing = (await ask("getUpdates"))["result"]
    await ask("getUpdates", allowed_updates=[])
    await ada.says("now")

    assert nothing == []
    assert [update["message"]["text"] for update in (await ask("getUpdates"))["result"]] == ["now"]


async def test_long_poll_ends_with_the_first_update(ask: Ask, ada: Person) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await asyncio.sleep(0)
    await ada.starts()

    assert [update["message"]["text"] for update in (await poll)["result"]] == ["/start"]


async def test_older_poll_is_ended_by_a_newer_one(ask: Ask, ada: Person) -> None:
    older = asyncio.create_task(ask("getUpdates", timeout=50))
    await asyncio.sleep(0)
    newer = asyncio.create_task(ask("getUpdates", timeout=50))
    ended = await older
    await ada.starts()

    assert ended == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    assert len((await newer)["result"]) == 1


async def test_webhook_ends_polling(telegram: LocalTelegram, ask: Ask) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await asyncio.sleep(0)
    await ask("setWebhook", url=HOOK)

    active = await ask("getUpdates")
    await ask("deleteWebhook")

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert active["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert (await ask("getUpdates"))["ok"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://x.org"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://x.org:81"},
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://127.0.0.1"}, "Bad Request: bad webhook: IP address 127.0.0.1 is reserved"),
        ({"url": HOOK, "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
        ({"url": HOOK, "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"),
    ],
)
async def test_set_webhook_refused(ask: Ask, params: dict[str, object], description: str) -> None:
    assert (await ask("setWebhook", **params))["description"] == description


async def test_set_webhook_too_often(telegram: LocalTelegram, bot: BotAccount, ask: Ask) -> None:
    await ask("setWebhook", url=HOOK)

    answer = await telegram.call(bot.token, "setWebhook", {"url": f"{HOOK}/2"})

    assert (answer.status, answer.body["parameters"], answer.headers) == (429, {"retry_after": 1}, {"Retry-After": "1"})


async def test_webhook_info(ask: Ask, ada: Person) -> None:
    none = await ask("getWebhookInfo")
    await ask("setWebhook", url=HOOK, allowed_updates=["message"], max_connections=3)
    one = await ask("getWebhookInfo")
    await ask("setWebhook", url="")

    assert none["result"] == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert one["result"] == {
        "url": HOOK,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "allowed_updates": ["message"],
        "max_connections": 3,
    }
    assert (await ask("getWebhookInfo"))["result"]["url"] == ""
