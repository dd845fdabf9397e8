"""Finds the places that a typed text may mean. Called through `zones`."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.zones import clocks, phrases
from bot.domain.zones.clock_names import said_clocks
from bot.domain.zones.gazetteer import Entry, alike, named, one_letter_away, starting, with_one_word_more
from bot.domain.zones.plain import plain
from bot.domain.zones.ranking import NOTHING, Found, of_zones, ranked
from bot.domain.zones.table import countries, known_names, old_names

MAX_CHARACTERS = 80  # every name of a place is shorter, and so is "I live in a small town near it"
MOST_WORDS = 14
LEAST_TO_GUESS = 4  # letters, for a name that is only nearly right or only begun
KNOWN_BY_ALL = 100_000  # inhabitants of a place that is looked for inside a longer text
KNOWN_BY_CODE = 3_000_000  # of one that is meant by its letters, though they are a state's too: LA
LEAST_GIANT, GIANT_BY_FAR = 1_000_000, 30  # of a city that may be meant by the name of a small one, spelled nearly so
# Words that some leave out of the name of a larger city: "Francisco".
LEFT_OUT = ("new", "nueva", "nuevo", "st", "san", "santa", "santo", "port", "puerto", "las", "los")
LEAST_OF_WORD, WORD_BY_FAR = 500_000, 5
KNOWN_BY_MANY = 50_000  # of one whose name is only begun: "Cornellà"
# A short word is a small place's name only by chance, and a small town has the name of a village that no table knows.
SHORT_NAME, LEAST_OF_SHORT, LEAST_ALONE = 4, 100_000, 15_000
CODES = frozenset("tn")  # kinds of names that are offered, and never taken without a tap
# "City", "prefecture", "province" in Japanese, Chinese and Korean, written as one word with the name.
ENDINGS, SHORTEST_OF_ENDINGS = frozenset("市県縣府都省州시군도"), 2
BEFORE, AFTER, NEARLY, JOINING, NO_PLACE = (
    frozenset(word.replace("_", " ") for words in of_language.values() for word in words.split())
    for of_language in (phrases.BEFORE, phrases.AFTER, phrases.NEARLY, phrases.JOINING, phrases.NO_PLACE)
)
_PARTS = re.compile(r"[,;/()\n|]+|\s[-–]\s")


def search(text: str, now: datetime, language_code: str | None = None) -> Found:
    """Returns the places that this may mean, the likeliest first; at most one for each country and clock.

    Understands cities, states and countries in many languages, with their country or alone, words such as "near"
    around them, IANA names (old ones too), abbreviations such as CET, and offsets such as UTC+2. `is_sure` is false
    for whatever was guessed or may be another place with another clock: a person has to choose.
    """
    typed = plain(text)
    if not typed or len(text) > MAX_CHARACTERS or len(typed.split()) > MOST_WORDS:
        return NOTHING
    if (found := _by_clock(text, now, language_code)) or typed in NO_PLACE:
        return found or NOTHING
    readings = list(_readings(text))
    for words in readings:
        if " ".join(words) in NO_PLACE:
            return NOTHING
        entries = _named(words)
        code = _of_code(typed, entries) if words == readings[0] else []
        if entries or code:
            is_exact = not code and _is_exact(text, words, entries)
            found = ranked(entries + code, now, language_code, is_exact=is_exact)
            return _beside_giants(found, entries, now, language_code) if found.is_sure else found
    if found := _with_areas(text, readings, now, language_code):
        return found
    return ranked(_guessed(readings), now, language_code, is_exact=False)


def _by_clock(text: str, now: datetime, language_code: str | None) -> Found | None:
    east = clocks.typed_offset(text)
    if east is not None:
        fixed = clocks.fixed_zone(east)
        if east == 0:
            return of_zones(("Etc/UTC",), is_sure=True)
        # A clock that is two hours ahead now may be three ahead in summer: a place knows, an offset does not.
        zones = clocks.different_clocks(clocks.zones_at(east, now, language_code), now)[:4]
        return of_zones((*zones, *((fixed,) if fixed else ())), is_sure=False)
    if said := said_clocks(text, language_code):
        if said.country:
            return ranked(_whole(said.country), now, language_code, is_exact=True)
        is_one = len(said.zones) == 1 or (said.is_whole and len(clocks.different_clocks(said.zones, now)) == 1)
        return of_zones(said.zones, is_sure=is_one)
    name = _iana(text)
    return of_zones((name,), is_sure=True) if name else None


def _iana(text: str) -> str | None:
    typed = text.strip().casefold().replace(" ", "_")
    if "/" not in typed and typed not in ("est5edt", "cst6cdt", "mst7mdt", "pst8pdt"):
        return None
    name = next((name for name in known_names() if name.casefold() == typed), None)
    return old_names().get(name, name) if name else None


def _readings(text: str) -> Iterator[list[str]]:
    """Yields the words of the text, then without what stands before and after the place, one word less each time."""
    words = plain(text).split()
    ends = [len(words)]
    while ends[-1] > 1 and words[ends[-1] - 1] in AFTER:
        ends.append(ends[-1] - 1)
    start = 0
    while True:
        yield from (words[start:end] for end in ends if end > start)
        if start >= len(words) - 1 or words[start] not in BEFORE:
            return
        start += 1


def _named(words: Sequence[str]) -> list[Entry]:
    """Returns the places of this name; by codes, such as TX, only where no huge city has it: LA is not Louisiana."""
    name = " ".join(words)
    entries = named(name) or (named(name[:-1]) if name[-1:] in ENDINGS and len(name) > SHORTEST_OF_ENDINGS else [])
    names = [entry for entry in entries if entry.kind not in CODES]
    return names if any(entry.weight >= KNOWN_BY_CODE and entry.kind == "c" for entry in names) else entries


def _whole(code: str) -> list[Entry]:
    """Returns the country of an ISO 3166 code."""
    name = plain(countries()[code].partition(" (")[0])
    return [entry for entry in named(name) if entry.kind == "k" and entry.country == code]


def _of_code(typed: str, known: Sequence[Entry]) -> list[Entry]:
    """Returns the country of this code, such as PE, unless it is among those known by this name."""
    code = typed.upper()
    if code not in countries() or typed in BEFORE | AFTER | JOINING:
        return []
    if any(entry.kind == "k" and entry.country == code for entry in known):
        return []
    return _whole(code)


def _beside_giants(found: Found, entries: Sequence[Entry], now: datetime, language_code: str | None) -> Found:
    """Returns what is sure, or offers it beside a far larger city whose name is one letter or one word away."""
    place, key = found.places[0], entries[0].key
    if place.is_whole or len(key) < LEAST_TO_GUESS:
        return found
    giants = []
    if place.weight < KNOWN_BY_ALL:
        giants += one_letter_away(key, least=max(LEAST_GIANT, int(place.weight) * GIANT_BY_FAR))
    if place.weight < LEAST_GIANT:
        least = max(LEAST_OF_WORD, int(place.weight) * WORD_BY_FAR)
        giants += with_one_word_more(key, LEFT_OUT, least=least)
    return ranked([*entries, *giants], now, language_code, is_exact=False) if giants else found


def _is_exact(text: str, words: Sequence[str], entries: Sequence[Entry]) -> bool:
    """Whether the words name the place itself, and it is large enough to be meant by its name alone."""
    left_out = set(plain(text).split()) - set(words)
    is_short = len("".join(words)) <= SHORT_NAME
    weight, is_country = max(entry.weight for entry in entries), any(entry.kind == "k" for entry in entries)
    is_known = is_country or weight >= (LEAST_OF_SHORT if is_short else LEAST_ALONE)
    is_code = any(entry.kind in CODES for entry in entries)  # CA is California, and Canada
    # Somebody somewhere calls Perth so: "pet".
    is_only_another = (
        "".join(words).isascii() and len("".join(words)) < SHORT_NAME and all(entry.kind == "a" for entry in entries)
    )
    return is_known and not is_code and not is_only_another and not left_out & NEARLY


def _with_areas(text: str, readings: Sequence[Sequence[str]], now: datetime, language_code: str | None) -> Found | None:
    """Reads a place beside its state or country: "Boise, Idaho", "cordoba argentina"."""
    parts = [part.split() for piece in _PARTS.split(text) if (part := plain(piece))]
    if len(parts) > 1 and (found := _in_parts(parts, now, language_code)):
        return found
    for words in readings:
        if entries := _beside_area(words):
            return ranked(entries, now, language_code, is_exact=not set(plain(text).split()) & NEARLY)
    for words in readings:  # an unknown village of a country that is known
        for start in range(1, len(words)):
            if areas := _areas(words[start:]):
                return ranked(areas, now, language_code, is_exact=False)
    return None


def _in_parts(parts: list[list[str]], now: datetime, language_code: str | None) -> Found | None:
    """Reads parts between commas: the place first, or last."""
    for place, *others in (parts, parts[::-1]):
        read = next((entries for words in _readings(" ".join(place)) if (entries := _named(words))), [])
        is_clear = True
        for other in others:
            areas = _areas(other)
            inside = [entry for entry in read if _is_inside(entry, areas)]
            if areas and read and not inside:
                read = []
                break
            is_clear = is_clear and bool(areas)
            read = inside or read
        if read:
            return ranked(read, now, language_code, is_exact=is_clear)
    areas = next((areas for part in parts[::-1] if (areas := _areas(part))), [])
    return ranked(areas, now, language_code, is_exact=False) if areas else None


def _beside_area(words: Sequence[str]) -> list[Entry]:
    """Returns the places whose state or country follows, or goes before, as in "birmingham alabama usa"."""
    if entries := _named(words):
        return entries
    for split in range(len(words) - 1, 0, -1):
        for place, area in ((words[:split], words[split:]), (words[split:], words[:split])):
            if (areas := _areas(area)) and (entries := _beside_area(_bare(place))):
                inside = [entry for entry in entries if _is_inside(entry, areas)]
                if inside:
                    return inside
    return []


def _areas(words: Sequence[str]) -> list[Entry]:
    """Returns the countries and states of this name, or of this code."""
    name = " ".join(_bare(words))
    found = [entry for entry in named(name) if entry.kind in "kst"]
    if name.upper() in countries():
        found.append(Entry(name, name, "k", name.upper(), "", 0, ""))
    return found


def _bare(words: Sequence[str]) -> Sequence[str]:
    while len(words) > 1 and words[0] in JOINING:
        words = words[1:]
    while len(words) > 1 and words[-1] in JOINING:
        words = words[:-1]
    return words


def _is_inside(entry: Entry, areas: Sequence[Entry]) -> bool:
    return any(
        entry.country == area.country and (entry.state == area.state if area.kind != "k" else entry.kind != "k")
        for area in areas
    )


def _guessed(readings: Sequence[Sequence[str]]) -> list[Entry]:
    """Returns places inside a longer text, or whose names are only begun or nearly right."""
    shortest = list(readings[-1])
    for length in range(len(shortest) - 1, 0, -1):
        for start in range(len(shortest) - length + 1):
            name = " ".join(shortest[start : start + length])
            if len(name) >= LEAST_TO_GUESS and name not in NO_PLACE:
                large = [entry for entry in named(name) if entry.weight >= KNOWN_BY_ALL]
                if large:
                    return large
    for name in dict.fromkeys((" ".join(readings[0]), " ".join(shortest))):
        if len(name) >= LEAST_TO_GUESS:
            close = alike(name, limit=6)
            begun = [entry for entry in starting(name) if entry.weight >= KNOWN_BY_MANY]
            if close or begun:
                return close + begun
    return []
