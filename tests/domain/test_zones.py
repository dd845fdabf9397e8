from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from bot.domain.zones import city, country, known_zone, places, regions, suggested
from bot.domain.zones.names import CLOCKS, MAIN_ZONES, SPELLED
from bot.domain.zones.suggestions import ANYONE, BY_LANGUAGE
from bot.domain.zones.table import countries, living_zones


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Calcutta", "Etc/GMT-2", "UTC"])
def test_known_zone_takes_every_iana_name(name: str) -> None:
    assert known_zone(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "europe/berlin",
        "Europe",
        "Europe/Berlin/",
        "../../etc/passwd",
        "/etc/passwd",
        "Mars/Base",
        "a\0b",
        "x" * 5000,
    ],
)
def test_known_zone_is_none_for_anything_else(name: str) -> None:
    assert known_zone(name) is None


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("en", "America/New_York"),
        ("en-GB", "Europe/London"),
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Berlin"),
        ("es", "Europe/Madrid"),
        ("pt-br", "America/Sao_Paulo"),
        ("pt", "Europe/Lisbon"),
        ("zh-hans", "Asia/Shanghai"),
        ("zh_Hant", "Asia/Taipei"),
        ("uk", "Europe/Kyiv"),
        ("tlh", "Europe/London"),
        ("", "Europe/London"),
        (None, "Europe/London"),
    ],
)
def test_suggested_starts_with_the_likeliest(code: str | None, first: str) -> None:
    names = suggested(code)

    assert (names[0], len(names)) == (first, 6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berlin", "Berlin"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("America/Port-au-Prince", "Port-au-Prince"),
        ("America/St_Johns", "St. John’s"),
        ("Europe/Busingen", "Büsingen"),
        ("America/Sao_Paulo", "São Paulo"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+11", "UTC-11"),
    ],
)
def test_city_is_what_people_read(name: str, expected: str) -> None:
    assert city(name) == expected


def test_cities_are_spelled_as_cldr_spells_them() -> None:
    named = Locale.parse("en").time_zones
    spelled = {name: city(name) for name in living_zones() if name.rpartition("/")[2] in SPELLED}

    assert {name: city(name) for name in spelled if "city" in named.get(name, {})} == {
        name: named[name]["city"] for name in spelled if "city" in named.get(name, {})
    }
    assert {name.rpartition("/")[2] for name in spelled} == set(SPELLED)


def test_tables_name_only_living_zones() -> None:
    several = [*MAIN_ZONES.values(), *BY_LANGUAGE.values(), ANYONE]
    named = {name for names in several for name in names.split()}

    assert named - living_zones() == set()
    assert {name for names in CLOCKS.values() for name in names.split()} - living_zones() == {"Etc/UTC"}
    assert set(MAIN_ZONES) <= set(countries())


def test_suggestions_are_six_different_zones() -> None:
    assert {len(set(names.split())) for names in [*BY_LANGUAGE.values(), ANYONE]} == {6}


def test_regions_and_places_are_those_that_people_live_in() -> None:
    everywhere = [name for region in regions() for name in places(region)]

    assert regions() == (
        "Asia",
        "America",
        "Europe",
        "Africa",
        "Australia",
        "Pacific",
        "Indian",
        "Atlantic",
        "Arctic",
        "Antarctica",
    )
    assert sorted(everywhere) == sorted(living_zones())
    assert {"US/Eastern", "Etc/UTC", "Asia/Calcutta", "Europe/Kiev"} & set(everywhere) == set()
    assert places("Arctic") == ("Arctic/Longyearbyen",)
    assert places("Europe")[:3] == ("Europe/Amsterdam", "Europe/Andorra", "Europe/Astrakhan")
    assert places("Etc") == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Europe/Berlin", "DE"),
        ("America/Chicago", "US"),
        ("Asia/Calcutta", "IN"),
        ("Etc/GMT-2", None),
        ("nowhere", None),
    ],
)
def test_country_is_where_the_zone_lies(name: str, code: str | None) -> None:
    assert country(name) == code
