"""The texts of the support card, and the card's own view of the helplines. Called by `load`."""

from functools import cached_property
from typing import Annotated, NoReturn, Self

from babel import Locale
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from bot.content.crisis import DANGERS, Danger
from bot.content.helplines import Country, CountryCode, Helpline, Helplines
from bot.content.texts import Label, Text, Texts, Toast, entries, holds
from bot.domain.folding import fold
from bot.domain.safety_plan import PARTS
from bot.domain.slips import is_slip

LONG_NAME = 5  # letters; in a shorter one a wrong letter makes another country, or another word


class SupportButtons(Texts):
    """The buttons of the support card."""

    choose_country: Label
    somewhere_else: Label
    back: Label
    copy_company: Label
    copy_danger: Label
    ground: Label
    panic: Label
    more: Label
    plan: Label
    make_plan: Label
    step_by_step: Label
    skip: Label
    leave: Label
    empty: Label
    stop: Label
    copy_or_send: Label
    remove: Label
    remove_yes: Label
    remove_no: Label
    close: Label


class PlanPartTexts(Texts):
    """One part of a safety plan: its name before what was written, its button, and the question that asks for it."""

    name: Annotated[str, holds(limit=60)]
    button: Label
    question: Annotated[str, holds(limit=500)]


class PlanTexts(Texts):
    """The texts around a safety plan, and those of its parts."""

    heading: Annotated[str, holds(limit=60)]
    about: Text
    privacy: Text
    note: Text
    cannot_open: Annotated[str, holds(limit=200)]
    cannot_change: Text
    cannot_keep: Text
    step: Annotated[str, holds("number", "count", "name")]
    now: Text
    parts: dict[str, PlanPartTexts]
    too_long: Annotated[str, holds("limit", "length")]
    kept: Text
    left_out: Text
    emptied: Text
    finished: Text
    heard: Text
    copies: Toast
    remove_question: Text
    removed: Text
    not_removed: Text

    @model_validator(mode="after")
    def _every_part_is_there(self) -> Self:
        if set(self.parts) != set(PARTS):
            raise ValueError(f"parts are {', '.join(self.parts)}; write exactly these: {', '.join(PARTS)}")
        return self


class LineTexts(Texts):
    """How a helpline is said: its ways, and what is worth knowing before one calls."""

    short: Annotated[str, holds("name", "ways")]
    whole: Annotated[str, holds("name", "ways", "hours", "languages", "web")]
    by_phone: Annotated[str, holds("number")]
    by_text: Annotated[str, holds("number")]
    by_word: Annotated[str, holds("word", "number")]
    by_whatsapp: Annotated[str, holds("number")]
    by_chat: Annotated[str, holds("url")]
    press: Annotated[str, holds("number", "digit")]
    noted: Annotated[str, holds("words", "note")]
    from_mobile: Text
    area: Annotated[str, holds("area")]
    calls_back: Text
    violence: Text
    poison: Text
    always: Text
    varies: Text
    daily: Annotated[str, holds("start", "end")]
    other_languages: Text


class SupportCardTexts(Texts):
    """The texts of the support card. `heard` is its first line when typed words opened it, by what is in danger."""

    heard: dict[Danger, Annotated[str, holds("number", limit=300)]]
    opening: Text
    people: Text
    emergency: Annotated[str, holds("country", "number")]
    emergency_unknown: Annotated[str, holds("anywhere", "americas")]
    police_and_ambulance: Annotated[str, holds("police", "ambulance")]
    number_unknown: Annotated[str, holds("anywhere", "americas")]
    in_countries: Annotated[str, holds("countries", "number")]
    more_lines: Annotated[str, holds("url")]
    elsewhere: Annotated[str, holds("url")]
    line: LineTexts
    details: Text
    grounding: Text
    automated: Text
    company: Annotated[str, holds(limit=256)]
    danger: Annotated[str, holds(limit=256)]
    closed_by: Annotated[tuple[str, ...], entries(1)]  # whole messages that close the card
    closing: Text
    country_question: Text
    plan: PlanTexts
    buttons: SupportButtons

    @model_validator(mode="after")
    def _every_danger_is_heard(self) -> Self:
        if missing := [name for name in DANGERS if name not in self.heard]:
            raise ValueError(f"heard has no {missing[0]}; write the card's first line for it")
        return self


def _moved(value: object) -> NoReturn:
    raise ValueError(
        "stands in helplines.yaml now, beside the folders of the languages; move it there, as docs/words.md shows"
    )


Moved = Annotated[None, BeforeValidator(_moved)]


class SupportTexts(Texts):
    """All of support.yaml. `first_countries` are offered first, and stand on the card while the country is unknown.

    `country_names` replaces names that CLDR says in another way; `also_called` are other names that people type.
    """

    card: SupportCardTexts
    first_countries: Annotated[tuple[CountryCode, ...], entries(1)]
    country_names: dict[CountryCode, str]
    also_called: dict[CountryCode, tuple[str, ...]]
    # Where older files had them; an own file that still does is told where they went.
    helplines: Moved = None
    countries: Moved = None
    languages: Moved = None
    elsewhere_url: Moved = None


class Support(BaseModel):
    """The support card in one language: its texts, and the helplines as its readers need them."""

    model_config = ConfigDict(frozen=True)

    texts: SupportTexts
    helplines: Helplines
    language: str

    @property
    def card(self) -> SupportCardTexts:
        """The texts of the card."""
        return self.texts.card

    @property
    def countries(self) -> dict[str, Country]:
        """The countries with their emergency numbers, by ISO 3166 code."""
        return self.helplines.countries

    def lines_of(self, country: str) -> tuple[Helpline, ...]:
        """Returns the helplines of a country that may be shown, as they are for readers of this language."""
        return tuple(line.for_readers_of(self.language) for line in self.helplines.shown(country))

    def name_of(self, country: str) -> str:
        """Returns the name of a country in this language."""
        return self.texts.country_names.get(country) or str(self._locale.territories.get(country, country))

    def find_country(self, typed: str, *, is_exact: bool = False) -> str | None:
        """Returns the country whose name was typed in this language; else one letter of a longer name may be wrong."""
        said = _letters(typed)
        if is_exact or said in self._names:
            return self._names.get(said)
        slips = {code for name, code in self._names.items() if len(name) >= LONG_NAME and is_slip(said, name)}
        return slips.pop() if len(slips) == 1 else None

    @cached_property
    def _names(self) -> dict[str, str]:
        """The code of each country by its names, as they are compared."""
        named = {_letters(str(self._locale.territories.get(code, code))): code for code in self.countries}
        named |= {_letters(self.name_of(code)): code for code in self.countries}
        others = ((name, code) for code, names in self.texts.also_called.items() for name in names)
        return named | {_letters(name): code for name, code in others if code in self.countries}

    def language_name(self, language: str) -> str:
        """Returns the name of a language in this one."""
        return str(self._locale.languages.get(language, language))

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())
