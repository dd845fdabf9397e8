"""What every part of the catalogue is made of: frozen models of texts, and the placeholders a text may hold."""

import string
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict


class Words(BaseModel):
    """A frozen piece of the catalogue; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def holds(*placeholders: str, limit: int = 4096) -> AfterValidator:
    """A text of 1 to `limit` characters that may hold these {placeholders} and no others."""

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


Counted = dict[Form, str]  # a text in each of them


def counted(*placeholders: str, limit: int = 4096) -> AfterValidator:
    """A text in the plural forms of its language, by CLDR's names; `other` is for all that are not written."""
    each = holds(*placeholders, limit=limit)

    def check(value: dict[Form, str]) -> dict[Form, str]:
        if "other" not in value:
            raise ValueError("has no form `other`; write `one: ...` and `other: ...`")
        for text in value.values():
            each.func(text)  # type: ignore[call-arg]  # pydantic allows for a second argument, which ours has not
        return value

    return AfterValidator(check)


def entries(least: int, most: int | None = None) -> AfterValidator:
    """A list of so many. Counted after its entries were read, so that a wrong one is not also "too few"."""

    def check(value: tuple[object, ...]) -> tuple[object, ...]:
        if len(value) < least:
            raise ValueError(f"has {len(value)} entries, and at least {least} belong here; add what is missing")
        if most is not None and len(value) > most:
            raise ValueError(f"has {len(value)} entries, and at most {most} belong here; take some out")
        return value

    return AfterValidator(check)


# A message: Telegram takes 4096 characters, and what fills the placeholders needs room too.
Text = Annotated[str, holds(limit=3500)]
# A button: longer ones are cut off on a phone's width.
Label = Annotated[str, holds(limit=40)]
# A small note that fades by itself; Telegram takes 200 characters.
Toast = Annotated[str, holds(limit=200)]
