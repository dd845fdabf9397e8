"""Finds the time zones that a typed text may mean. Called through `zones`."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice

from babel import Locale
from rapidfuzz import fuzz, process

from bot.domain.folding import fold
from bot.domain.zones.cities import PLACES
from bot.domain.zones.names import CLOCKS, COUNTRIES, PART_HOURS
from bot.domain.zones.table import city, countries, known_names, living_zones, old_names, zones_by_country

NAMED_IN = ("es",)
MAX_PLACE_CHARACTERS = 60  # every name of a place is shorter
LEAST_NAME_SIMILARITY = 80  # of 100: "berln" is berlin, "hello" is nothing

# Letters that Unicode does not decompose, but that people type without their strokes.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_WORDS = {"and": "", "the": "", "saint": "st", "sankt": "st"}
_CLOCK_TAIL = re.compile(r" (?:standard |daylight |summer )?time(?: zone)?$")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*([0-9]{1,2})(?::?([0-9]{2}))?")
_DIRECTIONS = frozenset({"Australia/North", "Australia/South", "Australia/West", "America/Virgin"})


def find(text: str, *, limit: int = 8) -> tuple[str, ...]:
    """Returns IANA names, the best match first; empty when nothing fits. Case, accents and small typos do not matter.

    Understands cities, countries, IANA names (old ones too), abbreviations such as CET, and offsets such as UTC+2.
    """
    if len(text) > MAX_PLACE_CHARACTERS:
        return ()
    if offset := _OFFSET.fullmatch(text.strip().casefold()):
        return _at_offset(*offset.groups())[:limit]
    typed = _CLOCK_TAIL.sub("", plain(text))
    if not typed:
        return ()
    found = _exact(text, typed) or _in_country(typed) or _starting_with(typed) or _alike(typed)
    return tuple(islice(dict.fromkeys(found), limit))


def plain(text: str) -> str:
    """Returns the text as the index holds it: lower case, no accents, apostrophes and small words, single spaces."""
    letters = fold(text).replace("'", "").replace("’", "").translate(_LETTERS)
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    words = [_WORDS.get(word, word) for word in spaced.split()]
    return " ".join(word for word in words if word)


def _at_offset(sign: str, hours: str, minutes: str | None) -> tuple[str, ...]:
    east = (int(hours) * 60 + int(minutes or 0)) * (1 if sign == "+" else -1)
    if east == 0:
        return ("Etc/UTC",)
    if east % 60:
        return tuple(PART_HOURS.get(east, "").split())
    name = f"Etc/GMT{-east // 60:+d}"  # POSIX counts westward
    return (name,) if name in known_names() else ()


def _exact(text: str, typed: str) -> Sequence[str]:
    if typed in CLOCKS:
        return CLOCKS[typed].split()
    name = _iana_names().get(text.strip().casefold().replace(" ", "_"))
    if name and "/" in text:
        return (name,)
    return _index().get(typed, (name,) if name else ())


def _in_country(typed: str) -> Sequence[str]:
    """Finds a place that is followed by its country: "paris france"."""
    words, index = typed.split(), _index()
    for split in range(len(words) - 1, 0, -1):
        place, where = index.get(" ".join(words[:split])), index.get(" ".join(words[split:]))
        if place and where:
            return [name for name in place if name in where] or place
    return ()


def _starting_with(typed: str) -> Sequence[str]:
    if len(typed) < 2:
        return ()
    keys = sorted(_index(), key=len)
    starts = [key for key in keys if key.startswith(typed)]
    inside = [key for key in keys if len(typed) > 2 and f" {typed}" in key]
    return [name for key in starts + inside for name in _index()[key]]


def _alike(typed: str) -> Sequence[str]:
    if len(typed) < 4:
        return ()
    alike = process.extract(typed, _index().keys(), scorer=fuzz.ratio, score_cutoff=LEAST_NAME_SIMILARITY, limit=4)
    return [name for key, _, _ in alike for name in _index()[key]]


@lru_cache(maxsize=1)
def _iana_names() -> dict[str, str]:
    return {name.casefold(): old_names().get(name, name) for name in known_names()}


@lru_cache(maxsize=1)
def _index() -> dict[str, list[str]]:
    """Maps every known name, plain, to its zones. What is added first is offered first."""
    index: dict[str, list[str]] = {}
    for key, names in chain(_cities(), _aliases(), _countries()):
        index.setdefault(plain(key), []).extend(names)
    for key, names in chain(_in_other_languages(), _old_cities(), _codes()):  # only where a name means nothing else
        index.setdefault(plain(key), list(names))
    return index


Entries = Iterable[tuple[str, tuple[str, ...]]]


def _cities() -> Entries:
    for name in sorted(living_zones()):
        yield city(name), (name,)
        yield name, (name,)


def _aliases() -> Entries:
    for name, aliases in PLACES.items():
        yield from ((alias, (name,)) for alias in aliases.split(", "))


def _countries() -> Entries:
    for code, aliases in COUNTRIES.items():
        yield from ((alias, zones_by_country()[code]) for alias in aliases.split(", "))
    for code, name in countries().items():
        names = (name, name.partition(" (")[0])  # "Korea (South)"
        yield from ((spelling, zones_by_country().get(code, ())) for spelling in dict.fromkeys(names))


def _old_cities() -> Entries:
    for old, name in old_names().items():
        if old not in _DIRECTIONS:
            yield city(old), (name,)
            yield old, (name,)


def _in_other_languages() -> Entries:
    """Yields CLDR's names of cities and countries in the other languages of the bot."""
    for code in NAMED_IN:
        locale = Locale.parse(code)
        yield from ((city(name, code), (name,)) for name in sorted(living_zones()))
        yield from ((locale.territories[key], names) for key, names in zones_by_country().items())


def _codes() -> Entries:
    yield from zones_by_country().items()
