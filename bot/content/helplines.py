"""The model of messages/helplines.yaml: emergency numbers and helplines, the same for every language.

What is said around a number stands in support.yaml of each language. Called by `load` and `check`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.content.documents import Document, Finding, Place
from bot.content.texts import Texts, entries, form

SpokenLanguage = Annotated[str, form(r"^[a-z]{2,3}$", "the code of a language, such as en")]
CountryCode = Annotated[str, form(r"^[A-Z]{2}$", "the two letters of a country, such as GB")]
WebAddress = Annotated[str, form(r"^https://[^\s]+$", "an address that begins with https://")]
Number = Annotated[str, form(r"^[+*#0-9][0-9 ./-]*$", "a number, with digits and spaces alone")]
Hours = Annotated[
    str,
    form(
        r"^(always|varies|[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])$", "always, varies, or hours such as 09:00-17:30"
    ),
]
ALWAYS, VARIES = "always", "varies"
Need = Literal["distress", "violence", "poison"]


class LineInLanguage(Texts):
    """What is different about a helpline for readers of one language."""

    name: str | None = None
    phone: Number | None = None
    press: str | None = None
    area: str | None = None
    text: Number | None = None
    word: str | None = None
    whatsapp: Number | None = None
    chat: WebAddress | None = None


class Helpline(Texts):
    """A helpline; `checked_on` is when its number was compared with `checked_against`.

    `press` is the digit of the phone's menu, `word` the text to send. Hours are `always`, from and to, or `varies`.
    """

    name: Annotated[str, Field(min_length=1)]
    helps_with: Need = "distress"
    phone: Number | None = None
    press: Annotated[str, form(r"^[0-9]$", "one digit, in quotes")] | None = None
    from_mobile: bool = False
    area: str | None = None
    text: Number | None = None
    word: str | None = None
    calls_back: bool = False
    whatsapp: Number | None = None
    chat: WebAddress | None = None
    chat_hours: Hours | None = None
    hours: Hours
    languages: Annotated[tuple[SpokenLanguage, ...], entries(1)]
    other_languages: bool = False
    web: WebAddress
    checked_on: date | None = None
    checked_against: WebAddress | None = None
    unchecked: bool = False
    in_language: dict[SpokenLanguage, LineInLanguage] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.phone or self.text or self.whatsapp or self.chat):
            raise ValueError("has no phone, text, whatsapp or chat; give the number")
        if self.unchecked == bool(self.checked_on and self.checked_against):
            raise ValueError("was it checked? Write checked_on and checked_against; or else unchecked: true")
        return self

    def for_readers_of(self, language: str) -> "Helpline":
        """Returns the line as it is for readers of a language."""
        changes = self.in_language.get(language)
        return self.model_copy(update=changes.model_dump(exclude_none=True)) if changes else self


class Country(Texts):
    """The emergency number of a country, or those of the police and the ambulance; and its helplines, in order."""

    emergency: Number | None = None
    police: Number | None = None
    ambulance: Number | None = None
    lines: tuple[Helpline, ...] = ()

    @model_validator(mode="after")
    def _has_emergency_numbers(self) -> Self:
        if bool(self.emergency) == bool(self.police) or bool(self.police) != bool(self.ambulance):
            raise ValueError("has no emergency number; write emergency, or police and ambulance where they differ")
        return self


class Helplines(Texts):
    """All of helplines.yaml. `anywhere` and `in_the_americas` are the numbers for an unknown country."""

    elsewhere: WebAddress
    show_unchecked: bool
    anywhere: Number
    in_the_americas: Number
    emergency_checked_on: date
    emergency_checked_against: Annotated[tuple[WebAddress, ...], entries(1)]
    countries: dict[CountryCode, Country]
    languages: dict[SpokenLanguage, CountryCode]  # the country in which most of its speakers live

    @model_validator(mode="after")
    def _countries_are_known(self) -> Self:
        for language, country in self.languages.items():
            if country not in self.countries:
                raise ValueError(f"the language {language} leads to {country}, which is not under countries; add it")
        return self

    @property
    def lines(self) -> tuple[Helpline, ...]:
        """All helplines, the unchecked ones among them."""
        return tuple(line for country in self.countries.values() for line in country.lines)

    def shown(self, country: str) -> tuple[Helpline, ...]:
        """Returns the helplines of a country (ISO 3166 code) that may be shown."""
        known = self.countries.get(country)
        lines = known.lines if known else ()
        return tuple(line for line in lines if self.show_unchecked or not line.unchecked)


def dated_ahead(document: Document, helplines: Helplines, today: date) -> Iterator[Finding]:
    """Yields each day after `today` on which numbers are said to have been checked: a typing error, such as of a year.

    They are read all the same, so that a clock that is wrong keeps no bot from starting.
    """
    days: dict[Place, date] = {("emergency_checked_on",): helplines.emergency_checked_on}
    for code, country in helplines.countries.items():
        places = ((("countries", code, "lines", index, "checked_on"), line) for index, line in enumerate(country.lines))
        days |= {place: line.checked_on for place, line in places if line.checked_on}
    for place, day in days.items():
        if day > today:
            cure = "Write the day on which you compared the number, or set the clock of this machine"
            yield document.finding(place, f"is {day}, which is still to come", cure)
