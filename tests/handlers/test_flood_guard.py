"""Floods in a group: the bot sends at most twenty messages a minute, and answers repeated taps once."""

import asyncio
from datetime import timedelta

import pytest

from bot.app import App
from bot.content.load import Catalogue
from bot.database.values import OffReason
from bot.domain.flood_limits import CROWD
from localtelegram.clock import MovableClock
from localtelegram.faults import RateLimit
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import rows_of


async def test_a_flood_of_commands_stays_below_telegrams_limit(
    telegram: LocalTelegram, circle: Group, ana: Person, clock: MovableClock
) -> None:
    telegram.faults.limit_rate(RateLimit(per_second=1_000, per_chat_per_second=1_000))
    people = [add_person(telegram, f"Person {number}") for number in range(60)]
    for person in people:
        await circle.add(person, by=ana)
    for command in ("affirm", "ground", "help", "learn"):
        for person in people:
            clock.move(timedelta(seconds=1.5))
            await person.says(f"/{command}@gentle_tears_bot", circle)
    at = sorted(stored.at for stored in circle.messages() if stored.author_id == ana.bot.id)
    assert len(at) > 20
    for first, twenty_first in zip(at, at[20:], strict=False):
        assert twenty_first - first >= timedelta(minutes=1)
    assert telegram.complaints == []


async def test_whoever_asks_again_and_again_is_answered_once(circle: Group, ana: Person) -> None:
    before = len(ana.hears(circle))
    for _ in range(30):
        await ana.says("/affirm@gentle_tears_bot", circle)
    assert len(ana.hears(circle)) == before + 1


@pytest.mark.parametrize("sign", [".", "!", "🤍", "/", ": please"])
async def test_a_sign_behind_a_command_leads_past_no_limit(circle: Group, ana: Person, sign: str) -> None:
    before = len(ana.hears(circle))
    for _ in range(25):
        await ana.says(f"/affirm@gentle_tears_bot{sign}", circle)
    assert len(ana.hears(circle)) == before + 1


@pytest.mark.parametrize("command", ["/ground.", "/before!", "/reflect 🤍", "/AFTER", "/support?"])
async def test_a_sign_behind_a_command_changes_nothing(app: App, ana: Person, command: str) -> None:
    await ana.says(command)
    said = ana.hears()
    await ana.says(command.rstrip(".!? 🤍").lower())
    assert len(said) == 1
    assert ana.labels() != []


async def test_whoever_taps_again_and_again_is_answered_once(circle: Group, ana: Person) -> None:
    await ana.says("/learn@gentle_tears_bot", circle)
    shown = ana.last(circle)
    for _ in range(10):
        await ana.taps_data(
            shown["message_id"], shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"], circle
        )
    assert len(ana.toasts) == 10  # no tap is left without an answer
    assert not any(toast.text for toast in ana.toasts)


async def test_support_is_answered_in_any_crowd(circle: Group, ana: Person, telegram: LocalTelegram) -> None:
    people = [add_person(telegram, f"Person {number}") for number in range(12)]
    for person in people:
        await circle.add(person, by=ana)
        await person.says("/affirm@gentle_tears_bot", circle)
    heard = len(ana.hears(circle))
    await ana.says("/affirm@gentle_tears_bot", circle)
    assert len(ana.hears(circle)) == heard  # the limit is reached
    await ana.says("/support@gentle_tears_bot", circle)
    assert len(ana.hears(circle)) == heard + 1


async def test_a_private_chat_is_answered_meanwhile(circle: Group, ana: Person, telegram: LocalTelegram) -> None:
    for number in range(15):
        person = add_person(telegram, f"Person {number}")
        await circle.add(person, by=ana)
        await person.says("/affirm@gentle_tears_bot", circle)
    await ana.says("/ground")
    assert ana.hears()


async def test_one_card_of_support_is_for_all_who_ask_in_the_same_moment(
    circle: Group, ana: Person, telegram: LocalTelegram, clock: MovableClock
) -> None:
    people = [add_person(telegram, f"Person {number}") for number in range(8)]
    for person in people:
        await circle.add(person, by=ana)
    before = len(ana.hears(circle))
    for person in people:
        await person.says("/support@gentle_tears_bot", circle)
    cards = [text for text in ana.hears(circle)[before:] if not text.startswith("/")]
    assert len(cards) == 1
    clock.move(timedelta(seconds=2))
    await people[0].says("/support@gentle_tears_bot", circle)
    assert ana.hears(circle)[-1] == cards[0]


async def test_a_tap_that_would_have_to_wait_is_told_so_at_once_and_does_nothing(
    circle: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.says("/settings@gentle_tears_bot", circle)
    for number in range(24):
        clock.move(timedelta(seconds=2.2))
        await ana.taps("Without sound" if number % 2 == 0 else "With sound", circle)
        if ana.toasts[-1].text == catalogue.interface.together.slower:
            break
    shown = circle.last()
    clock.move(timedelta(seconds=2))
    await ana.taps_data(shown["message_id"], "s:pictures:1", circle)
    assert ana.toasts[-1].text == catalogue.interface.together.slower
    assert circle.last()["text"] == shown["text"]
    clock.move(timedelta(minutes=2))
    await ana.taps_data(shown["message_id"], "s:pictures:1", circle)
    assert "Messages: as pictures" in circle.last()["text"]


async def test_a_command_in_a_closed_topic_is_no_error_of_the_program(
    telegram: LocalTelegram, app: App, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    forum = make_group(telegram, "Forum", owner=ana, is_forum=True)
    await forum.add(ana.bot, by=ana)
    topic = await forum.open_topic("Closed", by=ana)
    await forum.close_topic(topic, by=ana)
    await ana.says("/affirm@gentle_tears_bot", forum, topic)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_stop_is_obeyed_in_a_busy_group(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    for _ in range(12):
        clock.move(timedelta(seconds=3.5))
        await robin.says("/affirm", group)
    await ana.says("/settings@gentle_tears_bot", group)
    assert "Settings" in group.texts()[-1]
    await ana.says("/stop@gentle_tears_bot", group)
    assert [row.off_reason for row in await rows_of(app, group.id)] == [OffReason.STOPPED]


async def test_commands_for_other_bots_do_not_count(telegram: LocalTelegram, group: Group, clock: MovableClock) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    for number in range(12):
        clock.move(timedelta(seconds=0.5))
        await robin.says(f"/roll{number}", group)
    before = len(group.texts())
    await robin.says("/affirm", group)
    assert len(group.texts()) == before + 2


async def test_a_flood_of_one_person_is_answered_once_and_help_each_time(app: App, ana: Person) -> None:
    await ana.starts()
    before = len(ana.hears())
    raw = update_of(ana, "/affirm")
    help_wanted, danger = update_of(ana, "/support"), update_of(ana, "I want to kill myself")
    floods = [raw] * 100 + [help_wanted, danger] + [raw] * 100
    bot = app.application.bot
    await asyncio.gather(
        *(app.update_queue.take_raw(one | {"update_id": 10_000 + number}, bot) for number, one in enumerate(floods))
    )
    heard = ana.hears()[before:]
    assert len([text for text in heard if "findahelpline" in text]) == 2
    assert len(heard) <= 2 + 1 + CROWD


def update_of(person: Person, text: str) -> dict[str, object]:
    """The update of a person who types this in private."""
    sender = {"id": person.id, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    chat = {"id": person.id, "type": "private", "first_name": "Ana"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
    content = {"message_id": 900, "date": 1, "chat": chat, "from": sender, "text": text, "entities": entities}
    return {"message": content}
