"""Circles: administrators open and close them, the clock sets their pace, and nobody is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.database.models import Circle, Post, Visit
from bot.database.values import CircleStage
from bot.settings import read_settings
from bot.usecases.next_events import next_event_at
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.databases import build

COMMAND = "/circle@gentle_tears_bot"


@pytest.fixture
async def group(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    group = make_group(telegram, "Tuesday group", owner=ana, is_forum=True)
    await group.add(ana.bot, by=ana)
    return group


@pytest.fixture
async def robin(telegram: LocalTelegram, group: Group, ana: Person) -> Person:
    robin = add_person(telegram, "Robin")
    await group.add(robin, by=ana)
    return robin


def parts(catalogue: Catalogue, variant: int = 0) -> list[str]:
    return [step.say[variant] for step in catalogue.flows["arriving-together"].course]


async def wait(app: App, clock: MovableClock, seconds: float) -> None:
    clock.move(timedelta(seconds=seconds))
    await app.scheduler.catch_up()


async def arrive(app: App, clock: MovableClock) -> None:
    """Lets the clock move from the first part to the "I'm here" message."""
    for seconds in (40, 40, 30):
        await wait(app, clock, seconds)


async def circles_in(app: App) -> list[Circle]:
    async with app.database.read() as session:
        return list(await session.scalars(select(Circle).where(Circle.stage != CircleStage.OVER)))


def heard(person: Person, group: Group) -> list[str]:
    """Returns what the person has read in the group since the bot's greeting."""
    texts = person.hears(group)
    greeting = next(number for number, text in enumerate(texts) if text.startswith("Hello."))
    return texts[greeting + 1 :]


def labels_of(group: Group) -> list[list[str]]:
    """Returns the labels of every message with buttons in the group, except the greeting."""
    labels = [
        [button["text"] for row in stored.json["reply_markup"]["inline_keyboard"] for button in row]
        for stored in group.messages()
        if "reply_markup" in stored.json
    ]
    return labels[1:]


