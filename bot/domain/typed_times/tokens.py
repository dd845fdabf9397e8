"""Cuts a text into words, numbers, written clock times and written dates. Pure. Called by `grammar` and `languages`."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from bot.domain.folding import fold

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DATED = (
    r"(?P<iso>[0-9]{4}(?P<sign>[-./])[0-9]{1,2}(?P=sign)[0-9]{1,2})(?:t(?=[0-9]))?"
    r"|(?P<dashed>[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2}))(?![0-9-])"
    r"|(?P<slashed>[0-9]{1,2}/[0-9]{1,2}(?:/(?:[0-9]{4}|[0-9]{2}))?)(?![0-9/])"
    r"|(?P<dotted>[0-9]{1,2}\. ?[0-9]{1,2}\.(?: ?[0-9]{4}(?![0-9])|[0-9]{2}(?![0-9.:h'])|(?! ?[0-9]{4})))"
)
_TOKEN = re.compile(
    rf"(?<![0-9])(?:{_DATED})"
    r"|(?P<clock>(?<![0-9])[0-9]{1,2}(?: ?[:h] ?|[.'])[0-9]{2}(?::00)?(?![0-9]))"
    r"|(?P<comma>(?<![0-9,])[0-9]{1,2},[0-9]{2}(?![0-9,]))"
    r"|(?P<number>[0-9]+)"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<sign_alone>[^\s])"
)
# Marks that say nothing about a time, at the end of a word or of a sentence.
_SILENT = frozenset('.!?¡¿()";…')
# Emoji, and the signs that change or join them.
_SILENT_CATEGORIES = frozenset({"So", "Sk", "Mn", "Me", "Cf"})

TokenKind = Literal["iso", "dashed", "slashed", "dotted", "clock", "comma", "number", "word", "sign"]
KINDS: tuple[TokenKind, ...] = ("iso", "dashed", "slashed", "dotted", "clock", "comma", "number", "word")


@dataclass(frozen=True, slots=True)
class Token:
    """A word is folded; a number may have leading zeros; a sign is one letter long."""

    kind: TokenKind
    text: str
    is_glued: bool = False  # a word right after digits, such as the th of 15th


def _is_silent(sign: str) -> bool:
    return sign in _SILENT or unicodedata.category(sign) in _SILENT_CATEGORIES


def tokenize(text: str) -> tuple[Token, ...]:
    """Returns the tokens of a text in lower case, without accents, with ASCII digits; silent marks are left out."""
    digits = "".join(str(unicodedata.decimal(letter, letter)) for letter in fold(text))
    plain = digits.translate(_DASHES)
    found: list[Token] = []
    for match in _TOKEN.finditer(plain):
        kind: TokenKind = next((name for name in KINDS if match[name]), "sign")
        said = match[0] if kind in ("sign", "clock") else match[kind]
        is_closing = said == ":" and plain[match.end() : match.end() + 1] in ("", " ") and found
        if kind == "sign" and (_is_silent(said) or (is_closing and found[-1].kind == "word")):
            continue
        is_glued = kind == "word" and plain[match.start() - 1 : match.start()].isdigit()
        found.append(Token(kind, said.replace(".", "") if kind == "word" else said, is_glued))
    return tuple(found)
