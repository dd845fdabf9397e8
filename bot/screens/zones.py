"""Choosing a time zone from likely cities, by region, or by typing. For reminder setup and settings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain import zones
from bot.screens.outgoing import Button, OutgoingMessage, Rows, in_rows
from bot.screens.times import time_text

BACK = "back"
# An answer with this prefix browses instead of choosing: ">" lists regions, ">Europe" its cities, ">Europe>2" a page.
LOOK = ">"
PLACES_ON_A_PAGE = 10


def zone_question(
    interface: Interface, prefix: str, language: str | None, now: datetime, *, lead: str = ""
) -> OutgoingMessage:
    """Asks for a time zone. `prefix` begins each button's data; `lead` replaces the question."""
    rows = _cities(interface, prefix, zones.suggested(language), now)
    last = (Button(interface.setup.another_place, f"{prefix}{LOOK}"), Button(interface.setup.back, f"{prefix}{BACK}"))
    return OutgoingMessage(lead or interface.setup.question_zone, (*rows, last))


def choose_zone(
    interface: Interface, prefix: str, text: str, language: str | None, now: datetime
) -> str | OutgoingMessage:
    """Returns the IANA name that was chosen, or the next message to choose from."""
    if text.startswith(LOOK):
        return _look(interface, prefix, text, language, now)
    if zones.known_zone(text):
        return text
    found = zones.find(text)
    if not found:
        return zone_question(interface, prefix, language, now, lead=interface.setup.not_a_zone)
    if len(found) == 1:
        return found[0]
    back = (Button(interface.setup.another_place, f"{prefix}{LOOK}"),)
    return OutgoingMessage(interface.setup.zone_candidates, (*_cities(interface, prefix, found, now), back))


def _look(interface: Interface, prefix: str, text: str, language: str | None, now: datetime) -> OutgoingMessage:
    region, _, page = text.removeprefix(LOOK).partition(LOOK)
    if region not in zones.regions():
        buttons = [Button(interface.setup.regions.get(name, name), f"{prefix}{LOOK}{name}") for name in zones.regions()]
        return OutgoingMessage(interface.setup.question_region, (*in_rows(buttons, 2), _back(interface, prefix)))
    places = zones.places(region)
    pages = -(-len(places) // PLACES_ON_A_PAGE)
    page_index = int(page) % pages if page.isdecimal() and len(page) < 4 else 0
    shown = places[page_index * PLACES_ON_A_PAGE : (page_index + 1) * PLACES_ON_A_PAGE]
    last: tuple[Button, ...] = (Button(interface.setup.back, f"{prefix}{LOOK}"),)
    if pages > 1:
        last = (*last, Button(interface.setup.more, f"{prefix}{LOOK}{region}{LOOK}{(page_index + 1) % pages}"))
    text = interface.setup.question_place.format(region=interface.setup.regions.get(region, region))
    return OutgoingMessage(text, (*_cities(interface, prefix, shown, now), last))


def _back(interface: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(interface.setup.back, f"{prefix}{BACK}"),)


def _cities(interface: Interface, prefix: str, names: tuple[str, ...], now: datetime) -> Rows:
    buttons = [
        Button(
            interface.setup.place.format(
                city=zones.city(name, interface.times.locale),
                time=time_text(interface.times, now.astimezone(ZoneInfo(name))),
            ),
            f"{prefix}{name}",
        )
        for name in names
    ]
    return in_rows(buttons, 2)
