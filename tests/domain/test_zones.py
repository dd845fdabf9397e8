from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.zones import city, country, find, known_zone, places, regions, suggested
from bot.domain.zones.cities import PLACES
from bot.domain.zones.names import CLOCKS, COUNTRIES, MAIN_ZONES, PART_HOURS
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
        ("America/St_Johns", "St John’s"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+11", "UTC-11"),
    ],
)
def test_city_is_what_people_read(name: str, expected: str) -> None:
    assert city(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("berlin", ["Europe/Berlin"]),
        ("  BERLIN ", ["Europe/Berlin"]),
        ("new york", ["America/New_York"]),
        ("newyork", ["America/New_York"]),
        ("sao paulo", ["America/Sao_Paulo"]),
        ("São Paulo", ["America/Sao_Paulo"]),
        ("Munich", ["Europe/Berlin"]),
        ("münchen", ["Europe/Berlin"]),
        ("san francisco", ["America/Los_Angeles"]),
        ("san fransisco", ["America/Los_Angeles"]),
        ("Melborne", ["Australia/Melbourne"]),
        ("Berln", ["Europe/Berlin", "Europe/Zurich", "America/Belem"]),
        ("Barcleona", ["Europe/Madrid"]),
        ("Buenos Aries", ["America/Argentina/Buenos_Aires"]),
        ("Amsterdma", ["Europe/Amsterdam"]),
        ("Philadephia", ["America/New_York"]),
        ("Viennna", ["Europe/Vienna"]),
        ("Bombay", ["Asia/Kolkata"]),
        ("Rio de Janeiro", ["America/Sao_Paulo"]),
        ("St. Petersburg", ["Europe/Moscow"]),
        ("Saint Petersburg", ["Europe/Moscow"]),
        ("Łódź", ["Europe/Warsaw"]),
        ("lodz", ["Europe/Warsaw"]),
        ("İstanbul", ["Europe/Istanbul"]),
        ("Москва", ["Europe/Moscow"]),
        ("東京", ["Asia/Tokyo"]),
        ("تهران", ["Asia/Tehran"]),
        ("Paris, France", ["Europe/Paris"]),
        ("georgia", ["America/New_York", "Asia/Tbilisi"]),
        ("georgia usa", ["America/New_York"]),
        ("iceland", ["Atlantic/Reykjavik"]),
        ("Korea", ["Asia/Seoul", "Asia/Pyongyang"]),
        ("the Netherlands", ["Europe/Amsterdam"]),
        ("Germany", ["Europe/Berlin", "Europe/Busingen"]),
        ("UK", ["Europe/London"]),
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
        ("Eastern time", ["America/New_York", "America/Toronto"]),
        ("Pacific Standard Time", ["America/Los_Angeles", "America/Vancouver"]),
        ("Berlin time", ["Europe/Berlin"]),
        ("europe/berlin", ["Europe/Berlin"]),
        ("America/New York", ["America/New_York"]),
        ("US/Eastern", ["America/New_York"]),
        ("asia/calcutta", ["Asia/Kolkata"]),
        ("kiev", ["Europe/Kyiv"]),
        ("etc/gmt+3", ["Etc/GMT+3"]),
        ("EST5EDT", ["EST5EDT"]),
        ("UTC", ["Etc/UTC"]),
        ("UTC+2", ["Etc/GMT-2"]),
        ("gmt -3", ["Etc/GMT+3"]),
        ("+02:00", ["Etc/GMT-2"]),
        ("UTC−5", ["Etc/GMT+5"]),
        ("UTC+0", ["Etc/UTC"]),
        ("GMT+5:30", ["Asia/Kolkata", "Asia/Colombo"]),
        ("UTC+15", []),
        ("UTC+1:10", []),
        ("", []),
        ("?!", []),
        ("🙂", []),
        ("hello", []),
        ("tomorrow", []),
        ("berlin" * 20, []),
    ],
)
def test_find_what_people_type(text: str, expected: list[str]) -> None:
    assert list(find(text)) == expected


def test_find_completes_a_beginning() -> None:
    assert find("san fra") == ("America/Los_Angeles",)
    assert find("york") == ("America/New_York",)
    assert "Europe/Berlin" in find("berl")


def test_find_keeps_to_its_limit() -> None:
    assert find("usa", limit=3) == ("America/New_York", "America/Chicago", "America/Denver")
    assert len(find("san")) == 8


def test_every_place_is_found_by_its_name() -> None:
    assert {name: found for name in living_zones() if (found := find(name)) != (name,)} == {}
    assert {name: found for name in living_zones() if name not in (found := find(city(name)))} == {}


@given(st.text(max_size=80))
def test_find_answers_any_text_with_known_zones(text: str) -> None:
    found = find(text)

    assert len(found) <= 8
    assert [name for name in found if known_zone(name) is None] == []


def test_every_country_with_a_zone_is_found() -> None:
    deserted = {"Bouvet Island", "Heard Island & McDonald Islands"}

    assert {name for name in countries().values() if not find(name)} == deserted


def test_tables_name_only_living_zones() -> None:
    several = [*MAIN_ZONES.values(), *PART_HOURS.values(), *BY_LANGUAGE.values(), ANYONE]
    named = {name for names in several for name in names.split()} | set(PLACES)

    assert named - living_zones() == set()
    assert {name for names in CLOCKS.values() for name in names.split()} - living_zones() == {"Etc/UTC"}
    assert set(COUNTRIES) | set(MAIN_ZONES) <= set(countries())


def test_suggestions_are_six_different_zones() -> None:
    assert {len(set(names.split())) for names in [*BY_LANGUAGE.values(), ANYONE]} == {6}


def test_regions_and_places_are_those_that_people_live_in() -> None:
    everywhere = [name for region in regions() for name in places(region)]

    assert regions() == (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
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
