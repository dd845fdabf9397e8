"""The base of all models of texts, and the types of texts with their placeholders and limits. Called by `content`."""

import string
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any, Generic, Literal, TypeVar
from weakref import WeakValueDictionary

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# The sets of fields that are written somewhere, by their content.
_written: dict[frozenset[str], set[str]] = {}


# How what fits a pattern is written, in words, for whoever has written it otherwise.
FORMS: dict[str, str] = {}


ID, ID_IN_WORDS = r"^[a-z0-9]+(-[a-z0-9]+)*$", "small letters and digits, with hyphens between, such as be-still"


def form(pattern: str, in_words: str, *, max_length: int | None = None) -> Any:  # Any: as pydantic types a Field
    """Returns a field of this form. `in_words` goes on after "write"."""
    FORMS[pattern] = in_words
    return Field(pattern=pattern, max_length=max_length)


class Texts(BaseModel):
    """Base of the catalogue's models: frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def model_post_init(self, context: object, /) -> None:
        """Shares the set in which pydantic notes which fields were written: 3,400 models have 145 different ones."""
        written = self.__pydantic_fields_set__
        object.__setattr__(self, "__pydantic_fields_set__", _written.setdefault(frozenset(written), written))


Made = TypeVar("Made")


class InUse(Generic[Made]):
    """What was made of texts, as long as anyone uses it: equal texts, such as two practices have, share it."""

    def __init__(self) -> None:
        self._made: WeakValueDictionary[bytes, Made] = WeakValueDictionary()

    def made_of(self, texts: Texts, make: Callable[[], Made]) -> Made:
        """Returns what is in use for these texts; else makes it."""
        key = sha256(texts.model_dump_json().encode()).digest()
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make()
        return made


def holds(*placeholders: str, limit: int = 4096) -> AfterValidator:
    """Returns a validator for a text of 1 to `limit` characters that holds no other {placeholders} than these.

    The validator raises ValueError with the problem and the cure.
    """

    def check(value: str) -> str:
        if not value:
            raise ValueError("is empty; write the text")
        if len(value) > limit:
            raise ValueError(f"is {len(value)} characters long; {limit} fit here")
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        except ValueError:
            raise ValueError("has a single { or }; write {{ or }} for the character itself") from None
        if unknown := sorted(used - set(placeholders)):
            known = ", ".join(f"{{{name}}}" for name in placeholders) or "none"
            raise ValueError(f"has a placeholder {{{unknown[0]}}} that nothing fills; known here: {known}")
        return value

    return AfterValidator(check)


Form = Literal["zero", "one", "two", "few", "many", "other"]  # CLDR's plural forms


Counted = dict[Form, str]  # a text in each plural form


def counted(*placeholders: str, limit: int = 4096) -> AfterValidator:
    """Returns a validator for a text in CLDR's plural forms; `other` stands for all forms that are not written."""
    one_form = holds(*placeholders, limit=limit)

    def check(value: dict[Form, str]) -> dict[Form, str]:
        if "other" not in value:
            raise ValueError("has no form `other`; write `one: ...` and `other: ...`")
        for text in value.values():
            one_form.func(text)  # type: ignore[call-arg]  # pydantic allows a second argument, which ours does not have
        return value

    return AfterValidator(check)


def entries(least: int, most: int | None = None) -> AfterValidator:
    """Returns a validator for the length of a list. It runs after the entries were read: wrong ones count, too."""

    def check(value: tuple[object, ...]) -> tuple[object, ...]:
        if len(value) < least:
            raise ValueError(f"has {len(value)} entries, and at least {least} belong here; add what is missing")
        if most is not None and len(value) > most:
            raise ValueError(f"has {len(value)} entries, and at most {most} belong here; take some out")
        return value

    return AfterValidator(check)


# A message: Telegram takes 4096 characters, and the values of placeholders need room.
Text = Annotated[str, holds(limit=3500)]
# A button: phones cut longer labels off.
Label = Annotated[str, holds(limit=40)]
# An answer to a tap (answerCallbackQuery), which takes 200 characters.
Toast = Annotated[str, holds(limit=200)]


class WholeMessages(Texts):
    """Messages that mean the same; each is a whole one."""

    typed: Annotated[tuple[str, ...], entries(1)]
