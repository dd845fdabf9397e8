"""The time zones that people live in, from the tables of the installed tzdata package. Called through `zones`."""

from collections import Counter
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from bot.domain.folding import fold
from bot.domain.zones.names import MAIN_ZONES, SPELLED
from bot.domain.zones.suggestions import ANYONE, BY_LANGUAGE

_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})


def known_zone(name: str) -> ZoneInfo | None:
    """Returns the zone with exactly this IANA name, old names included, or None. For typed text use `find`."""
    return ZoneInfo(name) if name in known_names() else None


def suggested(language_code: str | None) -> tuple[str, ...]:
    """Returns six zones to offer first. Language codes are IETF tags: "pt-br" falls back to "pt", then to ANYONE."""
    tag = (language_code or "").lower().replace("_", "-")
    names = BY_LANGUAGE.get(tag) or BY_LANGUAGE.get(tag.partition("-")[0]) or ANYONE
    return tuple(names.split())


def city(name: str, locale: str = "en") -> str:
    """Returns the city of a zone: in other languages as CLDR has it; in English, and without that, as it is spelled."""
    if not locale.startswith("en") and (said := Locale.parse(locale).time_zones.get(name, {}).get("city")):
        return str(said)
    last = name.rpartition("/")[2]
    if name.startswith("Etc/GMT") and last[3:4] in ("+", "-"):
        return f"UTC{'-' if last[3] == '+' else '+'}{last[4:]}"  # POSIX counts westward
    return SPELLED.get(last, last.replace("_", " "))


def regions() -> tuple[str, ...]:
    """Returns the first parts of all zones' names, such as Europe: those where most people live first."""
    people = Counter[str]()
    for name in living_zones():
        people[name.partition("/")[0]] += inhabitants().get(name, 0)
    return tuple(sorted(people, key=lambda region: (-people[region], region)))


@lru_cache(maxsize=1)
def inhabitants() -> dict[str, int]:
    """Maps zones to how many people live in their cities, those with most people first."""
    text = Path(__file__).with_name("inhabitants.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {name: int(count) for name, count in rows}


def places(region: str) -> tuple[str, ...]:
    """Returns the zones of a region, sorted by city; empty for an unknown region."""
    names = (name for name in living_zones() if name.startswith(f"{region}/"))
    return tuple(sorted(names, key=lambda name: fold(city(name))))


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Returns all IANA names, old ones included."""
    return frozenset(available_timezones() - _NO_PLACE)


@lru_cache(maxsize=1)
def living_zones() -> frozenset[str]:
    """Returns one name for each country and clock; no Etc zones, no old names."""
    return frozenset(name for names in zones_by_country().values() for name in names)


@lru_cache(maxsize=1)
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """Maps ISO 3166 codes to zones, the main ones first."""
    listed: dict[str, list[str]] = {code: names.split() for code, names in MAIN_ZONES.items()}
    for code, _, name in (row[:3] for row in _rows("zone.tab")):
        names = listed.setdefault(code, [])
        if name not in names and name in known_names():
            names.append(name)
    return {code: tuple(names) for code, names in listed.items()}


def country(name: str) -> str | None:
    """Returns the ISO 3166 code of a zone's country (the first, if several share it), or None."""
    living = old_names().get(name, name)
    return next((code for code, names in zones_by_country().items() if living in names), None)


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Maps ISO 3166 codes to English names."""
    return {row[0]: row[1] for row in _rows("iso3166.tab")}


@lru_cache(maxsize=1)
def old_names() -> dict[str, str]:
    """Maps each old name to the zone that replaces it."""
    rows = (line.split() for line in _text("tzdata.zi").splitlines() if line.startswith("L "))
    return {
        old: new for _, new, old in rows if new in living_zones() and old not in living_zones() and old in known_names()
    }


def _rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in _text(table).splitlines() if line and not line.startswith("#")]


def _text(file: str) -> str:
    return files("tzdata").joinpath("zoneinfo", file).read_text(encoding="utf-8")
