"""Choosing a time zone: a few likely cities, the world by region, or whatever was typed. For set-up and settings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain import zones
from bot.screens.outgoing import Button, OutgoingMessage, Rows, in_rows
from bot.screens.times import say_time

BACK = "back"
# An answer that begins so looks further instead of choosing: ">" regions, ">Europe" its places, ">Europe>2" a page.
LOOK = ">"
PLACES_ON_A_PAGE = 10


def zone_question(
    words: Interface, prefix: str, language: str | None, now: datetime, *, lead: str = ""
) -> OutgoingMessage:
    """`prefix` begins each button's data; `lead` replaces the question, say with what could not be read."""
    rows = _cities(words, prefix, zones.suggested(language), now)
    last = (Button(words.setup.back, f"{prefix}{BACK}"), Button(words.setup.another_place, f"{prefix}{LOOK}"))
    return OutgoingMessage(lead or words.setup.question_zone, (*rows, last))


def choose_zone(words: Interface, prefix: str, text: str, language: str | None, now: datetime) -> str | OutgoingMessage:
    """The IANA name that was chosen, or what to show so that one can be."""
    if text.startswith(LOOK):
        return _look(words, prefix, text, language, now)
    if zones.known_zone(text):
        return text
    found = zones.find(text)
    if not found:
        return zone_question(words, prefix, language, now, lead=words.setup.not_a_zone)
    if len(found) == 1:
        return found[0]
    back = (Button(words.setup.another_place, f"{prefix}{LOOK}"),)
    return OutgoingMessage(words.setup.zone_candidates, (*_cities(words, prefix, found, now), back))


def _look(words: Interface, prefix: str, text: str, language: str | None, now: datetime) -> OutgoingMessage:
    region, _, page = text.removeprefix(LOOK).partition(LOOK)
    if region not in zones.regions():
        buttons = [Button(words.setup.regions.get(each, each), f"{prefix}{LOOK}{each}") for each in zones.regions()]
        return OutgoingMessage(words.setup.question_region, (*in_rows(buttons, 2), _back(words, prefix)))
    places = zones.places(region)
    pages = -(-len(places) // PLACES_ON_A_PAGE)
    number = int(page) % pages if page.isdecimal() and len(page) < 4 else 0
    shown = places[number * PLACES_ON_A_PAGE : (number + 1) * PLACES_ON_A_PAGE]
    last: tuple[Button, ...] = (Button(words.setup.back, f"{prefix}{LOOK}"),)
    if pages > 1:
        last = (*last, Button(words.setup.more, f"{prefix}{LOOK}{region}{LOOK}{(number + 1) % pages}"))
    text = words.setup.question_place.format(region=words.setup.regions.get(region, region))
    return OutgoingMessage(text, (*_cities(words, prefix, shown, now), last))


def _back(words: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(words.setup.back, f"{prefix}{BACK}"),)


def _cities(words: Interface, prefix: str, names: tuple[str, ...], now: datetime) -> Rows:
    buttons = [
        Button(
            words.setup.place.format(
                city=zones.city(name, words.times.locale), time=say_time(words.times, now.astimezone(ZoneInfo(name)))
            ),
            f"{prefix}{name}",
        )
        for name in names
    ]
    return in_rows(buttons, 2)
