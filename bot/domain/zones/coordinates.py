"""The time zone at a point on Earth, without asking anyone. Called through `zones`."""

from bot.domain.zones.table import known_zone, old_names


def zone_at(latitude: float, longitude: float) -> str | None:
    """Returns the zone at these coordinates (degrees), an IANA name; at sea one by its longitude.

    The outlines are read from the package when the first location comes (about 35 MB, 0.1 s), and stay.
    """
    from tzfpy import get_tz  # noqa: PLC0415 - as rarely needed as its outlines

    name = get_tz(longitude, latitude)
    name = old_names().get(name, name)
    return name if known_zone(name) else None
