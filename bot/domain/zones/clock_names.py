"""Clocks as people name them: CET, "pacific time", "hora del centro de México". Called by `zones.search`."""

import re
from dataclasses import dataclass

from bot.domain.zones.gazetteer import named
from bot.domain.zones.names import CLOCKS, OF_COUNTRY, SAID_WITH_TIME, WORDS
from bot.domain.zones.plain import plain
from bot.domain.zones.table import countries, country, suggested

# Words that say that a clock follows or went before, and of which language the rest is.
OF_TIME = {
    **dict.fromkeys(("time", "timezone", "timezones"), "en"),
    **dict.fromkeys(("hora", "horas", "horario", "horaria", "tiempo", "huso", "zona"), "es"),
}
# Words around the name of a clock, beside those.
AROUND = frozenset(
    [
        "zone",
        "standard",
        "daylight",
        "summer",
        "winter",
        "estandar",
        "oficial",
        "legal",
        "normal",
        "local",
        "de",
        "del",
        "la",
        "el",
        "en",
        "los",
        "las",
        "y",
        "i",
        "im",
        "m",
        "am",
        "s",
        "on",
        "in",
        "is",
        "it",
        "its",
        "my",
        "mine",
        "use",
        "using",
        "we",
        "are",
        "were",
        "estoy",
        "uso",
        "es",
        "mi",
        "por",
        "mismo",
        "misma",
        "que",
        "tengo",
        "a",
        "un",
        "una",
        "menos",
    ]
)
JOINING = frozenset(["de", "del", "en", "la", "el", "los", "las", "in", "of", "y"])
NO_COUNTRY = frozenset({"america"})  # Central America is no clock of the United States
_CAPITALS = re.compile(r"\b[A-Z]{1,5}\b")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a clock: zones, the likeliest first, or the ISO 3166 code of a country. `is_whole`: it was said
    in full, with "time" or its like."""

    zones: tuple[str, ...] = ()
    country: str = ""
    is_whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.zones or self.country)


NOTHING = Said()


def said_clocks(text: str, language_code: str | None) -> Said:
    """Returns what an abbreviation such as CET, or a phrase such as "eastern time", may mean."""
    words = plain(text).split()
    language = next((OF_TIME[word] for word in words if word in OF_TIME), "")
    core = _core(words)
    if not core:
        return NOTHING
    key = " ".join(core)
    if not language and not _is_clock_alone(text, key, words):
        zones = _of_area(core, CLOCKS) if len(core) > 1 and key not in CLOCKS else ()
        return Said(zones)
    table = CLOCKS | SAID_WITH_TIME.get(language, {})
    zones = tuple(table.get(key, "").split()) or _of_area(core, table)
    if not zones and language:
        return Said(country=_countries_of(key), is_whole=True)
    likely = suggested(language_code)
    return Said(tuple(sorted(zones, key=lambda zone: zone not in likely)), is_whole=bool(language))


def _core(words: list[str]) -> list[str]:
    """Returns the words without those around the name of the clock."""
    start, end = 0, len(words)
    while start < end and (words[start] in OF_TIME or words[start] in AROUND):
        start += 1
    while start < end and (words[end - 1] in OF_TIME or words[end - 1] in AROUND):
        end -= 1
    return words[start:end]


def _is_clock_alone(text: str, key: str, words: list[str]) -> bool:
    """Whether a name of a clock is meant without "time": all that was typed, or in capitals: "I'm on PST"."""
    is_all = words == key.split()
    is_in_capitals = key.upper() in _CAPITALS.findall(text)
    return key in CLOCKS and (is_in_capitals or (is_all and key not in WORDS))


def _of_area(core: list[str], table: dict[str, str]) -> tuple[str, ...]:
    """Reads the name of a clock beside its country: "us eastern", "centro de mexico"."""
    for at in range(1, len(core)):
        for name, area in ((core[:at], core[at:]), (core[at:], core[:at])):
            codes = _codes(_bare(area))
            zones = tuple(zone for zone in table.get(" ".join(_bare(name)), "").split() if country(zone) in codes)
            if zones:
                return zones
    return ()


def _bare(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in JOINING:
        words = words[1:]
    while len(words) > 1 and words[-1] in JOINING:
        words = words[:-1]
    return words


def _codes(words: list[str]) -> set[str]:
    """Returns the codes of the countries that these words name."""
    name = " ".join(words)
    if name in NO_COUNTRY:
        return set()
    found = {entry.country for entry in named(name) if entry.kind == "k"}
    if name.upper() in countries():
        found.add(name.upper())
    return found | ({code} if (code := _countries_of(name)) else set())


def _countries_of(name: str) -> str:
    """Returns the code of the country whose clock is called so: "peruana"; empty if there is none."""
    typed = name.replace(" ", "_")
    return next((code for code, names in OF_COUNTRY.items() if typed in names.split()), "")
