"""The texts in all languages, and those of each practice that shares the bot. Made by `commands.configuration`.

The preview replaces them while the bot runs (`Library.renew`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from bot.content.crisis import DANGERS, Danger
from bot.content.documents import Finding, parsed_once
from bot.content.layers import HELPLINES, Layers, find, languages, languages_in, yaml_files
from bot.content.load import FILE_NAME, Catalogue, CatalogueError, load_catalogue
from bot.content.passed_over import passed_over
from bot.content.setup_texts import OwnTextTexts
from bot.domain.affirmation_search import Entry, Index
from bot.domain.requests import Requested
from bot.domain.rotation import Choice

MAX_PRACTICE_CHARACTERS = 32  # the name of a practice's folder has to fit into callback data

UNKEPT = ("stop", "back", "no", "skip")  # words of openings.yaml that nobody means to keep

MOST_CHOICES = 500  # that are remembered: themes can be left out in a million ways


class Library:
    """Catalogues by language. `default` is used where a person chose none and Telegram names none.

    `practices` are the libraries of the practices that share the bot, by the names of their folders. `notes` say what
    their folders hold and nobody reads.
    """

    def __init__(
        self,
        catalogues: Mapping[str, Catalogue],
        default: str,
        practices: "Mapping[str, Library] | None" = None,
        notes: tuple[Finding, ...] = (),
    ) -> None:
        self.default = default
        self.notes = notes
        self._catalogues = dict(catalogues)
        self._everyones = self
        self._take(practices or {})
        self._index: Index | None = None
        self._choices: dict[tuple[str, str, str], Choice] = {}
        self._listeners: list[Callable[[], None]] = []

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of all languages, the default first."""
        return (self.default, *(code for code in self._catalogues if code != self.default))

    @property
    def own_texts(self) -> tuple[OwnTextTexts, ...]:
        """How reminders in own words are typed, and what they open, in all languages."""
        return tuple(self.of(code).interface.setup.own for code in self.languages)

    @property
    def practices(self) -> tuple[str, ...]:
        """The names of all practices, whichever of their libraries is asked."""
        return tuple(self._everyones._practices)

    def of_practice(self, practice: str | None) -> "Library":
        """Returns the library of a practice; the bot's own for None and for a practice that is gone."""
        return self._everyones._practices.get(practice or "", self._everyones)

    def of(self, language: str | None) -> Catalogue:
        """Returns the catalogue of a language; the default one for None and for a language that is gone."""
        return self._catalogues.get(language or "") or self._catalogues[self.default]

    def fit(self, code: str | None) -> str | None:
        """Returns the language of an IETF tag such as es-MX, or None if it is not here."""
        name = (code or "").partition("-")[0].lower()
        return name if name in self._catalogues else None

    def left_out_by_itself(self, kind: str) -> frozenset[str]:
        """Returns what a new chat of this kind leaves out, as `Chat.left_out` holds it: here, and in each practice."""
        catalogues = [library.of(None) for library in (self._everyones, *self._everyones._practices.values())]
        return frozenset(",".join(sorted(catalogue.rules.themes_for.unasked_in(kind))) for catalogue in catalogues)

    def choice(self, language: str | None, left_out: str, themes: str = "") -> Choice:
        """Returns the affirmations that a chat chooses from. `left_out` names themes, separated by commas.

        `themes` as well: if there are any, an affirmation needs one of them. Those that no longer exist find nothing.

        The result is cached, because every sent message needs it.
        """
        key = (self.fit(language) or self.default, left_out, themes)
        if key not in self._choices:
            if len(self._choices) >= MOST_CHOICES:
                self._choices.clear()
            affirmations, out, only = (
                self.of(key[0]).affirmations,
                frozenset(left_out.split(",")),
                frozenset(filter(None, themes.split(","))),
            )
            unwanted = (
                affirmation.id
                for affirmation in affirmations
                if not out.isdisjoint(affirmation.themes) or (only and only.isdisjoint(affirmation.themes))
            )
            of_each = {affirmation.id: affirmation.themes for affirmation in affirmations}
            self._choices[key] = Choice(self.of(key[0]).affirmation_ids, frozenset(unwanted), of_each)
        return self._choices[key]

    @property
    def index(self) -> Index:
        """The search index of all affirmations in all languages; a key is <language>:<id>."""
        if self._index is None:
            self._index = Index(
                Entry(
                    f"{language}:{affirmation.id}",
                    affirmation.text,
                    " ".join(catalogue.rules.themes.get(name, name) for name in affirmation.themes),
                )
                for language, catalogue in self._catalogues.items()
                for affirmation in catalogue.affirmations
            )
        return self._index

    @property
    def catalogues(self) -> tuple[Catalogue, ...]:
        """The catalogues of all languages."""
        return tuple(self._catalogues.values())

    def find_crisis(self, text: str) -> Danger | None:
        """Returns what is in danger in plain words of any language: in distress people use their first one."""
        found = {catalogue.crisis.phrases.find(text) for catalogue in self._catalogues.values()}
        return next((danger for danger in DANGERS if danger in found), None)

    def find_opening(self, text: str, language: str) -> str | None:
        """Returns the name of what the text begins with, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.openings.patterns.find(text))

    def find_below_card(self, text: str, language: str) -> str | None:
        """Returns the name of what the text says below an open support card, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.openings.below_card_patterns.find(text))

    def find_disclosure(self, text: str, language: str) -> str | None:
        """Returns the name of the kind of thing that the text tells of, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.disclosures.patterns.find(text))

    def find_word(self, text: str, language: str) -> str | None:
        """Returns the word that the whole text means ("stop", "yes"), in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.openings.typed_words.find(text))

    def is_to_keep(self, text: str, language: str) -> bool:
        """Whether these may be words to keep, not "never mind" or the like, in this language or in any other."""
        found = self._find(language, lambda catalogue: catalogue.openings.whole_messages.find(text))
        return found != "nothing_to_keep" and self.find_word(text, language) not in UNKEPT

    def asks_back(self, text: str, language: str) -> bool:
        """Whether the whole text asks what was meant ("what?"), in this language or in any other."""
        found = self._find(language, lambda catalogue: catalogue.openings.whole_messages.find(text))
        return found == "asking_back"

    def find_request(self, text: str, language: str) -> str | None:
        """Returns the name of what the whole text requests in place of a command, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.requests.patterns.find(text))

    def begun_requests(self, text: str, language: str) -> Iterator[Requested]:
        """Yields what the text may begin to request, with the rest of it, in this language, then in the others."""
        for code in dict.fromkeys((language, *self.languages)):
            yield from self.of(code).requests.patterns.beginnings(text)

    def find_language_named(self, text: str, language: str) -> str | None:
        """Returns the code of the bot's language that the whole text names: "in Spanish, please"."""
        found = self._find(language, lambda catalogue: catalogue.requests.language_names.find(text))
        return self.fit(found)

    def means_stop(self, text: str, language: str) -> bool:
        """Whether the whole text plainly asks that nothing comes any more, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.interface.stop.patterns.find(text)) is not None

    def find_command(self, name: str) -> str | None:
        """Returns the command that is called so in any language, in lower case; None if there is none."""
        for catalogue in self._catalogues.values():
            if (command := catalogue.interface.commands.find(name)) is not None:
                return command
        return None

    def find_near_command(self, name: str, language: str) -> str | None:
        """Returns the command that was probably meant by a name with a slip, in this language or in any other."""
        return self._find(language, lambda catalogue: catalogue.interface.commands.find_near(name))

    def _find(self, language: str, find: Callable[[Catalogue], str | None]) -> str | None:
        own = self.of(language)
        others = (catalogue for catalogue in self._catalogues.values() if catalogue is not own)
        return next((found for catalogue in (own, *others) if (found := find(catalogue))), None)

    def renew(self, other: "Library") -> None:
        """Replaces all texts by those of another library, and calls the listeners."""
        self.default, self._catalogues, self.notes = other.default, other._catalogues, other.notes
        self._take(other._practices)
        self._choices.clear()
        self._index = None
        for listener in self._listeners:
            listener()

    def when_renewed(self, listener: Callable[[], None]) -> None:
        """Registers a function to call after the texts were replaced; for modules that cache texts."""
        self._listeners.append(listener)

    def _take(self, practices: "Mapping[str, Library]") -> None:
        self._practices = dict(practices)
        for library in self._practices.values():
            library._everyones = self


class Folders:
    """The folders to load a Library from. `roots` hold a folder for each language; later roots override earlier ones.

    `practices` holds one more such root for each practice that shares the bot. `setting` is named in errors.
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
        """The layers of each language, the default first. Raises CatalogueError where its folder is missing."""
        for root in self._roots:
            if not any(yaml_files(folder, "**/*") for folder in languages_in(root).values()) and not find(
                root, HELPLINES
            ):
                cure = f"Put a folder such as en/ with .yaml files there, or take it out of {self._setting}"
                raise CatalogueError((Finding(root, 1, "", "holds no words", cure),))
        found = languages(self._roots)
        if self.default not in found:
            cure = f"Put the words there, or set LANGUAGE to one of: {', '.join(found) or 'none is there'}"
            raise CatalogueError((Finding(self._roots[0] / self.default, 1, "", "is no folder", cure),))
        return {name: Layers.of(self._roots, name) for name in sorted(found, key=lambda code: code != self.default)}

    @cached_property
    def practices(self) -> dict[str, "Folders"]:
        """The folders of each practice by name. Raises CatalogueError for a name that does not fit callback data."""
        found: dict[str, Folders] = {}
        for folder in sorted(self._practices.iterdir()) if self._practices else ():
            if not folder.is_dir() or folder.name.startswith("."):
                continue
            if not re.fullmatch(FILE_NAME, folder.name) or len(folder.name) > MAX_PRACTICE_CHARACTERS:
                cure = f"Name it like rosa-meyer, with {MAX_PRACTICE_CHARACTERS} characters at most"
                raise CatalogueError((Finding(folder, 1, "", "has a name that no practice can have", cure),))
            found[folder.name] = Folders((*self._roots, folder), self.default, setting="PRACTICES_DIR")
        return found

    def spoken(self) -> Iterator[tuple[str | None, str, Layers]]:
        """Yields (practice or None, language, layers); for a practice only the languages it overrides."""
        yield from ((None, language, layers) for language, layers in self.layers.items())
        for name, folders in self.practices.items():
            for language, layers in folders.layers.items():
                if layers != self.layers.get(language):
                    yield name, language, layers

    def load(self) -> Library:
        """Loads all languages of the bot and of every practice. Raises CatalogueError with all that is wrong."""
        read: dict[Layers, Catalogue] = {}
        findings: dict[Finding, None] = {}
        shared = self._roots if self._practices else ()
        with parsed_once(file for root in shared for file in yaml_files(root, "**/*")):
            for _, _, layers in self.spoken():
                try:
                    read[layers] = load_catalogue(*layers.folders, roots=layers.roots)
                except CatalogueError as error:
                    findings |= dict.fromkeys(error.findings)
        if findings:
            raise CatalogueError(tuple(findings))
        practices = {name: folders._library(read) for name, folders in self.practices.items()}
        return self._library(read, practices, tuple(self._notes(read.values())))

    def _library(
        self,
        read: Mapping[Layers, Catalogue],
        practices: Mapping[str, Library] | None = None,
        notes: tuple[Finding, ...] = (),
    ) -> Library:
        catalogues = {name: read[layers] for name, layers in self.layers.items()}
        return Library(catalogues, self.default, practices, notes)

    def _notes(self, catalogues: Iterable[Catalogue]) -> dict[Finding, None]:
        """Returns each note once: what a practice shares is read twice."""
        roots = (*self._roots, *(folders._roots[-1] for folders in self.practices.values()))
        found = [note for catalogue in catalogues for note in catalogue.notes]
        return dict.fromkeys((*found, *(note for root in roots for note in passed_over(root))))
