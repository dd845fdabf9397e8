"""Ranks the places of a name by their inhabitants, and says whether one of them is clear. Called by `zones.search`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from bot.domain.zones.clocks import clock, different_clocks
from bot.domain.zones.gazetteer import Entry
from bot.domain.zones.table import city, country, zones_by_country

MOST_OFFERED = 5
# A place is clear if it has so many times as many inhabitants as any other of its name: London and London in Ontario.
CLEAR_BY_FAR = 60
CLEAR_OF_NEARER = 150  # as many as one where the language of the chat is spoken: Paris, and Paris in Texas
CLEAR_OF_SMALL, SMALL = 12, 46_000  # a small town is no rival: Seville, and Sevilla in Colombia
BY_ANOTHER_NAME = 0.1  # how much a place counts as a rival that has this name only among others, in other languages
SAME_LANGUAGE, SAME_COUNTRY = 2, 50  # how much more such a place weighs in the order, never in what is clear
SPOKEN_BY_MANY = 1.5  # the same where it is no official language
OTHER_NAME, FOREIGN_NAME = 0.3, 0.1  # how much a name weighs that is not the main one, in the order: here, and abroad
LEAST_ABROAD = 50_000  # inhabitants of a place where the language of the chat is not spoken, that needs no tap
LEAST_OF_ANOTHER = 1_000_000  # the same by a name that is not its main one: "rest" is Rasht in some language
LIVING = 15_000  # inhabitants of a town that no other place beats by a name that it had once: Broken Hill, and Kabwe
# Where many speak a language that is not official there.
MINORITIES = {"es": ("US", "AD", "GI")}


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the zone in which it lies. `name` is as it is written; the country is an ISO 3166 code.

    `name` is empty for a zone or a whole country (`is_whole`). `state` is a code such as US.CA, empty where none is
    known. `is_area`: a state or a country. `is_part`: one of several clocks of the area that was typed. `weight` counts
    inhabitants; `rank` orders places for the person who asks.
    """

    zone: str
    name: str = ""
    country: str = ""
    state: str = ""
    weight: float = 0
    rank: float = 0
    is_part: bool = False
    is_area: bool = False
    is_other_name: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Places, the likeliest first. `is_sure`: the first is meant, and needs no tap."""

    places: tuple[Place, ...] = ()
    is_sure: bool = False

    def __bool__(self) -> bool:
        return bool(self.places)


NOTHING = Found()


def of_zones(zones: Sequence[str], *, is_sure: bool) -> Found:
    """Returns zones as places without names of their own."""
    places = tuple(Place(zone, country=country(zone) or "") for zone in dict.fromkeys(zones))
    return Found(places[:MOST_OFFERED], is_sure=is_sure)


def ranked(entries: Sequence[Entry], now: datetime, language_code: str | None, *, is_exact: bool) -> Found:
    """Returns one place for each country and clock. Without `is_exact` the names were guessed, and none is sure."""
    whole = {entry.country for entry in entries if entry.kind == "k"}
    best: dict[tuple[str, tuple[int, ...]], Place] = {}
    for place in _places(entries, whole, now, language_code):
        key = (place.country, clock(place.zone, now))
        known = best.get(key)
        best[key] = _merged(known, place) if known else place
    order = sorted(best.values(), key=lambda place: -place.rank)
    return Found(tuple(order[:MOST_OFFERED]), is_sure=is_exact and _is_clear(order, language_code))


def _merged(known: Place, other: Place) -> Place:
    """A city goes before the state that is named after it."""
    if known.is_area == other.is_area:
        first = known if known.rank >= other.rank else other
    else:
        first = other if known.is_area else known
    weight, rank = max(known.weight, other.weight), max(known.rank, other.rank)
    return replace(
        first,
        weight=weight,
        rank=rank,
        is_part=known.is_part or other.is_part,
        is_other_name=known.is_other_name and other.is_other_name,
    )


def _is_clear(order: Sequence[Place], language_code: str | None) -> bool:
    if not order or order[0].is_part:
        return False
    first, is_abroad = order[0], _favour(order[0].country, language_code) == 1
    if first.is_other_name and first.weight < (LEAST_OF_ANOTHER if is_abroad else LEAST_ABROAD):
        return False
    if first.weight < LEAST_ABROAD and is_abroad and not first.is_whole:
        return False
    return all(_is_far_above(order[0], other, language_code) for other in order[1:])


def _is_far_above(place: Place, other: Place, language_code: str | None) -> bool:
    favour = _favour(other.country, language_code)
    people = max(other.weight, 1) * (BY_ANOTHER_NAME if other.is_other_name and favour == 1 else 1)
    # Naples is in Italy, but who writes English may well live in the one in Florida.
    is_nearer = favour > _favour(place.country, language_code)
    if place.is_other_name and not other.is_other_name and favour > 1 and other.weight >= LIVING:
        return False
    if is_nearer:
        return place.weight >= CLEAR_OF_NEARER * people
    return place.weight >= (CLEAR_OF_SMALL if people < SMALL else CLEAR_BY_FAR) * people


def _places(entries: Sequence[Entry], whole: set[str], now: datetime, language_code: str | None) -> list[Place]:
    places = []
    split = _split_states(entries, now)
    for entry in entries:
        favour = _favour(entry.country, language_code)
        if entry.kind == "k":
            places += _whole_country(entry, favour, now)
        elif entry.country not in whole:
            weight = entry.weight * _in_order(entry, favour, language_code)
            places.append(
                Place(
                    entry.zone,
                    entry.name,
                    entry.country,
                    entry.state,
                    entry.weight,
                    weight,
                    entry.kind in "st" and entry.state in split,
                    is_area=entry.kind in "st",
                    is_other_name=entry.kind == "a",
                )
            )
    return places


def _in_order(entry: Entry, favour: float, language_code: str | None) -> float:
    """Returns how much each inhabitant of a place counts in the order of what is offered."""
    if entry.kind == "a":
        return favour * (OTHER_NAME if favour > 1 else FOREIGN_NAME)
    if favour == 1 and entry.country in MINORITIES.get((language_code or "")[:2].lower(), ()):
        return SPOKEN_BY_MANY
    return favour


def _whole_country(entry: Entry, favour: float, now: datetime) -> list[Place]:
    """Returns the country, or its main city on each of its clocks."""
    zones = different_clocks(zones_by_country().get(entry.country, ()), now)
    is_one = len(zones) == 1
    return [
        Place(
            zone,
            "" if is_one else city(zone),
            entry.country,
            weight=entry.weight,
            rank=favour * max(entry.weight, 1) / (1 + index),
            is_part=not is_one,
            is_area=True,
            is_whole=is_one,
        )
        for index, zone in enumerate(zones)
    ]


def _split_states(entries: Sequence[Entry], now: datetime) -> set[str]:
    """Returns the states among these in which clocks differ."""
    seen: dict[str, set[tuple[int, ...]]] = {}
    for entry in entries:
        if entry.kind in "st":
            seen.setdefault(entry.state, set()).add(clock(entry.zone, now))
    return {state for state, known in seen.items() if len(known) > 1}


def _favour(code: str, language_code: str | None) -> float:
    language, _, region = (language_code or "").replace("_", "-").partition("-")
    if region and region.upper() == code:
        return SAME_COUNTRY
    return SAME_LANGUAGE if language and language.lower() in get_official_languages(code, de_facto=True) else 1


def country_name(code: str, locale: str) -> str:
    """Returns the name of a country in a language, as CLDR has it; empty for an unknown code."""
    try:
        return str(Locale.parse(locale).territories.get(code, ""))
    except (ValueError, UnknownLocaleError):
        return ""
