"""The types of the Bot API as strategies for Hypothesis, from the table beside this file. For `hostile_updates`."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

TABLE = Path(__file__).parent / "shapes_of_updates.txt"
DEEPEST = 4  # types within types; below that only what must be there
WIDEST = 5  # fields of a type that may be missing and are there
HIGHEST_INT32, HIGHEST_ID, HIGHEST_INT64 = 2**31 - 1, 2**52, 2**63 - 1

Json = object  # what JSON may hold
Draw = Callable[[st.SearchStrategy[object]], object]

SELDOM = 25  # one number of so many is one that Telegram never gives
WRONG_NUMBERS = st.one_of(
    st.sampled_from(
        [
            *(0, 1, -1, 7, 1087968824, 136817688, HIGHEST_INT32, HIGHEST_INT32 + 1, -HIGHEST_INT32 - 2),
            *(HIGHEST_ID, HIGHEST_ID + 1, -HIGHEST_ID, HIGHEST_INT64, HIGHEST_INT64 + 1, -HIGHEST_INT64 - 2, 10**30),
        ]
    ),
    st.integers(),
)
WRONG_DATES = st.one_of(
    st.integers(min_value=1_600_000_000, max_value=1_900_000_000),
    st.sampled_from(
        [0, -1, 1, HIGHEST_INT32, 2**32, 253_402_300_799, 253_402_300_800, HIGHEST_INT64, -(10**15), 10**30]
    ),
)
ODD_TEXTS = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff tail", "\u202e backwards", "\u200f\u200e", "\ufeff", "\n" * 50),
    *(
        "🫧" * 4096,
        "e\u0301" * 300,
        "x" * 4097,
        "/" * 64,
        "%s %d {0} {name}",
        "<b>&amp;",
        "'; DROP TABLE chats; --",
        "²",
    ),
)
TEXTS = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(max_size=12), st.text(st.characters(codec=None, categories=["Cs"]), max_size=2)
)
FLOATS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -91.0, 181.0, 1e308]))


def usually(usual: st.SearchStrategy[object], wrong: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Returns what is mostly usual, and wrong once in a while: an update with nothing but wrong parts says little."""
    return st.integers(1, SELDOM).flatmap(lambda chance: wrong if chance == SELDOM else usual)


BOOLEANS, LENGTHS = st.booleans(), st.integers(0, 2)
NUMBERS = usually(st.integers(min_value=1, max_value=10_000), WRONG_NUMBERS)
DATES = usually(st.integers(min_value=1_600_000_000, max_value=1_900_000_000), WRONG_DATES)


@cache
def one_of(values: tuple[object, ...]) -> st.SearchStrategy[object]:
    """Returns the strategy for these values, made once: making one takes longer than drawing from it."""
    return st.sampled_from(values)


class Field(NamedTuple):
    """A field of a type: its name, the names of the types that it may have, and whether it must be there."""

    name: str
    types: tuple[str, ...]
    is_needed: bool


class Type(NamedTuple):
    """A type: its fields, or the types of which it is one."""

    fields: tuple[Field, ...]
    kinds: tuple[str, ...]


@cache
def types() -> dict[str, Type]:
    """Returns the table by name."""
    text = TABLE.read_text(encoding="utf-8")
    lines = re.sub(r"\n  ", " ", text).splitlines()
    return dict(_read(line) for line in lines if not line.startswith("#"))


def _read(line: str) -> tuple[str, Type]:
    name, sign, rest = re.fullmatch(r"(\w+) ?([:=])(.*)", line).groups()  # type: ignore[union-attr]  # the table is ours
    if sign == "=":
        return name, Type((), tuple(rest.split(" | ")))
    fields = (field.split(":", 1) for field in rest.split())
    return name, Type(
        tuple(Field(field.rstrip("?"), tuple(kinds.split("|")), not field.endswith("?")) for field, kinds in fields), ()
    )


def draw_value(draw: Draw, name: str, depth: int = 0, *, field: str = "") -> Json:
    """Draws a value of the type `name`, in a field with this name, which tells a date and the number of a message."""
    match name:
        case "int":
            return draw(DATES if field.endswith("date") else NUMBERS)
        case "str":
            return draw(TEXTS)
        case "bool":
            return draw(BOOLEANS)
        case "true":
            return True
        case "float":
            return draw(FLOATS)
    if name.startswith("="):
        return name[1:]
    if name.startswith("*"):
        longest = 0 if depth > DEEPEST else int(str(draw(LENGTHS)))
        return [draw_value(draw, name[1:], depth + 1) for _ in range(longest)]
    return draw_object(draw, name, depth)


def draw_object(draw: Draw, name: str, depth: int = 0) -> Json:
    """Draws an object of a type, with some of the fields that may be missing."""
    shape = types().get(name)
    if shape is None:
        return {}
    if shape.kinds:
        return draw_value(draw, str(draw(one_of(shape.kinds))), depth)
    chosen: set[object] = set()
    if depth <= DEEPEST:
        picked = draw(_loose_fields(name, WIDEST if depth < 2 else 1))
        chosen = set(picked) if isinstance(picked, list) else set()
    fields = [field for field in shape.fields if field.is_needed or field in chosen]
    return {field.name: _draw_field(draw, field, depth) for field in fields}


def _draw_field(draw: Draw, field: Field, depth: int) -> Json:
    kind = field.types[0] if len(field.types) == 1 else str(draw(one_of(field.types)))
    return draw_value(draw, kind, depth + 1, field=field.name)


@cache
def _loose_fields(name: str, widest: int) -> st.SearchStrategy[list[Field]]:
    """Some of the fields of a type that may be missing."""
    loose = [field for field in types()[name].fields if not field.is_needed]
    return st.lists(st.sampled_from(loose), max_size=widest) if loose else st.just([])
