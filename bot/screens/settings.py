"""/settings: the card with all settings, and the question about quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.domain import zones
from bot.screens.callback_data import (
    LANGUAGE_ASK,
    LIST,
    OWN_WORDS,
    SETTINGS,
    SETTINGS_QUIET,
    SETTINGS_ZONE,
    THEMES_SHOW,
)
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import language_name, time_text
from bot.screens.zones import BACK

QUIET_HOURS = ((time(21), time(7)), (time(22), time(7)), (time(22), time(8)), (time(23), time(9)))
NO_QUIET_HOURS = "none"
TWELVE, EVENING = 12, time(20)  # hours of a clock; the time that shows it
AS_TYPED = "="  # before hours that were asked back and are meant as they stand


def settings_card(
    interface: Interface,
    now: datetime,
    *,
    zone: str | None,
    quiet: tuple[time, time] | None,
    is_silent: bool,
    shows_pictures: bool,
    language: str,
    clock: int,
    practice: str | None = None,
    is_private: bool = True,
) -> OutgoingMessage:
    """The settings as they are, and a button to change each. `practice` names the practice whose texts were chosen."""
    labels, times = interface.settings, interface.times
    zone_line = labels.zone_unset
    if zone:
        zone_line = labels.zone.format(
            city=zones.city(zone, times.locale), time=time_text(times, now.astimezone(ZoneInfo(zone)))
        )
    lines = (
        zone_line,
        _hours(interface, quiet),
        labels.silent if is_silent else labels.sound,
        labels.pictures if shows_pictures else labels.words,
        labels.language.format(language=language_name(language)),
        (labels.clock_12 if clock == TWELVE else labels.clock_24).format(time=time_text(times, EVENING)),
        *([labels.practice.format(practice=practice)] if practice else []),
    )
    text = "\n".join(lines)
    sound = (
        Button(labels.be_audible, SETTINGS.build("silent", 0))
        if is_silent
        else Button(labels.be_silent, SETTINGS.build("silent", 1))
    )
    look = (
        Button(labels.be_words, SETTINGS.build("pictures", 0))
        if shows_pictures
        else Button(labels.be_pictures, SETTINGS.build("pictures", 1))
    )
    other = (
        Button(labels.be_24, SETTINGS.build("clock", 24))
        if clock == TWELVE
        else Button(labels.be_12, SETTINGS.build("clock", TWELVE))
    )
    rows = (
        (Button(labels.change_zone, SETTINGS_ZONE), Button(labels.change_quiet, SETTINGS_QUIET)),
        (sound, look),
        (Button(labels.change_themes, THEMES_SHOW), Button(labels.change_language, LANGUAGE_ASK)),
        (other,),
        *([(Button(labels.take_words_back, OWN_WORDS),)] if practice else []),
        *([(Button(interface.together.share, LIST),)] if is_private else []),
    )
    return OutgoingMessage(f"{labels.title}\n\n{text}", rows)


def _hours(interface: Interface, quiet: tuple[time, time] | None) -> str:
    if quiet is None:
        return interface.settings.quiet_none
    start, end = (time_text(interface.times, at) for at in quiet)
    return interface.settings.quiet.format(start=start, end=end)


def long_quiet_question(interface: Interface, prefix: str, hours: tuple[time, time]) -> OutgoingMessage:
    """Asks whether quiet hours of more than half a day are meant, or those that begin in the other half of it."""
    labels, (start, end) = interface.settings, hours
    later = time((start.hour + 12) % 24, start.minute)
    rows = tuple(
        (
            Button(
                labels.hours.format(start=time_text(interface.times, first), end=time_text(interface.times, end)),
                f"{prefix}{AS_TYPED}{first:%H:%M}-{end:%H:%M}",
            ),
        )
        for first in (later, start)
        if first != end
    )
    return OutgoingMessage(labels.question_long_quiet, (*rows, (Button(labels.back, f"{prefix}{BACK}"),)))


def quiet_question(interface: Interface, prefix: str, *, is_problem: bool = False) -> OutgoingMessage:
    """Asks for quiet hours; `prefix` begins each button's data.

    `is_problem` means that the last answer could not be read.
    """
    labels = interface.settings
    hours = [
        Button(
            labels.hours.format(start=time_text(interface.times, start), end=time_text(interface.times, end)),
            f"{prefix}{start:%H:%M}-{end:%H:%M}",
        )
        for start, end in QUIET_HOURS
    ]
    none = Button(labels.no_quiet, f"{prefix}{NO_QUIET_HOURS}")
    back = Button(labels.back, f"{prefix}{BACK}")
    return OutgoingMessage(
        labels.not_hours if is_problem else labels.question_quiet, (*in_rows(hours, 2), (none,), (back,))
    )
