"""The words in every language there is, and those of each practice that shares the bot. Made by `__main__`.

The preview puts new ones in their place while all goes on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from bot.content.documents import Finding
from bot.content.layers import Layers, languages
from bot.content.load import FILE_NAME, Catalogue, CatalogueError, load_catalogue
from bot.domain.affirmation_search import Entry, Index
from bot.domain.rotation import Choice

LONGEST_NAME = 32  # of a practice's folder: it has to fit into a button's data, with what stands beside it


class Library:
    """Catalogues by language; `default` is spoken where nobody has chosen and Telegram tells nothing.

    `practices` are the libraries of those who share the bot, by the names of their folders.
    """

    def __init__(
        self, catalogues: Mapping[str, Catalogue], default: str, practices: "Mapping[str, Library] | None" = None
    ) -> None:
        self.default = default
        self._catalogues = dict(catalogues)
        self._everyones = self
        self._take(practices or {})
        self._index: Index | None = None
        self._choices: dict[tuple[str, str], Choice] = {}
        self._listeners: list[Callable[[], None]] = []

    @property
    def languages(self) -> tuple[str, ...]:
        """The default one first."""
        return (self.default, *(each for each in self._catalogues if each != self.default))

    @property
    def practices(self) -> tuple[str, ...]:
        """The names of all, in whichever of their libraries it is asked."""
        return tuple(self._everyones._practices)

    def of_practice(self, words: str | None) -> "Library":
        """In whichever library it is asked; the bot's own words for None, and for a practice that is gone."""
        return self._everyones._practices.get(words or "", self._everyones)

    def of(self, language: str | None) -> Catalogue:
        """The catalogue of this language; the default's for one that is not here (any more)."""
        return self._catalogues.get(language or "") or self._catalogues[self.default]

    def fit(self, code: str | None) -> str | None:
        """The language of Telegram's or IETF's code, such as es-MX, if it is here."""
        name = (code or "").partition("-")[0].lower()
        return name if name in self._catalogues else None

    def choice(self, language: str | None, left_out: str) -> Choice:
        """What a chat chooses from; `left_out` names themes, with commas between. Remembered: every message asks."""
        key = (self.fit(language) or self.default, left_out)
        if key not in self._choices:
            affirmations, themes = self.of(key[0]).affirmations, frozenset(left_out.split(","))
            unwanted = (each.id for each in affirmations if not themes.isdisjoint(each.themes))
            self._choices[key] = Choice(self.of(key[0]).affirmation_ids, frozenset(unwanted))
        return self._choices[key]

    @property
    def index(self) -> Index:
        """All affirmations in every language, by their words and themes; a key is <language>:<id>."""
        if self._index is None:
            self._index = Index(
                Entry(
                    f"{language}:{each.id}",
                    each.text,
                    " ".join(catalogue.rules.themes.get(name, name) for name in each.themes),
                )
                for language, catalogue in self._catalogues.items()
                for each in catalogue.affirmations
            )
        return self._index

    def mentions_crisis(self, text: str) -> bool:
        """Whether a typed text says so plainly, in whichever language: in distress people fall back into their own."""
        return any(each.support.plain_words.match(text) for each in self._catalogues.values())

    def renew(self, other: "Library") -> None:
        """Take the words of another one from now on."""
        self.default, self._catalogues = other.default, other._catalogues
        self._take(other._practices)
        self._choices.clear()
        self._index = None
        for tell in self._listeners:
            tell()

    def when_renewed(self, tell: Callable[[], None]) -> None:
        """Whoever remembers words is told when there are others."""
        self._listeners.append(tell)

    def _take(self, practices: "Mapping[str, Library]") -> None:
        self._practices = dict(practices)
        for each in self._practices.values():
            each._everyones = self


class Folders:
    """`roots` have a folder for each language, later ones laid over earlier ones; `practices` has one such root for
    each practice that shares the bot.
    """

    def __init__(
        self,
        roots: tuple[Path, ...],
        default: str,
        practices: Path | None = None,
        *,
        setting: str = "MESSAGES_DIR",
    ) -> None:
        self._roots = roots
        self.default = default
        self._practices = practices
        self._setting = setting

    @cached_property
    def layers(self) -> dict[str, Layers]:
        """The default language first. Raises CatalogueError where its folder is missing."""
        for root in self._roots:
            if not any(root.glob("??/**/*.yaml")):
                cure = f"Put a folder such as en/ with .yaml files there, or take it out of {self._setting}"
                raise CatalogueError((Finding(root, 1, "", "holds no words", cure),))
        found = languages(self._roots)
        if self.default not in found:
            cure = f"Put the words there, or set LANGUAGE to one of: {', '.join(found) or 'none is there'}"
            raise CatalogueError((Finding(self._roots[0] / self.default, 1, "", "is no folder", cure),))
        return {name: Layers.of(self._roots, name) for name in sorted(found, key=lambda each: each != self.default)}

    @cached_property
    def practices(self) -> dict[str, "Folders"]:
        """By the names of their folders. Raises CatalogueError for a name that cannot be one."""
        found: dict[str, Folders] = {}
        for folder in sorted(self._practices.iterdir()) if self._practices else ():
            if not folder.is_dir() or folder.name.startswith("."):
                continue
            if not re.fullmatch(FILE_NAME, folder.name) or len(folder.name) > LONGEST_NAME:
                cure = f"Name it like rosa-meyer, with {LONGEST_NAME} characters at most"
                raise CatalogueError((Finding(folder, 1, "", "has a name that no practice can have", cure),))
            found[folder.name] = Folders((*self._roots, folder), self.default, setting="PRACTICES_DIR")
        return found

    def spoken(self) -> Iterator[tuple[str | None, str, Layers]]:
        """Whose words (None: everyone's), which language, and its layers; of a practice only what it says itself."""
        yield from ((None, language, layers) for language, layers in self.layers.items())
        for name, folders in self.practices.items():
            for language, layers in folders.layers.items():
                if layers != self.layers.get(language):
                    yield name, language, layers

    def load(self) -> Library:
        """Raises CatalogueError with all that is wrong in any language, of the bot or of any practice."""
        read: dict[Layers, Catalogue] = {}
        findings: dict[Finding, None] = {}
        for _, _, layers in self.spoken():
            try:
                read[layers] = load_catalogue(*layers.folders)
            except CatalogueError as error:
                findings |= dict.fromkeys(error.findings)
        if findings:
            raise CatalogueError(tuple(findings))
        return self._library(read, {name: each._library(read, {}) for name, each in self.practices.items()})

    def _library(self, read: Mapping[Layers, Catalogue], practices: Mapping[str, Library]) -> Library:
        return Library({name: read[layers] for name, layers in self.layers.items()}, self.default, practices)