async def test_a_circle_from_its_opening_to_its_closing(
    app: App, group: Group, ana: Person, robin: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    texts = catalogue.interface.circle
    await ana.says(COMMAND, group)
    assert heard(robin, group)[1:] == parts(catalogue)[:1]
    assert labels_of(group) == [["Stop for everyone"]]
    await wait(app, clock, 39)
    assert len(heard(ana, group)) == 1
    await wait(app, clock, 1)
    await wait(app, clock, 40)
    assert heard(ana, group) == parts(catalogue)
    assert labels_of(group) == [["Stop for everyone"]]
    assert ana.last_stored(group).is_silent
    await wait(app, clock, 30)
    assert heard(ana, group)[-1] == texts.invitation[0]
    assert labels_of(group) == [["I'm here", "End the circle"]]
    await robin.taps("I'm here", group)
    await app.scheduler.catch_up()
    await ana.taps("I'm here · 1", group)
    await wait(app, clock, 5)
    assert labels_of(group) == [["I'm here · 2", "End the circle"]]
    await ana.taps("End the circle", group)
    counted = '2 tapped "I\'m here". Others may have been here in silence.'
    assert heard(ana, group)[-1] == f"{counted}\n\n{texts.closing[0]}"
    assert labels_of(group) == []
    await wait(app, clock, 4 * 3600)
    assert len(heard(ana, group)) == 5
    async with app.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []
        assert [visit.person_id for visit in await session.scalars(select(Visit))] == [0]
    assert await circles_in(app) == []


async def test_circles_vary_their_texts_and_name_no_number_where_nobody_tapped(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    for variant in (0, 1):
        await ana.says(COMMAND, group)
        assert heard(ana, group)[-1] == parts(catalogue, variant)[0]
        await arrive(app, clock)
        await ana.says(COMMAND, group)
        assert heard(ana, group)[-1] == catalogue.interface.circle.closing[variant]
        clock.move(timedelta(seconds=5))
    assert labels_of(group) == []


@pytest.mark.parametrize("by_command", [True, False])
async def test_it_can_be_stopped_while_arriving(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue, by_command: bool
) -> None:
    await ana.says(COMMAND, group)
    await wait(app, clock, 40)
    if by_command:
        await ana.says(COMMAND, group)
    else:
        await ana.taps("Stop for everyone", group)
    assert heard(ana, group)[-1] == catalogue.interface.circle.stopped[0]
    assert labels_of(group) == []
    await wait(app, clock, 3600)
    assert len(heard(ana, group)) == 3


async def test_others_can_neither_open_nor_end_one(
    app: App, group: Group, ana: Person, robin: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    only_admins = catalogue.interface.together.only_admins
    await robin.says(COMMAND, group)
    assert heard(robin, group)[-1] == only_admins
    assert await circles_in(app) == []
    await ana.says(COMMAND, group)
    await robin.taps("Stop for everyone", group)
    assert robin.toasts[-1].text == only_admins
    await arrive(app, clock)
    await robin.taps("End the circle", group)
    assert robin.toasts[-1].text == only_admins
    await robin.says(COMMAND, group)
    assert heard(robin, group)[-1] == only_admins
    assert len(await circles_in(app)) == 1


async def test_an_anonymous_administrator_opens_and_closes_one(
    app: App, group: Group, ana: Person, robin: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await group.promote(robin, is_anonymous=True)
    await robin.says(COMMAND, group)
    assert heard(robin, group)[-1] == parts(catalogue)[0]
    await robin.taps("Stop for everyone", group)
    assert heard(robin, group)[-1] == catalogue.interface.circle.stopped[0]


async def test_in_the_name_of_a_channel_nobody_opens_one(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, catalogue: Catalogue
) -> None:
    channel = make_group(telegram, "Another channel", owner=ana, kind="channel")
    await ana.says(COMMAND, group, as_chat=channel)
    assert heard(ana, group)[-1] == catalogue.interface.together.only_admins
    assert await circles_in(app) == []


async def test_when_telegram_does_not_name_the_administrators_nothing_changes(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, catalogue: Catalogue
) -> None:
    telegram.faults.refuse(400, "Bad Request: member list is inaccessible", method="getChatAdministrators")
    await ana.says(COMMAND, group)
    assert heard(ana, group)[-1] == catalogue.interface.together.cannot_ask
    assert await circles_in(app) == []


async def test_in_a_private_chat_it_says_that_it_is_for_groups(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.says("/circle")
    assert ana.hears()[-1] == catalogue.interface.circle.in_groups


async def test_it_closes_by_itself_after_three_hours(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.says(COMMAND, group)
    await arrive(app, clock)
    await wait(app, clock, 3 * 3600 - 1)
    assert len(await circles_in(app)) == 1
    await wait(app, clock, 1)
    assert heard(ana, group)[-1] == catalogue.interface.circle.closing[0]
    assert ana.last_stored(group).is_silent
    assert labels_of(group) == []
    assert await circles_in(app) == []


async def test_two_topics_have_a_circle_each(
    app: App, group: Group, ana: Person, robin: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    first, second = await group.open_topic("Tuesday"), await group.open_topic("Thursday")
    await ana.says(COMMAND, group, first)
    await wait(app, clock, 20)
    await ana.says(COMMAND, group, second)
    await arrive(app, clock)
    await robin.taps("I'm here", group)  # in the newest message: the second one's is later
    await wait(app, clock, 20)
    assert [len(group.messages(topic=topic)) for topic in (first, second)] == [5, 5]
    assert len(await circles_in(app)) == 2
    await ana.says(COMMAND, group, first)
    assert group.texts(topic=first)[-1].endswith(catalogue.interface.circle.closing[0])
    assert len(await circles_in(app)) == 1


async def test_a_made_up_tap_changes_nothing(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    stale = catalogue.interface.replies.stale
    await ana.says(COMMAND, group)
    opened = group.last()["message_id"]
    await ana.taps_data(opened, "w:here", group)
    assert ana.toasts[-1].text == stale
    await ana.says("/affirm@gentle_tears_bot", group)
    await ana.taps_data(group.last()["message_id"], "w:end", group)
    assert ana.toasts[-1].text == stale
    await ana.taps("Stop for everyone", group)
    await ana.taps_data(opened, "w:end", group)
    assert ana.toasts[-1].text == stale
    async with app.database.read() as session:
        assert (await session.scalars(select(Post))).all() == []


@contextmanager
def cut_off(telegram: LocalTelegram) -> Iterator[None]:
    """Lets no message reach Telegram, as if the program had been killed before it could send."""
    fault = telegram.faults.refuse(502, "Bad Gateway", method="sendMessage")
    yield
    telegram.faults.set_faults.remove(fault)


async def test_an_undelivered_part_is_sent_after_a_minute_and_nothing_is_left_out(
    telegram: LocalTelegram,
    app: App,
    group: Group,
    ana: Person,
    clock: MovableClock,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await ana.says(COMMAND, group)
    monkeypatch.setattr("bot.delivery.rate_limits.REPLY_PAUSES", ())
    with cut_off(telegram):
        await wait(app, clock, 40)
    assert heard(ana, group) == parts(catalogue)[:1]
    await wait(app, clock, 60)
    assert heard(ana, group) == parts(catalogue)[:2]
    await wait(app, clock, 40)
    assert heard(ana, group) == parts(catalogue)
    assert labels_of(group) == [["Stop for everyone"]]


async def test_a_circle_goes_on_after_a_restart(
    telegram: LocalTelegram,
    app: App,
    group: Group,
    ana: Person,
    robin: Person,
    clock: MovableClock,
    library: Library,
    tmp_path: Path,
    catalogue: Catalogue,
) -> None:
    await ana.says(COMMAND, group)
    await app.scheduler.stop()
    again = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(again, telegram)
    await arrive(again, clock)
    await robin.taps("I'm here", group)
    assert heard(ana, group)[-1] == catalogue.interface.circle.invitation[0]
    await again.scheduler.catch_up()
    assert labels_of(group) == [["I'm here · 1", "End the circle"]]
    await again.stop()


async def test_after_half_an_hour_away_it_ends_without_a_message(
    app: App, group: Group, ana: Person, clock: MovableClock
) -> None:
    await ana.says(COMMAND, group)
    before = heard(ana, group)
    await wait(app, clock, 40 + 31 * 60)
    assert heard(ana, group) == before
    assert labels_of(group) == []
    assert await circles_in(app) == []


async def test_where_it_may_not_write_it_ends(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, clock: MovableClock
) -> None:
    await ana.says(COMMAND, group)
    await group.remove(ana.bot, by=ana)
    await wait(app, clock, 40)
    assert await circles_in(app) == []


async def test_it_goes_on_when_the_group_becomes_a_supergroup(
    telegram: LocalTelegram, app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    group = make_group(telegram, "Small group", owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await ana.says(COMMAND, group)
    supergroup = await group.migrate()
    await wait(app, clock, 40)
    assert ana.hears(supergroup)[-1] == parts(catalogue)[1]
    await ana.taps("Stop for everyone", supergroup)
    assert ana.hears(supergroup)[-1] == catalogue.interface.circle.stopped[0]
    assert await circles_in(app) == []


async def test_forgetting_the_group_ends_its_circle(
    app: App, group: Group, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.says(COMMAND, group)
    await ana.says("/forget@gentle_tears_bot", group)
    await ana.taps(catalogue.interface.forget.yes, group)
    before = heard(ana, group)
    await wait(app, clock, 3600)
    assert heard(ana, group) == before
    assert await circles_in(app) == []


async def test_the_scheduler_wakes_when_it_goes_on(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    await ana.says(COMMAND, group)
    assert await next_event_at(app.database) == clock() + timedelta(seconds=40)


async def test_only_administrators_find_it_in_their_menu(app: App, group: Group, ana: Person, robin: Person) -> None:
    assert "circle" in {command["command"] for command in ana.menu(group)}
    assert "circle" not in {command["command"] for command in robin.menu(group)}
    assert "circle" not in {command["command"] for command in ana.menu()}
