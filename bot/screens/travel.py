"""A journey in /settings: its line and its page, and the question until when."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain import zones
from bot.screens.callback_data import HOME_AGAIN, SETTINGS, SETTINGS_SHOW
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import date_text, time_text
from bot.screens.zones import BACK

AWAY = SETTINGS.build("away")  # asks for a place, also on a journey
STAYS = {"week": 7, "weeks": 14, "month": 30}  # days


def travel_line(interface: Interface, home_zone: str, home_on: date, today: date) -> str:
    """The line on the card of settings."""
    return interface.travel.line.format(
        home=zones.city(home_zone, interface.times.locale), day=date_text(interface.times, home_on, today)
    )


def travel_page(interface: Interface, zone: str, home_zone: str, home_on: date, now: datetime) -> OutgoingMessage:
    """Where someone travels until when, and the ways to end that or to change it."""
    texts, times, local = interface.travel, interface.times, now.astimezone(ZoneInfo(zone))
    text = texts.away.format(
        place=zones.city(zone, times.locale),
        time=time_text(times, local),
        home=zones.city(home_zone, times.locale),
        day=date_text(times, home_on, local.date()),
    )
    rows = (
        (Button(texts.home_now, HOME_AGAIN),),
        (Button(texts.elsewhere, AWAY),),
        (Button(interface.settings.back, SETTINGS_SHOW),),
    )
    return OutgoingMessage(text, rows)


def until_question(interface: Interface, prefix: str, zone: str, *, is_problem: bool = False) -> OutgoingMessage:
    """Asks on which day someone is home again; `prefix` begins each button's data."""
    texts = interface.travel
    labels = {"week": texts.a_week, "weeks": texts.two_weeks, "month": texts.a_month}
    stays = [Button(label, f"{prefix}{name}") for name, label in labels.items()]
    place = zones.city(zone, interface.times.locale)
    text = texts.not_a_day if is_problem else texts.question_until.format(place=place)
    return OutgoingMessage(text, (*in_rows(stays, 2), (Button(interface.settings.back, f"{prefix}{BACK}"),)))
