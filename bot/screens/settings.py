"""/settings: the card with all settings, and the question about quiet hours. Other subjects add their parts to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.content.interface import Interface
from bot.content.settings_texts import SettingsTexts
from bot.domain import zones
from bot.screens.callback_data import (
    LIST,
    OWN_WORDS,
    PRIVACY_WHOLE,
    REMINDER_LIST,
    SETTINGS,
    SETTINGS_QUIET,
    SETTINGS_SHOW,
    SETTINGS_STORED,
    SETTINGS_ZONE,
    THEMES_HERE,
)
from bot.screens.outgoing import Button, OutgoingMessage, in_rows
from bot.screens.times import count_text, language_name, time_text
from bot.screens.zones import BACK

QUIET_HOURS = ((time(21), time(7)), (time(22), time(7)), (time(22), time(8)), (time(23), time(9)))
NO_QUIET_HOURS = "none"
TWELVE, EVENING = 12, time(20)  # hours of a clock; the time that shows it
AS_TYPED = "="  # before hours that were asked back and are meant as they stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The settings of a chat, as the card shows them. `practice` names the practice whose texts were chosen."""

    zone: str | None
    quiet: tuple[time, time] | None
    is_silent: bool
    shows_pictures: bool
    language: str
    languages: tuple[str, ...]
    clock: int
    themes_off: int
    practice: str | None = None
    is_private: bool = True
    is_asked: bool = True


# What another subject adds to the card: a line, if it has something to say, and a button, if it has a page.
Part = tuple[str, Button | None]


def settings_card(interface: Interface, now: datetime, shown: Shown, parts: Sequence[Part] = ()) -> OutgoingMessage:
    """The settings as they are, and a button for each choice, the present one marked. `parts` are of other subjects."""
    labels = interface.settings
    lines = (*_lines(interface, now, shown), *(line for line, _ in parts if line))
    others = [button for _, button in parts if button]
    if shown.is_private:
        others.append(Button(labels.stored, SETTINGS_STORED))
    asked = _marked(labels.chosen, labels.ask_after_silence, SETTINGS.build("asked", 0), is_present=shown.is_asked)
    rows = (
        *in_rows(
            [
                _marked(
                    labels.chosen, language_name(code), SETTINGS.build("speak", code), is_present=code == shown.language
                )
                for code in shown.languages
            ],
            2,
        ),
        _two(labels, "clock", {24: labels.be_24, TWELVE: labels.be_12}, shown.clock),
        (Button(labels.change_zone, SETTINGS_ZONE), Button(labels.change_quiet, SETTINGS_QUIET)),
        _two(labels, "pictures", {0: labels.be_words, 1: labels.be_pictures}, int(shown.shows_pictures)),
        _two(labels, "silent", {0: labels.be_audible, 1: labels.be_silent}, int(shown.is_silent)),
        (Button(labels.change_themes, THEMES_HERE), Button(labels.reminders, REMINDER_LIST)),
        *in_rows(others, 2),
        *(
            [(asked if shown.is_asked else replace(asked, data=SETTINGS.build("asked", 1)),)]
            if shown.is_private
            else []
        ),
        *([(Button(labels.take_words_back, OWN_WORDS),)] if shown.practice else []),
        *([(Button(interface.together.share, LIST),)] if shown.is_private else []),
    )
    return OutgoingMessage("\n".join((f"{labels.title}\n", *lines)), rows)


def stored_page(interface: Interface) -> OutgoingMessage:
    """What is stored, in a few lines, and the ways to all of it and back."""
    rows = ((Button(interface.privacy.all, PRIVACY_WHOLE),), (Button(interface.settings.back, SETTINGS_SHOW),))
    return OutgoingMessage(interface.privacy.short, rows)


def _lines(interface: Interface, now: datetime, shown: Shown) -> Iterator[str]:
    labels, times = interface.settings, interface.times
    if shown.zone:
        city, local = zones.city(shown.zone, times.locale), now.astimezone(ZoneInfo(shown.zone))
        yield labels.zone.format(city=city, time=time_text(times, local))
    else:
        yield labels.zone_unset
    yield _hours(interface, shown.quiet)
    yield labels.silent if shown.is_silent else labels.sound
    yield labels.pictures if shown.shows_pictures else labels.words
    if shown.themes_off:
        yield count_text(times, labels.themes_off, shown.themes_off, count=shown.themes_off)
    else:
        yield labels.all_themes
    yield labels.language.format(language=language_name(shown.language))
    yield (labels.clock_12 if shown.clock == TWELVE else labels.clock_24).format(time=time_text(times, EVENING))
    if shown.practice:
        yield labels.practice.format(practice=shown.practice)


def _two(labels: SettingsTexts, name: str, values: Mapping[int, str], present: int) -> tuple[Button, ...]:
    """Both choices of a setting. The data holds the choice, so that a double tap changes nothing more."""
    return tuple(
        _marked(labels.chosen, label, SETTINGS.build(name, value), is_present=value == present)
        for value, label in values.items()
    )


def _marked(mark: str, label: str, data: str, *, is_present: bool) -> Button:
    return Button(mark.format(choice=label) if is_present else label, data)


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


def quiet_question(
    interface: Interface, prefix: str, present: tuple[time, time] | None, *, is_problem: bool = False
) -> OutgoingMessage:
    """Asks for quiet hours, with those that are `present` marked, and first if no button offers them.

    `prefix` begins each button's data.
    `is_problem` means that the last answer could not be read.
    """
    labels = interface.settings
    hours = [
        _marked(
            labels.chosen,
            labels.hours.format(start=time_text(interface.times, start), end=time_text(interface.times, end)),
            f"{prefix}{start:%H:%M}-{end:%H:%M}",
            is_present=(start, end) == present,
        )
        for start, end in (*(() if present in (None, *QUIET_HOURS) else (present,)), *QUIET_HOURS)
    ]
    none = _marked(labels.chosen, labels.no_quiet, f"{prefix}{NO_QUIET_HOURS}", is_present=present is None)
    back = Button(labels.back, f"{prefix}{BACK}")
    return OutgoingMessage(
        labels.not_hours if is_problem else labels.question_quiet, (*in_rows(hours, 2), (none,), (back,))
    )
