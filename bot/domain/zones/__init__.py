"""Finds time zones (IANA names) by typed text, by language, or by browsing. Called by `handlers` and `screens`."""

from bot.domain.zones.clocks import fixed_zone, offsets_now, zones_at
from bot.domain.zones.coordinates import zone_at
from bot.domain.zones.gazetteer import state_name
from bot.domain.zones.ranking import Found, Place, country_name
from bot.domain.zones.search import search
from bot.domain.zones.table import city, country, known_zone, places, regions, suggested

__all__ = [
    "Found",
    "Place",
    "city",
    "country",
    "country_name",
    "fixed_zone",
    "known_zone",
    "offsets_now",
    "places",
    "regions",
    "search",
    "state_name",
    "suggested",
    "zone_at",
    "zones_at",
]
