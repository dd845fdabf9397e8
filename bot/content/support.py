"""The models of the support card: its texts, and helplines with their sources. Called by `load`."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.content.crisis import DANGERS, Danger
from bot.content.texts import Label, Text, Texts, entries, holds

SpokenLanguage = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
WebAddress = Annotated[str, Field(pattern=r"^https://[^\s]+$")]


class SupportButtons(Texts):
    """The buttons of the support card."""

    other_country: Label
    back: Label
    copy_company: Label
    ground: Label
    keep: Label
    change: Label
    remove: Label
    cancel: Label
    remove_yes: Label
    remove_no: Label
    okay: Label


class PlanTexts(Texts):
    """The texts around a safety plan: a person's own contacts and what helps them."""

    heading: Text
    cannot_open: Text
    question: Annotated[str, holds("limit")]
    change_question: Annotated[str, holds("limit")]
    too_long: Annotated[str, holds("limit", "length")]
    saved: Text
    cannot_keep: Text
    remove_question: Text
    removed: Text


class SupportCardTexts(Texts):
    """The texts of the support card. `heard` is its first line when typed words opened it, by what is in danger."""

    heard: dict[Danger, Annotated[str, holds("number", limit=300)]]
    number_unknown: Text
    opening: Text
    people: Text
    lines: Annotated[str, holds("country")]
    elsewhere: Annotated[str, holds("url")]
    emergency: Annotated[str, holds("number")]
    emergency_unknown: Text
    grounding: Text
    automated: Text
    company: Annotated[str, holds(limit=256)]
    closing: Text
    country_question: Text
    line: Annotated[str, holds("name", "ways", "hours", "languages")]
    by_phone: Annotated[str, holds("number")]
    by_text: Annotated[str, holds("number")]
    by_chat: Annotated[str, holds("url")]
    plan: PlanTexts
    buttons: SupportButtons

    @model_validator(mode="after")
    def _every_danger_is_heard(self) -> Self:
        if missing := [name for name in DANGERS if name not in self.heard]:
            raise ValueError(f"heard has no {missing[0]}; write the card's first line for it")
        return self


class Helpline(Texts):
    """A helpline of a country; `checked_on` is when its data were compared with `checked_against`."""

    country: CountryCode
    name: Annotated[str, Field(min_length=1)]
    phone: str | None = None
    text: str | None = None
    chat: WebAddress | None = None
    hours: Annotated[str, Field(min_length=1)]
    languages: Annotated[tuple[str, ...], entries(1)]
    web: WebAddress
    checked_on: date
    checked_against: WebAddress

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.phone or self.text):
            raise ValueError("has neither phone nor text; give the number")
        return self


class Country(Texts):
    """A country and its emergency number."""

    name: Annotated[str, Field(min_length=1)]
    emergency: Annotated[str, Field(min_length=1)]


class Support(Texts):
    """All of support.yaml."""

    card: SupportCardTexts
    elsewhere_url: WebAddress
    helplines: tuple[Helpline, ...]
    countries: dict[CountryCode, Country]
    languages: dict[SpokenLanguage, CountryCode]  # the country in which most of its speakers live

    @model_validator(mode="after")
    def _countries_are_known(self) -> Self:
        for line in self.helplines:
            if line.country not in self.countries:
                raise ValueError(f"the helpline {line.name} is of {line.country}, which is not under countries; add it")
        for language, country in self.languages.items():
            if country not in self.countries:
                raise ValueError(f"the language {language} leads to {country}, which is not under countries; add it")
        return self

    def lines_of(self, country: str) -> tuple[Helpline, ...]:
        """Returns the helplines of a country (ISO 3166 code)."""
        return tuple(line for line in self.helplines if line.country == country)
