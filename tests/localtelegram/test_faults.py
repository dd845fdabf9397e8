"""Faults: what the bot gets, for how long, and what takes effect."""

from datetime import timedelta

import pytest

from localtelegram.clock import MovableClock
from localtelegram.faults import ConnectionLost, RateLimit
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.telegram import LocalTelegram

from .asking import Ask


async def test_flood_for_some_calls(telegram: LocalTelegram, bot: BotAccount, ada: Person) -> None:
    await ada.starts()
    telegram.faults.flood(5, method="sendMessage", times=2)
    params = {"chat_id": ada.id, "text": "a"}

    answers = [await telegram.call(bot.token, "sendMessage", params) for _ in range(3)]

    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 5",
        "parameters": {"retry_after": 5},
    }
    assert answers[0].headers == {"Retry-After": "5"}
    assert ada.hears() == ["a"]


async def test_refusal_for_one_chat_until_cleared(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    robin = add_person(telegram, "Robin")
    await ada.starts()
    await robin.starts()
    fault = telegram.faults.block(ada.id)

    to_ada, to_robin = [await ask("sendMessage", chat_id=person.id, text="a") for person in (ada, robin)]
    telegram.faults.clear(fault)
    again = await ask("sendMessage", chat_id=ada.id, text="a")

    assert (to_ada["error_code"], to_ada["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert (to_robin["ok"], again["ok"]) == (True, True)


async def test_broken_server_in_both_ways(telegram: LocalTelegram, bot: BotAccount) -> None:
    telegram.faults.break_server()
    as_json = await telegram.call(bot.token, "getMe", {})
    telegram.faults.break_server(as_html=True)
    as_html = await telegram.call(bot.token, "getMe", {})

    assert as_json.body == {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}
    assert (as_html.status, "502 Bad Gateway" in (as_html.html or "")) == (502, True)


@pytest.mark.parametrize(("after", "heard"), [(False, []), (True, ["a"])])
async def test_connection_lost_before_or_after_it_took_effect(
    telegram: LocalTelegram, bot: BotAccount, ada: Person, after: bool, heard: list[str]
) -> None:
    await ada.starts()
    telegram.faults.lose_connection(after=after)

    with pytest.raises(ConnectionLost):
        await telegram.call(bot.token, "sendMessage", {"chat_id": ada.id, "text": "a"})

    assert ada.hears() == heard
    assert [(call.method, call.status) for call in telegram.sent] == [("sendMessage", 200 if after else 0)]


async def test_named_method_refused(ask: Ask, telegram: LocalTelegram) -> None:
    telegram.faults.refuse(400, "Bad Request: BOT_COMMANDS_TOO_MUCH", method="setMyCommands")

    assert (await ask("setMyCommands", commands=[]))["description"] == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    assert (await ask("getMe"))["ok"]


async def test_one_message_a_second_in_a_chat(
    ask: Ask, telegram: LocalTelegram, clock: MovableClock, ada: Person
) -> None:
    await ada.starts()
    telegram.faults.limit_rate()

    codes = []
    for _ in range(3):
        codes.append((await ask("sendMessage", chat_id=ada.id, text="a")).get("error_code"))
        clock.move(timedelta(seconds=0.6))

    assert codes == [None, 429, None]


async def test_thirty_messages_a_second_in_all(ask: Ask, telegram: LocalTelegram, bot: BotAccount) -> None:
    people = [add_person(telegram, f"P{number}", bot=bot) for number in range(31)]
    for person in people:
        await person.starts()
    telegram.faults.limit_rate()

    bodies = [await ask("sendMessage", chat_id=person.id, text="a") for person in people]

    assert [body["ok"] for body in bodies] == [True] * 30 + [False]
    assert bodies[-1]["parameters"] == {"retry_after": 1}


async def test_paid_broadcast_goes_faster(telegram: LocalTelegram) -> None:
    rich = telegram.add_bot("88:rich", first_name="Rich", username="rich_bot", has_stars=True)
    people = [add_person(telegram, f"P{number}", bot=rich) for number in range(40)]
    for person in people:
        await person.starts()
    telegram.faults.limit_rate()

    answers = [
        await telegram.call(rich.token, "sendMessage", {"chat_id": p.id, "text": "a", "allow_paid_broadcast": True})
        for p in people
    ]

    assert {answer.status for answer in answers} == {200}


async def test_twenty_messages_a_minute_in_a_group_edits_counted(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, clock: MovableClock, ada: Person
) -> None:
    group = make_group(telegram, "Circle", owner=ada)
    await group.add(bot)
    telegram.faults.limit_rate()
    first = await ask("sendMessage", chat_id=group.id, text="0")
    for number in range(1, 20):
        clock.move(timedelta(seconds=1))
        await ask("editMessageText", chat_id=group.id, message_id=first["result"]["message_id"], text=str(number))
    clock.move(timedelta(seconds=1))

    body = await ask("sendMessage", chat_id=group.id, text="a")

    assert group.texts() == ["19"]
    assert body["parameters"] == {"retry_after": 40}


async def test_a_channel_has_no_limit_by_the_minute(
    ask: Ask, telegram: LocalTelegram, bot: BotAccount, clock: MovableClock, ada: Person
) -> None:
    channel = make_group(telegram, "Mornings", owner=ada, kind="channel")
    await channel.promote(bot, can_post_messages=True)
    telegram.faults.limit_rate()
    bodies = []
    for _ in range(25):
        clock.move(timedelta(seconds=1))
        bodies.append(await ask("sendMessage", chat_id=channel.id, text="a"))

    assert {body["ok"] for body in bodies} == {True}


async def test_limits_after_the_clock_went_back(
    ask: Ask, telegram: LocalTelegram, clock: MovableClock, ada: Person
) -> None:
    await ada.starts()
    telegram.faults.limit_rate()
    clock.move(timedelta(days=1))
    await ask("sendMessage", chat_id=ada.id, text="a")
    clock.back_to_real()

    assert (await ask("sendMessage", chat_id=ada.id, text="a"))["ok"]


async def test_own_limits_and_their_end(ask: Ask, telegram: LocalTelegram, ada: Person) -> None:
    await ada.starts()
    telegram.faults.limit_rate(RateLimit(per_chat_per_second=2, retry_after=9))
    bodies = [await ask("sendMessage", chat_id=ada.id, text="a") for _ in range(3)]
    telegram.faults.clear()

    assert [body.get("parameters") for body in bodies] == [None, None, {"retry_after": 9}]
    assert (await ask("sendMessage", chat_id=ada.id, text="a"))["ok"]
