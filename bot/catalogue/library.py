"""The words in every language there is. The preview puts new ones in their place while all goes on. Made by `app`."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from bot.catalogue.documents import Finding
from bot.catalogue.layers import Layers, languages
from bot.catalogue.load import Catalogue, CatalogueError, load_catalogue
from bot.rotation import Choice
from bot.search import Entry, Index


class Library:
    """Catalogues by language; `default` is spoken where nobody has chosen and Telegram tells nothing."""

    def __init__(self, catalogues: Mapping[str, Catalogue], default: str) -> None:
        self.default = default
        self._catalogues = dict(catalogues)
        self._index: Index | None = None
        self._choices: dict[tuple[str, str], Choice] = {}
        self._listeners: list[Callable[[], None]] = []

    @property
    def languages(self) -> tuple[str, ...]:
        """The default one first."""
        return (self.default, *(each for each in self._catalogues if each != self.default))

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

    def hears_danger(self, text: str) -> bool:
        """Whether a typed text says so plainly, in whichever language: in distress people fall back into their own."""
        return any(each.support.plain_words.are_in(text) for each in self._catalogues.values())

    def renew(self, other: "Library") -> None:
        """Take the words of another one from now on."""
        self.default, self._catalogues = other.default, other._catalogues
        self._choices.clear()
        self._index = None
        for tell in self._listeners:
            tell()

    def when_renewed(self, tell: Callable[[], None]) -> None:
        """Whoever remembers words is told when there are others."""
        self._listeners.append(tell)


class Folders:
    """Where the words are: `roots` are folders with a folder for each language, later ones laid over earlier ones."""

    def __init__(self, roots: tuple[Path, ...], default: str) -> None:
        self._roots = roots
        self.default = default

    @cached_property
    def layers(self) -> dict[str, Layers]:
        """The default language first. Raises CatalogueError where its folder is missing."""
        for root in self._roots:
            if not any(root.glob("??/**/*.yaml")):
                cure = "Put a folder such as en/ with .yaml files there, or take it out of MESSAGES_DIR"
                raise CatalogueError((Finding(root, 1, "", "holds no words", cure),))
        found = languages(self._roots)
        if self.default not in found:
            cure = f"Put the words there, or set LANGUAGE to one of: {', '.join(found) or 'none is there'}"
            raise CatalogueError((Finding(self._roots[0] / self.default, 1, "", "is no folder", cure),))
        return {name: Layers.of(self._roots, name) for name in sorted(found, key=lambda each: each != self.default)}

    def load(self) -> Library:
        """Raises CatalogueError with all that is wrong in any language."""
        catalogues: dict[str, Catalogue] = {}
        findings: list[Finding] = []
        for name, layers in self.layers.items():
            try:
                catalogues[name] = load_catalogue(*layers.folders)
            except CatalogueError as error:
                findings.extend(error.findings)
        if findings:
            raise CatalogueError(tuple(findings))
        return Library(catalogues, self.default)
