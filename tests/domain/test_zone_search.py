"""Places as people type them, by the list in `places_typed.yaml`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.zones import Found, known_zone, offsets_now, search, zone_at, zones_at
from bot.domain.zones.clocks import clock, minutes_east
from bot.domain.zones.gazetteer import Entry, named, state_name
from bot.domain.zones.plain import plain
from bot.domain.zones.table import city, countries, living_zones, zones_by_country

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
TYPED = yaml.safe_load(Path(__file__).with_name("places_typed.yaml").read_text(encoding="utf-8"))
CASES = [(language, str(text), wanted) for language, rows in TYPED.items() for text, wanted in rows.items()]


@pytest.mark.parametrize("language", TYPED)
def test_places_are_understood_as_wanted(language: str) -> None:
    unlike = {
        text: (wanted, found)
        for spoken, text, wanted in CASES
        if spoken == language and not _is_as_wanted(wanted, found := search(text, NOW, language))
    }

    assert unlike == {}


def _is_as_wanted(wanted: str, found: Found) -> bool:
    if wanted == "-":
        return not found
    clocks = [clock(place.zone, NOW) for place in found.places]
    accepted = [{clock(zone, NOW) for zone in choice.split("|")} for choice in wanted.removeprefix("?").split()]
    if found.is_sure:
        return not wanted.startswith("?") and clocks[0] in accepted[0]
    return all(any(shown in choice for shown in clocks) for choice in accepted)


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("BERLIN ", ["Europe/Berlin"]),
        ("İstanbul", ["Europe/Istanbul"]),
        ("Łódź", ["Europe/Warsaw"]),
        ("Москва", ["Europe/Moscow"]),
        ("東京", ["Asia/Tokyo"]),
        ("تهران", ["Asia/Tehran"]),
        ("asia/calcutta", ["Asia/Kolkata"]),
        ("US/Eastern", ["America/New_York"]),
        ("EST5EDT", ["EST5EDT"]),
        ("UTC+0", ["Etc/UTC"]),
        ("Germany", ["Europe/Berlin"]),
    ],
)
def test_what_has_one_meaning_is_sure(text: str, zones: list[str]) -> None:
    found = search(text, NOW, "en")

    assert ([place.zone for place in found.places[:1]], found.is_sure) == (zones, True)


@pytest.mark.parametrize("text", ["", "?!", "🙂", "UTC+15:10", "berlin" * 20, "a " * 30, "tomorrow", "hello"])
def test_what_is_no_place_finds_nothing(text: str) -> None:
    assert not search(text, NOW, "en")


def test_the_country_that_was_typed_decides() -> None:
    argentine, spanish = search("Córdoba, Argentina", NOW, "es"), search("Córdoba (España)", NOW, "es")

    assert [place.country for place in argentine.places] == ["AR"]
    assert [place.country for place in spanish.places] == ["ES"]


def test_the_region_of_a_language_ranks_and_never_decides() -> None:
    argentine, spanish = search("Córdoba", NOW, "es-AR"), search("Córdoba", NOW, "es-ES")

    assert (argentine.places[0].country, spanish.places[0].country) == ("AR", "ES")
    assert (argentine.is_sure, spanish.is_sure) == (False, False)


def test_an_unknown_village_is_offered_by_its_country() -> None:
    found = search("Xyzzyville, Uruguay", NOW, "en")

    assert ([place.zone for place in found.places], found.is_sure) == (["America/Montevideo"], False)


@given(st.text(max_size=80))
def test_any_text_is_answered_with_known_zones(text: str) -> None:
    found = search(text, NOW, "es")

    assert len(found.places) <= 5
    assert [place.zone for place in found.places if known_zone(place.zone) is None] == []


def test_every_zone_and_every_country_is_found_by_its_name() -> None:
    by_city = {zone for zone in living_zones() if zone not in {entry.zone for entry in _entries(city(zone))}}
    missing = {
        name
        for code, name in countries().items()
        if zones_by_country().get(code) and code not in {entry.country for entry in _entries(name)}
    }

    assert (by_city, missing) == (set(), set())


def _entries(name: str) -> list[Entry]:
    return named(plain(name))


def test_states_have_names() -> None:
    assert (state_name("US.ID"), state_name("MX.25"), state_name("US.XX")) == ("Idaho", "Sinaloa", "")


def test_zones_at_an_offset_have_it_now_and_the_likely_ones_are_first() -> None:
    central_europe = zones_at(60, NOW, "es")

    assert central_europe[0] == "Europe/Madrid"
    assert {minutes_east(zone, NOW) for zone in central_europe} == {60}
    assert {330, 345, -210} <= set(offsets_now(NOW))
    assert minutes_east("Europe/Madrid", NOW + timedelta(days=240)) == 120


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (-31.42, -64.18, "America/Argentina/Cordoba"),
        (40.42, -3.7, "Europe/Madrid"),
        (28.1, -15.4, "Atlantic/Canary"),
        (27.7, 85.3, "Asia/Kathmandu"),
        (0, 0, "Etc/GMT"),
    ],
)
def test_coordinates_lie_in_a_zone(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone
