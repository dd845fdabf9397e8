"""While the support card is open, nothing speaks in that chat by itself; closing it or going on ends that."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.commands.preview import start
from bot.content.library import Library
from bot.content.load import Catalogue
from bot.settings import read_settings
from localtelegram.clock import MovableClock
from localtelegram.people.groups import make_group
from localtelegram.people.person import Person
from localtelegram.telegram import LocalTelegram
from tests.databases import build

MINUTE = timedelta(minutes=1)


async def stay_a_while(ana: Person) -> None:
    await ana.says("/ground")
    await ana.taps("Something else")
    await ana.taps("Stay with me a while")


async def live(app: App, clock: MovableClock, minutes: int) -> None:
    for _ in range(minutes):
        clock.move(MINUTE)
        await app.scheduler.catch_up()


async def test_the_quiet_while_does_not_talk_over_the_card(app: App, ana: Person, clock: MovableClock) -> None:
    await stay_a_while(ana)
    await ana.says("I want to kill myself")
    heard = len(ana.hears())
    await live(app, clock, 10)
    assert len(ana.hears()) == heard
    await ana.says("please stay")  # words are answered, and do not set it going
    heard = len(ana.hears())
    await live(app, clock, 10)
    assert len(ana.hears()) == heard


@pytest.mark.parametrize("is_closed", [True, False])
async def test_it_goes_on_after_the_card_is_closed_or_when_it_is_picked_up(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue, is_closed: bool
) -> None:
    await stay_a_while(ana)
    await ana.says("I want to kill myself")
    await live(app, clock, 5)
    await ana.taps(catalogue.support.card.buttons.close if is_closed else catalogue.interface.flows.go_on)
    heard = len(ana.hears())
    await live(app, clock, 2)
    assert len(ana.hears()) > heard


async def test_it_closes_softly_after_an_hour(app: App, ana: Person, clock: MovableClock, catalogue: Catalogue) -> None:
    await stay_a_while(ana)
    await ana.says("/support")
    heard = len(ana.hears())
    await live(app, clock, 61)
    (closed,) = ana.hears()[heard:]
    assert closed in catalogue.interface.flows.closed
    assert ana.labels() == [[catalogue.interface.flows.go_on]]


async def test_grounding_that_is_begun_from_the_card_goes_on_by_itself(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.starts()
    await ana.says("/support")
    await ana.taps(catalogue.support.card.buttons.ground)
    await ana.taps("Something else")
    await ana.taps("Stay with me a while")
    heard = len(ana.hears())
    await live(app, clock, 2)
    assert len(ana.hears()) > heard


async def test_a_reminder_comes_when_the_hour_is_over(app: App, ana: Person, clock: MovableClock) -> None:
    await ana.starts()
    for label in ("Once a day", "12:30", "London, 12:00"):
        await ana.taps(label)
    await ana.says("/support")
    heard = len(ana.hears())
    await live(app, clock, 59)
    assert len(ana.hears()) == heard
    await live(app, clock, 2)
    assert len(ana.hears()) == heard + 1


async def test_it_holds_after_a_restart(
    telegram: LocalTelegram, app: App, ana: Person, clock: MovableClock, library: Library, tmp_path: Path
) -> None:
    await stay_a_while(ana)
    await ana.says("/support")
    heard = len(ana.hears())
    await app.stop()
    again = build(read_settings(_env_file=None), library, telegram, clock, tmp_path)
    await start(again, telegram)
    await live(again, clock, 10)
    assert len(ana.hears()) == heard
    await again.stop()


async def test_a_circle_waits_while_the_card_is_open_in_its_group(
    telegram: LocalTelegram, app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    group = make_group(telegram, "Tuesday circle", owner=ana)
    await group.add(ana.bot, by=ana)
    await ana.says("/circle@gentle_tears_bot", group)
    await ana.says("/support@gentle_tears_bot", group)
    heard = len(ana.hears(group))
    await live(app, clock, 5)
    assert len(ana.hears(group)) == heard
    await ana.taps(catalogue.support.card.buttons.close, group)
    await live(app, clock, 1)
    assert len(ana.hears(group)) == heard + 1
