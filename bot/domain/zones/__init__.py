"""Choosing a time zone: what a person types, a language, a list to browse -> IANA names. Called by `handlers` and
`conversations`.
"""

from bot.domain.zones.search import find
from bot.domain.zones.table import city, country, known_zone, places, regions, suggested

__all__ = ["city", "country", "find", "known_zone", "places", "regions", "suggested"]
