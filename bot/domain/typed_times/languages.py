"""Loads the words and frames of a language from languages/<code>.yaml when first needed. Called by `reading`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.typed_times.dates import Holiday, Month, Unit, UnitName
from bot.domain.typed_times.grammar import Grammar, Meaning, Production, Slot, TemplateError, by_first_word, expand
from bot.domain.typed_times.meanings import MEANINGS, READERS, SLOTS, always
from bot.domain.typed_times.numbers import Amount, Number, Ordinal
from bot.domain.typed_times.weekdays import Letter, Weekday

FOLDER = "languages"
TENS, ONES = range(20, 60, 10), range(1, 10)
Templates = list[str]
Seven = Annotated[list[Templates], Field(min_length=7, max_length=7)]
Twelve = Annotated[list[Templates], Field(min_length=12, max_length=12)]


class LanguageFileError(ValueError):
    """A language file that cannot be used: says which file, which key, and what to write instead."""


class LanguageFile(BaseModel):
    """One language: names, which are lists of words, and frames, which say how they are put together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: dict[Annotated[int, Field(ge=0, le=59)], Templates]
    amounts: dict[Annotated[int, Field(ge=1)], Templates] = {}
    ordinals: dict[Annotated[int, Field(ge=-1, le=31)], Templates] = {}  # the last is -1
    weekdays: Seven  # from Monday
    letters: Seven | None = None  # such as the m of Monday; a letter may stand for several days
    months: Twelve
    units: dict[UnitName, Templates] = {}
    holidays: dict[Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")], Templates] = {}  # month and day
    also_misspelt: list[str] = []  # words that one wrong letter does not hide, as it does not the days and months
    joined_by_and: Templates = []
    joined_by_or: Templates = []
    corrections: Templates = []  # what takes back the words before it
    spellings: dict[str, str] = {}  # other spellings of single words
    fillers: Templates = []  # words that change nothing
    phrases: dict[Annotated[str, Field(pattern="^[a-z_]+$")], Templates] = {}  # of many ways, to be used in frames
    frames: dict[str, dict[str, Templates]] = {}  # symbol -> meaning -> templates


@dataclass(frozen=True, slots=True)
class Language:
    """A language, ready to read."""

    grammar: Grammar
    words: frozenset[str]
    misspelt: tuple[str, ...]  # words that may be recognised with one wrong letter
    spellings: Mapping[str, str]


def has_language(code: str) -> bool:
    """Whether there is a file for this language."""
    return code.isalpha() and files(__package__).joinpath(FOLDER, f"{code}.yaml").is_file()


@lru_cache
def language_of(code: str) -> Language:
    """Returns a language of this package. Raises LanguageFileError."""
    return load_language(Path(str(files(__package__).joinpath(FOLDER, f"{code}.yaml"))))


def load_language(file: Path) -> Language:
    """Returns the language of a file. Raises LanguageFileError, which names file, key and cure."""
    try:
        root = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        said = LanguageFile.model_validate(root)
    except yaml.YAMLError as error:
        raise LanguageFileError(f"{file.name}: this is no YAML: {error}") from error
    except ValidationError as error:
        raise LanguageFileError("\n".join(_problems(file, error))) from error
    productions: dict[str, list[Production]] = defaultdict(list)
    slots = SLOTS | said.phrases.keys()
    for key, symbol, templates, meaning in chain(_names(said), _phrases(file, said), _frames(file, said)):
        for template in templates:
            productions[symbol].extend(_productions(file, key, template, meaning, slots))
    words = {part for made in productions.values() for one in made for part in one.parts if isinstance(part, str)}
    names = [*chain(*said.weekdays), *(name for name in chain(*said.months) if len(name) >= 6), *said.also_misspelt]
    table = {symbol: by_first_word(made) for symbol, made in productions.items()}
    misspelt = tuple(name for name in names if len(name) >= 5)
    return Language(Grammar(table, READERS), frozenset(words), misspelt, said.spellings)


def _problems(file: Path, error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        key = ".".join(str(step) for step in problem["loc"])
        cure = "take it out, or correct its name" if problem["type"] == "extra_forbidden" else problem["msg"]
        yield f"{file.name}: {key}: {cure}"


Filled = tuple[str, str, Sequence[str], Meaning]  # key, symbol, templates, meaning


def _names(said: LanguageFile) -> Iterator[Filled]:
    for number, names in said.numbers.items():
        symbols = ("number", "tens") if number in TENS else ("number", "ones") if number in ONES else ("number",)
        for symbol in symbols:
            yield f"numbers.{number}", symbol, names, always(Number(number))
    for number, names in said.amounts.items():
        yield f"amounts.{number}", "amount", names, always(Amount(number))
    for number, names in said.ordinals.items():
        yield f"ordinals.{number}", "ordinal", names, always(Ordinal(number))
    for index, names in enumerate(said.weekdays):
        yield f"weekdays.{index}", "weekday", names, always(Weekday(index))
    for number, names in enumerate(said.months, 1):
        yield f"months.{number - 1}", "month", names, always(Month(number))
    for unit, names in said.units.items():
        yield f"units.{unit}", "unit", names, always(Unit(unit))
    for day, names in said.holidays.items():
        yield f"holidays.{day}", "holiday", names, always(Holiday(*(int(part) for part in day.split("-"))))


def _phrases(file: Path, said: LanguageFile) -> Iterator[Filled]:
    yield from _letters(said.letters or [])
    yield "joined_by_and", "and", said.joined_by_and, always("and")
    yield "joined_by_or", "or", said.joined_by_or, always("or")
    yield "corrections", "correction", said.corrections, always("correction")
    for name, templates in said.phrases.items():
        if name in SLOTS:
            raise LanguageFileError(f"{file.name}: phrases.{name}: this name is taken; write another")
        yield f"phrases.{name}", name, templates, always(name)
    yield "fillers", "filler", said.fillers, MEANINGS["filler"]["words"]


def _letters(letters: Sequence[Sequence[str]]) -> Iterator[Filled]:
    for letter in dict.fromkeys(chain(*letters)):
        days = frozenset(index for index, said in enumerate(letters) if letter in said)
        yield "letters", "letter", [letter], always(Letter(days))


def _frames(file: Path, said: LanguageFile) -> Iterator[Filled]:
    for symbol, meanings in said.frames.items():
        if symbol not in MEANINGS:
            raise LanguageFileError(_unknown(file, f"frames.{symbol}", MEANINGS))
        for name, templates in meanings.items():
            if name not in MEANINGS[symbol]:
                raise LanguageFileError(_unknown(file, f"frames.{symbol}.{name}", MEANINGS[symbol]))
            yield f"frames.{symbol}.{name}", symbol, templates, MEANINGS[symbol][name]


def _unknown(file: Path, key: str, known: Mapping[str, object]) -> str:
    return f"{file.name}: {key}: there is no such name; write one of {', '.join(sorted(known))}"


def _productions(
    file: Path, key: str, template: str, meaning: Meaning, slots: AbstractSet[str]
) -> Iterator[Production]:
    try:
        ways = expand(template)
    except TemplateError as error:
        raise LanguageFileError(f"{file.name}: {key}: {error}") from error
    for parts in ways:
        if not parts:
            raise LanguageFileError(f"{file.name}: {key}: {template!r} may be empty; leave a word outside the brackets")
        for slot in (part.symbol for part in parts if isinstance(part, Slot)):
            if slot not in slots:
                raise LanguageFileError(f"{_unknown(file, key, dict.fromkeys(slots))}, not {{{slot}}}")
        yield Production(parts, meaning)
