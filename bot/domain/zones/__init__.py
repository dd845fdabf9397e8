"""Finds time zones (IANA names) by typed text, by language, or by browsing. Called by `handlers` and `screens`."""

from bot.domain.zones.search import find
from bot.domain.zones.table import city, country, known_zone, places, regions, suggested

__all__ = ["city", "country", "find", "known_zone", "places", "regions", "suggested"]
