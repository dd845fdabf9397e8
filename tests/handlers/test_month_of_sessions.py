"""A month between sessions, lived on a moved clock in four zones: everything that comes by itself, and when, local.

Each life is a table to be read by eye. Between its lines nothing came. `#` marks what the person did.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from bot.content.interface import Interface
from bot.content.library import Library
from bot.usecases.next_events import next_event_at
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person

ALL_ON = ("Shortly before", "In between")  # beside the three that are on from the beginning


LONDON = """\
Mon 03-16 18:00  the day before
Mon 03-16 19:00  a message
Tue 03-17 17:00  shortly
Tue 03-17 20:20  that evening
Tue 03-17 21:20  a message
Sat 03-21 12:30  in between
# /session skip
Mon 03-23 19:00  a message
Tue 03-24 19:00  a message
Mon 03-30 18:00  the day before
Mon 03-30 19:00  a message
Tue 03-31 17:00  shortly
Tue 03-31 20:20  that evening
Tue 03-31 21:20  a message
Sat 04-04 12:30  in between
Mon 04-06 18:00  the day before
Mon 04-06 19:00  a message
Tue 04-07 17:00  shortly
Tue 04-07 20:20  that evening
Tue 04-07 21:20  a message"""
NEW_YORK = """\
# /session fridays at 9am > Yes, set it
Mon 10-26 18:00  the day before
Mon 10-26 18:30  a message
Tue 10-27 17:00  shortly
Tue 10-27 20:20  that evening
Tue 10-27 21:20  a message
Thu 10-29 18:00  the day before
Fri 10-30 08:30  shortly
Fri 10-30 19:00  that evening
Sun 11-01 12:30  in between
Mon 11-02 18:00  the day before
Mon 11-02 18:30  a message
Tue 11-03 17:00  shortly
Tue 11-03 20:20  that evening
Tue 11-03 21:20  a message
Thu 11-05 18:00  the day before
Fri 11-06 08:30  shortly
Fri 11-06 19:00  that evening
Sun 11-08 12:30  in between
Mon 11-09 18:00  the day before
Mon 11-09 18:30  a message
Tue 11-10 17:00  shortly
Tue 11-10 20:20  that evening
Tue 11-10 21:20  a message
# /session back on december 1 > Friday, 20 November
Thu 11-12 18:00  the day before
Fri 11-13 08:30  shortly
Fri 11-13 19:00  that evening
Sun 11-15 12:30  in between
Mon 11-16 18:00  the day before
Mon 11-16 18:30  a message
Tue 11-17 17:00  shortly
Tue 11-17 20:20  that evening
Tue 11-17 21:20  a message
Mon 11-23 18:30  a message
Tue 11-24 18:30  a message
Mon 11-30 18:00  the day before
Mon 11-30 18:30  a message
Tue 12-01 17:00  shortly
Tue 12-01 20:20  that evening
Tue 12-01 21:20  a message
Thu 12-03 18:00  the day before
Fri 12-04 08:30  shortly
Fri 12-04 19:00  that evening"""
KOLKATA = """\
Mon 03-02 20:00  shortly
Mon 03-09 21:00  a message
Mon 03-16 21:00  a message
Fri 03-20 12:30  in between
Mon 03-23 21:00  a message
Mon 03-30 21:00  a message
Sun 04-05 18:00  the day before
Mon 04-06 20:00  shortly"""
SYDNEY = """\
Mon 03-23 18:00  the day before
Tue 03-24 17:00  shortly
Tue 03-24 20:20  that evening
Wed 03-25 18:45  a message
# /settings > Time zone
# Sydney, Australia
Tue 03-31 18:00  the day before
Wed 04-01 18:45  a message
Wed 04-01 19:00  that evening
# /session > It's at this time in Sydney now
Sat 04-04 12:30  in between
Mon 04-06 18:00  the day before
Tue 04-07 17:00  shortly
Tue 04-07 20:20  that evening
Wed 04-08 18:45  a message
Sat 04-11 12:30  in between
Mon 04-13 18:00  the day before
Tue 04-14 17:00  shortly
Tue 04-14 20:20  that evening
Wed 04-15 18:45  a message"""


class Life:
    """What comes to one person, as lines such as "Tue 03-03 17:00  shortly"."""

    def __init__(self, app: App, clock: MovableClock, person: Person, interface: Interface, zone: str) -> None:
        self.app, self.clock, self.person = app, clock, person
        self.zone = ZoneInfo(zone)
        self.lines: list[str] = []
        texts = interface.session.prompts
        self.names: Mapping[str, str] = {
            **dict.fromkeys(texts.before, "the day before"),
            **dict.fromkeys(texts.shortly, "shortly"),
            **dict.fromkeys(texts.evening, "that evening"),
            **dict.fromkeys(texts.midweek, "in between"),
            texts.ending: "the last line",
            interface.pause.back_by_itself: "the pause is over",
        }

    def at(self, local: str) -> datetime:
        return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=self.zone)

    async def until(self, local: str) -> None:
        """Lives on, from one thing that is due to the next."""
        end = self.at(local)
        while True:
            due_at = await next_event_at(self.app.database)
            now = self.clock()
            following = max(due_at, now + timedelta(seconds=1)) if due_at else end
            if following >= end:
                break
            self.clock.set(following)
            await self.catch_up()
        self.clock.set(end)
        await self.catch_up()

    async def catch_up(self) -> None:
        heard = len(self.person.hears())
        await self.app.scheduler.catch_up()
        local = self.clock().astimezone(self.zone)
        self.lines += [
            f"{local:%a %m-%d %H:%M}  {self.names.get(text, 'a message')}" for text in self.person.hears()[heard:]
        ]

    async def says(self, text: str, *labels: str) -> str:
        """Types, and taps what follows. Returns what is on the screen then."""
        self.clock.move(timedelta(seconds=10))
        await self.person.says(text)
        for label in labels:
            await self.taps(label)
        self.lines.append(f"# {text}" + "".join(f" > {label}" for label in labels))
        return self.person.hears()[-1]

    async def taps(self, label: str) -> None:
        """Taps the button whose label begins so."""
        self.clock.move(timedelta(seconds=10))
        found = [shown for row in self.person.labels() for shown in row if shown.removeprefix("✓ ").startswith(label)]
        await self.person.taps(found[0])


def table(life: Life) -> str:
    return "\n".join(life.lines)


async def begin(life: Life, begins: str, place: str, session: str, reminder: str) -> None:
    life.clock.set(life.at(begins))
    await life.person.starts()
    await life.person.says(f"/remind {reminder}")
    await life.person.says(place)
    await life.person.taps("Yes, set it")
    for label in ("Skip", "Skip"):
        await life.taps(label)
    await life.person.says(f"/session {session}")
    await life.person.taps("Yes, set it")
    for label in ALL_ON:
        await life.taps(label)


@pytest.fixture
def interface(library: Library) -> Interface:
    return library.of("en").interface


async def test_london_where_the_clocks_go_forward_and_one_session_is_missed(
    app: App, clock: MovableClock, ana: Person, interface: Interface
) -> None:
    life = Life(app, clock, ana, interface, "Europe/London")
    await begin(life, "03-16 12:00", "London", "tuesdays at 17:30", "mondays and tuesdays at 19:00")
    await life.until("03-23 09:00")
    await life.says("/session skip")
    await life.until("04-09 12:00")
    assert table(life) == LONDON


async def test_new_york_where_the_clocks_go_back_twice_a_week_and_a_holiday(
    app: App, clock: MovableClock, ana: Person, interface: Interface
) -> None:
    life = Life(app, clock, ana, interface, "America/New_York")
    await begin(life, "10-26 12:00", "New York", "tuesdays at 17:30", "mondays and tuesdays at 18:30")
    await life.says("/session fridays at 9am", "Yes, set it")
    await life.until("11-11 12:00")
    await life.says("/session back on december 1", "Friday, 20 November")
    await life.until("12-05 12:00")
    assert table(life) == NEW_YORK


async def test_kolkata_once_a_month_and_late_in_the_evening(
    app: App, clock: MovableClock, ana: Person, interface: Interface
) -> None:
    life = Life(app, clock, ana, interface, "Asia/Kolkata")
    await begin(life, "03-02 12:00", "Kolkata", "first monday of the month at 20:30", "mondays at 21:00")
    await life.until("04-08 12:00")
    assert table(life) == KOLKATA


async def test_from_london_to_sydney(app: App, clock: MovableClock, ana: Person, interface: Interface) -> None:
    life = Life(app, clock, ana, interface, "Europe/London")
    await begin(life, "03-23 12:00", "London", "tuesdays at 17:30", "wednesdays at 6:45 pm")
    await life.until("03-28 12:00")
    life.zone = ZoneInfo("Australia/Sydney")
    await life.says("/settings", "Time zone")
    assert await life.says("Sydney, Australia") == interface.session.stays_where_it_is.format(
        time="5:30 PM", city="London"
    )
    await life.until("04-03 12:00")
    await life.says("/session", "It's at this time in Sydney now")
    await life.until("04-16 12:00")
    assert table(life) == SYDNEY
