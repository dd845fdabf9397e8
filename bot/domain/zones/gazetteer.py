"""The table of places: cities, states and countries by their folded names. Called by `zones.search`.

The tables are files sorted as bytes. A look-up maps the file, finds its lines by halving, and lets go of it: nothing
stays in memory. They come from GeoNames (CC BY 4.0) by `tools/make_places.py`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

from bot.domain.zones.plain import plain

MOST_LINES = 300  # of places with one name: "san jose" has 90
LEAST_LETTERS = 4  # bytes of a name that others are compared with: "OKC" is no name spelled wrongly
LENGTHS_APART = 5  # bytes; names that differ more are not alike
# How alike a name must be, of 100, for a place with at least so many inhabitants: "berln" is Berlin, "hello" no hamlet.
LEAST_SIMILARITY = ((500_000, 80), (50_000, 86), (15_000, 91), (0, 94))


class Entry(NamedTuple):
    """A line of the table.

    `kind`: c a city, a another name of one, n a nickname that is also a word, z a zone's city, s a state, t its code,
    k a country.
    `weight` is the number of inhabitants, of a capital three times as many; a country has no `state` and no `zone`.
    """

    key: str
    name: str
    kind: str
    country: str
    state: str
    weight: int
    zone: str


def named(key: str) -> list[Entry]:
    """Returns all places of exactly this folded name."""
    return _starting(f"{key}\t".encode()) if key else []


def starting(key: str) -> list[Entry]:
    """Returns places whose folded name begins so, in the order of the alphabet."""
    return _starting(key.encode()) if key else []


def state_name(code: str) -> str:
    """Returns the name of a state by its code, such as US.CA; empty if there is none."""
    with _open("states.tsv") as table:
        start = _first_from(table, f"{code}\t".encode())
        found, _, name = table[start : _end(table, start)].decode().rstrip("\n").partition("\t")
    return name if found == code else ""


def alike(key: str, *, limit: int) -> list[Entry]:
    """Returns places whose names are nearly this one, the best first.

    The fewer people live in a place, the closer its name must be. Where none begins with the same letter, large places
    may begin with another.
    """
    with _open("places.tsv") as table:
        first = key[:1].encode()
        lines = table[_first_from(table, first) : _first_from(table, first + b"\xff")]
    found = _alike(key, re.findall(rb"^[^\t\n]+", lines, re.MULTILINE))
    if not found:
        found = _alike(key, Path(__file__).with_name("large.txt").read_bytes().split(b"\n"))
    return [entry for entries in found[:limit] for entry in entries]


def one_letter_away(key: str, *, least: int) -> list[Entry]:
    """Returns cities of at least so many inhabitants, a million or more, whose names are one letter a-z from this."""
    cuts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    without = {start + end[1:] for start, end in cuts if end}
    instead = {start + letter + end[1:] for start, end in cuts if end for letter in ascii_lowercase}
    more = {start + letter + end for start, end in cuts for letter in ascii_lowercase}
    swapped = {start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1}
    giants = Path(__file__).with_name("giants.txt").read_text(encoding="utf-8").splitlines()
    return _large((without | instead | more | swapped).intersection(giants) - {key}, "c", least)


def with_one_word_more(key: str, words: Iterable[str], *, least: int) -> list[Entry]:
    """Returns cities and countries of at least so many inhabitants called so with one of these words before it."""
    return _large((f"{word} {key}" for word in words), "ck", least)


def _large(names: Iterable[str], kinds: str, least: int) -> list[Entry]:
    found = [entry for name in names for entry in named(name) if entry.kind in kinds and entry.weight >= least]
    return [entry for entry in found if plain(entry.name) == entry.key]  # the others are nicknames


def _alike(key: str, names: list[bytes]) -> list[list[Entry]]:
    near = (name for name in names if len(name) >= LEAST_LETTERS and abs(len(name) - len(key)) < LENGTHS_APART)
    words = dict.fromkeys(name.decode() for name in near)
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - 6 MB that only a name that is spelled wrongly needs

    close = process.extract(key, words.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_SIMILARITY[0][1], limit=60)
    places = [(score, named(name)) for name, score, _ in close]
    known = [(score, max(entry.weight for entry in entries), entries) for score, entries in places if entries]
    fitting = [place for place in known if place[0] >= _least_similarity(place[1])]
    return [entries for _, _, entries in sorted(fitting, key=lambda place: (-round(place[0] / 4), -place[1]))]


def _least_similarity(weight: int) -> int:
    return next(similarity for least, similarity in LEAST_SIMILARITY if weight >= least)


def _starting(wanted: bytes) -> list[Entry]:
    found: list[Entry] = []
    with _open("places.tsv") as table:
        start = _first_from(table, wanted)
        while table[start : start + len(wanted)] == wanted and len(found) < MOST_LINES:
            end = _end(table, start)
            key, name, kind, country, state, weight, zone = table[start:end].decode().rstrip("\n").split("\t")
            found.append(Entry(key, name, kind, country, state, int(weight), zone))
            start = end
    return found


@contextmanager
def _open(name: str) -> Iterator[mmap]:
    with (
        Path(__file__).with_name(name).open("rb") as file,
        mmap(file.fileno(), 0, access=ACCESS_READ) as table,
    ):
        yield table


def _first_from(table: mmap, wanted: bytes) -> int:
    """Returns where the first line begins that is not before `wanted`."""
    low, high = 0, len(table)
    while low < high:
        start = max(table.rfind(b"\n", low, (low + high) // 2) + 1, low)
        end = _end(table, start)
        if table[start:end] < wanted:
            low = end
        else:
            high = start
    return low


def _end(table: mmap, start: int) -> int:
    return table.find(b"\n", start) + 1 or len(table)
