"""Choosing a time zone: from likely cities, by typing, by the local time, or by region. For setup and settings."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain import zones
from bot.screens.callback_data import SETTINGS
from bot.screens.outgoing import Button, OutgoingMessage, ReplyButton, Rows, in_rows, paired
from bot.screens.times import time_text

BACK = "back"
# An answer with this prefix browses instead of choosing: ">" lists regions, ">Europe" its cities, ">Europe>2" a page.
LOOK = ">"
# "=" asks what time it is, "=120" lists the zones that are so many minutes east of UTC now, "=120=1" the next page.
CLOCK = "="
LOCATION = "@"  # asks for the person's location
PLACES_ON_A_PAGE = 10
MOST_OTHERS = 2
LONGEST_NAME = 40  # characters of a place's name on a button
STATES_ARE_SAID = frozenset({"US", "CA"})  # where people name the state with a town


@dataclass(frozen=True, slots=True)
class ChosenZone:
    """A zone (IANA name) that was chosen.

    Of a place that was typed, `note` says which one was understood and how late it is there, and `others` are buttons
    of other places with that name: they set the zone at any time.
    """

    zone: str
    note: str = ""
    others: Rows = ()


def zone_question(
    interface: Interface,
    prefix: str,
    language: str | None,
    now: datetime,
    *,
    lead: str = "",
    present: str | None = None,
    takes_location: bool = False,
) -> OutgoingMessage:
    """Asks for a time zone. `prefix` begins each button's data; `lead` replaces the question.

    `present` is marked, and stands first if it is none of the likely ones. `takes_location` offers to send a
    location, which Telegram takes only in a private chat.
    """
    likely = zones.suggested(language)
    present_first = (present,) if present and present not in likely else ()
    rows = _zones(interface, prefix, (*present_first, *likely), now, present)
    ways = _ways(interface, prefix, takes_location=takes_location)
    return OutgoingMessage(lead or interface.setup.question_zone, (*rows, *ways))


def _ways(interface: Interface, prefix: str, *, takes_location: bool) -> Rows:
    """The ways to a zone beside likely cities, and back."""
    setup = interface.setup
    ways = [Button(setup.another_place, f"{prefix}{LOOK}"), Button(setup.by_clock, f"{prefix}{CLOCK}")]
    if takes_location:
        ways.append(Button(setup.by_location, f"{prefix}{LOCATION}"))
    return (*paired(ways), _back(interface, prefix))


def choose_zone(
    interface: Interface,
    prefix: str,
    text: str,
    language: str | None,
    now: datetime,
    *,
    present: str | None = None,
    takes_location: bool = False,
) -> ChosenZone | OutgoingMessage:
    """Returns the zone that was chosen, or the next message to choose from, with `present` marked.

    What was guessed, or may be one of several places with different clocks, is never chosen: it is offered.
    """
    if text.startswith(LOOK):
        return _look(interface, prefix, text, now, present)
    if text == LOCATION and takes_location:
        keys = ((ReplyButton(interface.setup.location_key, asks_location=True),), (_no_location(interface),))
        return OutgoingMessage(interface.setup.question_location, keyboard=keys)
    if text.startswith(CLOCK):
        return _by_clock(interface, prefix, text, language, now, present)
    if "/" in text and zones.known_zone(text):  # EST is a zone, too, but who types it has summers
        return ChosenZone(text)
    found = zones.search(text, now, language or interface.times.locale)
    if not found:  # six likely cities would have nothing to do with what was typed
        return OutgoingMessage(interface.setup.not_a_zone, _ways(interface, prefix, takes_location=takes_location))
    if not found.is_sure:
        rows = (
            *_places(interface, prefix, found.places, now),
            *_ways(interface, prefix, takes_location=takes_location),
        )
        return OutgoingMessage(interface.setup.zone_candidates, rows)
    return _taken(interface, found.places, now)


def zone_note(interface: Interface, zone: str, now: datetime) -> str:
    """Says which zone was found for a location, and how late it is there."""
    return _note(interface, zones.Place(zone, country=zones.country(zone) or ""), now)


def is_no_location(interface: Interface, text: str) -> bool:
    """Whether this is the key beside the one that sends a location."""
    return text == _no_location(interface).label


def _no_location(interface: Interface) -> ReplyButton:
    return ReplyButton(interface.setup.no_location)


def _taken(interface: Interface, places: tuple[zones.Place, ...], now: datetime) -> ChosenZone:
    first, others = places[0], places[1 : 1 + MOST_OTHERS]
    note = _note(interface, first, now)
    if not others:
        return ChosenZone(first.zone, note)
    buttons = _places(interface, SETTINGS.build("place", ""), others, now)
    return ChosenZone(first.zone, f"{note} {interface.setup.zone_others}", buttons)


def _note(interface: Interface, place: zones.Place, now: datetime) -> str:
    return interface.setup.zone_taken.format(
        place=_place_text(interface, place), time=_local_time(interface, place.zone, now)
    )


def _by_clock(
    interface: Interface, prefix: str, text: str, language: str | None, now: datetime, present: str | None
) -> OutgoingMessage:
    chosen, _, page = text.removeprefix(CLOCK).partition(CLOCK)
    east = int(chosen) if chosen.removeprefix("-").isdecimal() and len(chosen) < 6 else None
    found = () if east is None else zones.zones_at(east, now, language)
    if not found:
        return _question_clock(interface, prefix, now)
    pages = -(-len(found) // PLACES_ON_A_PAGE)
    page_index = int(page) % pages if page.isdecimal() and len(page) < 4 else 0
    shown = found[page_index * PLACES_ON_A_PAGE : (page_index + 1) * PLACES_ON_A_PAGE]
    last: tuple[Button, ...] = (Button(interface.setup.back, f"{prefix}{CLOCK}"),)
    if pages > 1:
        last = (*last, Button(interface.setup.more, f"{prefix}{CLOCK}{east}{CLOCK}{(page_index + 1) % pages}"))
    lead = interface.setup.zones_at.format(time=_local_time(interface, shown[0], now))
    return OutgoingMessage(lead, (*_zones(interface, prefix, shown, now, present), last))


def _question_clock(interface: Interface, prefix: str, now: datetime) -> OutgoingMessage:
    """Asks what time it is, with every time that a clock in the world shows now, from midnight on."""
    times = {east: _local_time(interface, zones.zones_at(east, now)[0], now) for east in zones.offsets_now(now)}
    order = sorted(times, key=lambda east: (now.hour * 60 + now.minute + east) % (24 * 60))
    buttons: dict[str, Button] = {}
    for east in order:  # at -10 and +14 hours the clock shows the same, on another day
        buttons.setdefault(times[east], Button(times[east], f"{prefix}{CLOCK}{east}"))
    return OutgoingMessage(
        interface.setup.question_clock, (*in_rows(list(buttons.values()), 5), _back(interface, prefix))
    )


def _look(interface: Interface, prefix: str, text: str, now: datetime, present: str | None) -> OutgoingMessage:
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
    return OutgoingMessage(text, (*_zones(interface, prefix, shown, now, present), last))


def _back(interface: Interface, prefix: str) -> tuple[Button, ...]:
    return (Button(interface.setup.back, f"{prefix}{BACK}"),)


def _zones(interface: Interface, prefix: str, names: tuple[str, ...], now: datetime, present: str | None) -> Rows:
    labels = {name: _label(interface, zones.city(name, interface.times.locale), name, now) for name in names}
    if present in labels:
        labels[present] = interface.settings.chosen.format(choice=labels[present])
    return in_rows([Button(label, f"{prefix}{name}") for name, label in labels.items()], 2)


def _places(interface: Interface, prefix: str, places: tuple[zones.Place, ...], now: datetime) -> Rows:
    """A button for each place, with its state where that tells it from another one."""
    plain = [_place_text(interface, place) for place in places]
    texts = [
        _place_text(interface, place, says_state=True) if plain.count(text) > 1 else text
        for place, text in zip(places, plain, strict=True)
    ]
    return tuple(
        (Button(_label(interface, text, place.zone, now), f"{prefix}{place.zone}"),)
        for place, text in zip(places, texts, strict=True)
    )


def _label(interface: Interface, place: str, zone: str, now: datetime) -> str:
    return interface.setup.place.format(city=place, time=_local_time(interface, zone, now))


def _place_text(interface: Interface, place: zones.Place, *, says_state: bool = False) -> str:
    """The place, its state if it is said, and its country, in the language of the interface."""
    locale, city = interface.times.locale, zones.city(place.zone)
    country = zones.country_name(place.country, locale) if place.country else ""
    is_of_zone = place.name == city or (not place.name and not place.is_whole)
    name = zones.city(place.zone, locale) if is_of_zone else place.name
    if place.is_part and not is_of_zone:
        name = f"{name} ({zones.city(place.zone, locale)})"
    says_state = (says_state or place.country in STATES_ARE_SAID) and not place.is_area
    state = zones.state_name(place.state) if says_state and place.state else ""
    return ", ".join(dict.fromkeys(part[:LONGEST_NAME] for part in (name, state, country) if part))


def _local_time(interface: Interface, zone: str, now: datetime) -> str:
    return time_text(interface.times, now.astimezone(ZoneInfo(zone)))
