"""Flows in a chat: begun by a tap, a link or a command, interrupted and continued, with typed texts."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.app import App
from bot.content.load import Catalogue
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

OUT, MINUTE, ON = "Stop here", "I need a minute", "Pick up where we left off"


def written_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def starts(texts: tuple[str, ...], shown: str) -> bool:
    return any(shown.startswith(text) for text in texts)


@pytest.mark.parametrize("command", ["ground", "reflect", "before", "after"])
async def test_a_command_puts_one_step_and_a_way_out_on_the_screen(app: App, ana: Person, command: str) -> None:
    await ana.starts()
    heard = len(ana.hears())
    await ana.says(f"/{command}")
    assert len(ana.hears()) == heard + 1
    assert ana.labels()[-1] == [MINUTE, OUT]


async def test_a_link_begins_at_once_and_says_first_what_this_is_not(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    await ana.starts("ground")
    lead = catalogue.interface.flows.first_time
    assert [text.startswith(lead) for text in ana.hears()] == [True]
    await ana.says("/ground")
    assert not ana.hears()[-1].startswith(lead)


async def test_grounding_is_one_tap_away_from_the_first_message(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.taps(catalogue.interface.flows.entry)
    assert starts(catalogue.flows["grounding"].steps["look"].say, ana.hears()[-1])
    await ana.taps("Once a day")  # the first question has waited
    assert "What time" in ana.hears()[0]


async def test_grounding_is_one_tap_away_under_a_sentence(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/affirm")
    sentence = ana.hears()[-1]
    await ana.taps(catalogue.interface.flows.entry)
    assert ana.hears()[-2] == sentence
    assert starts(catalogue.flows["grounding"].steps["look"].say, ana.hears()[-1])


async def test_a_group_is_shown_the_way_to_the_private_chat(telegram: LocalTelegram, app: App, ana: Person) -> None:
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/reflect@gentle_tears_bot", group)
    button = ana.last(group)["reply_markup"]["inline_keyboard"][0][0]
    assert button["url"] == "https://t.me/gentle_tears_bot?start=reflect"
    await ana.taps_data(ana.last(group)["message_id"], "g:grounding", group)
    assert len(ana.hears(group)) == 2  # with the hello


async def test_a_step_changes_in_place_and_typed_words_are_answered_below(app: App, ana: Person) -> None:
    await ana.says("/reflect")
    first = ana.last()["message_id"]
    await ana.taps("After crying")
    await ana.taps("Begin")
    assert ana.last()["message_id"] == first
    await ana.says("It was the letter.")
    assert ana.last()["message_id"] > first
    with_buttons = [stored.id for stored in ana.chat.in_order() if stored.seen().get("reply_markup")]
    assert with_buttons == [ana.last()["message_id"]]


async def test_what_is_typed_is_stored_nowhere(
    app: App, ana: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await ana.says("/reflect")
    await ana.taps("After crying")
    await ana.taps("Begin")
    await ana.says("Xylographer in the attic")
    await app.stop()
    assert b"Xylographer" not in written_in(tmp_path)
    assert "Xylographer" not in caplog.text


async def test_a_tap_asks_and_writes_as_little_as_it_can(app: App, ana: Person) -> None:
    await ana.says("/ground")
    await ana.taps(ana.labels()[0][0])
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(" ".join(statement.split()[:3]).rstrip(","))

    event.listen(app.database.engine.sync_engine, "before_cursor_execute", note)
    await ana.taps(ana.labels()[0][0])
    event.remove(app.database.engine.sync_engine, "before_cursor_execute", note)
    assert statements == [
        "SELECT chats.language, chats.practice",
        "SELECT conversations.id, conversations.token",
        "UPDATE conversations SET",
        "INSERT INTO handled_updates",
    ]


async def test_a_command_in_the_middle_shows_the_way_back(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.says("/reflect")
    question = ana.hears()[-1]
    await ana.says("/settings")
    assert ana.labels()[-1] == [ON]
    await ana.taps(ON)
    assert ana.hears()[-1] == question
    assert ana.labels()[-1] == [MINUTE, OUT]
    await ana.taps(OUT)
    await ana.says("/settings")
    assert [ON] not in ana.labels()


async def test_a_question_of_another_subject_waits_beside_the_flow(app: App, ana: Person) -> None:
    await ana.says("/reflect")
    await ana.taps("After crying")
    await ana.taps("Begin")
    question = ana.hears()[-1]
    await ana.says("/settings")
    await ana.taps("Time zone")
    await ana.says("Berlin")
    assert "Berlin" in ana.hears()[-1]
    await ana.says("/help")
    await ana.taps(ON)
    assert ana.hears()[-1] == question
    await ana.says("Berlin")
    assert "Berlin" not in ana.hears()[-1]


async def test_plain_words_open_support_over_a_question_and_lose_nothing(
    app: App, ana: Person, catalogue: Catalogue
) -> None:
    await ana.says("/reflect")
    await ana.taps("After crying")
    await ana.taps("Begin")
    question = ana.hears()[-1]
    await ana.says("I want to die")
    assert ana.hears()[-1].startswith(catalogue.support.card.heard["oneself"])
    await ana.taps(catalogue.support.card.buttons.close)
    await ana.taps(ON)
    assert ana.hears()[-1] == question


async def test_support_opens_from_a_step_below_it(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/after")
    for label in ("Right after", "Go on", "Numb", "People who listen"):
        await ana.taps(label)
    assert ana.hears()[-1].startswith(catalogue.support.card.opening)
    await ana.taps(ON)
    assert starts(catalogue.flows["after-a-session"].steps["numb"].say, ana.hears()[-1])


async def test_two_devices_and_double_taps_go_one_step_only(app: App, ana: Person) -> None:
    await ana.says("/reflect")
    await ana.taps("After crying")
    message = ana.last()
    begin = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps_data(message["message_id"], begin)
    after = ana.hears()
    await ana.taps_data(message["message_id"], begin)
    assert ana.hears() == after


async def test_somebody_elses_buttons_do_nothing(app: App, ana: Person, catalogue: Catalogue) -> None:
    robin = add_person(ana.telegram, "Robin")
    await ana.says("/ground")
    await robin.says("/reflect")
    data = ana.last()["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    before = (ana.hears(), robin.hears())
    await robin.taps_data(robin.last()["message_id"], data)
    assert (ana.hears(), robin.hears()) == before
    assert robin.toasts[-1].text == catalogue.interface.replies.stale


@pytest.mark.parametrize(
    "data",
    [
        "f:",
        "f:zz:1:on",
        "f:00000000:1:on",
        "f:00000000:x:on",
        "f:00000000:1:",
        "g:",
        "g:no-such-flow",
        "g:arriving-together",
    ],
)
async def test_forged_buttons_get_a_kind_answer(app: App, ana: Person, catalogue: Catalogue, data: str) -> None:
    await ana.says("/ground")
    before = ana.hears()
    await ana.taps_data(ana.last()["message_id"], data)
    assert (ana.hears(), ana.toasts[-1].text) == (before, catalogue.interface.replies.stale)


async def test_a_minute_comes_back_without_a_sound(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts()
    await ana.says("/reflect")
    question = ana.hears()[-1]
    await ana.taps(MINUTE)
    assert len(ana.hears()) == 2
    clock.move(timedelta(seconds=61))
    await app.scheduler.catch_up()
    assert ana.hears()[-1].endswith(question)
    assert ana.last_stored().is_silent
    await ana.taps(MINUTE)
    assert ana.labels() == [[ON], ["Another minute", OUT]]


async def test_after_half_an_hour_it_closes_once(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.says("/reflect")
    clock.move(timedelta(minutes=31))
    await app.scheduler.catch_up()
    assert ana.hears()[-1] in catalogue.interface.flows.closed
    heard = len(ana.hears())
    clock.move(timedelta(hours=5))
    await app.scheduler.catch_up()
    assert len(ana.hears()) == heard


async def test_who_blocks_the_bot_in_the_middle_is_left_alone(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.says("/reflect")
    await ana.taps(MINUTE)
    await ana.blocks()
    clock.move(timedelta(seconds=61))
    await app.scheduler.catch_up()
    await ana.unblocks()
    heard = len(ana.hears())
    clock.move(timedelta(hours=2))
    await app.scheduler.catch_up()
    assert len(ana.hears()) == heard


async def test_stopping_reminders_ends_a_flow_too(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.says("/ground")
    await ana.says("/stop")
    heard = len(ana.hears())
    clock.move(timedelta(hours=1))
    await app.scheduler.catch_up()
    assert len(ana.hears()) == heard
