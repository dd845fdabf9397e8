"""Merges a language's folders: the texts of a practice override those that come with the bot.

A later file of affirmations, flows or pictures replaces an earlier one with the same name; all other files are merged
key by key. Called by `load`, `lint` and `parity`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path

from bot.content.documents import Document, lay_over, read_document

# Beside the folders of the languages: the same for all of them.
HELPLINES = "helplines.yaml"
# The files of a language beside its folders affirmations/, crisis/, flows/ and pictures/.
INTERFACE, SUPPORT = "interface.yaml", "support.yaml"
EXPLAINERS, OPENINGS, RULES = "explainers.yaml", "openings.yaml", "rules.yaml"
DISCLOSURES, REQUESTS = "disclosures.yaml", "requests.yaml"
# The folder with the plain words of danger, one file a subject.
CRISIS = "crisis"

SUFFIXES = {".yaml", ".yml"}
PICTURES = {".gif", ".mp4", ".png"}


@dataclass(frozen=True, slots=True)
class Layers:
    """The folders of one language, such as messages/en and my-words/en; at least one, later ones override.

    `roots` hold the files for all languages, such as messages/helplines.yaml; by default, the folders' parents.
    """

    folders: tuple[Path, ...]
    roots: tuple[Path, ...] = ()

    @classmethod
    def of(cls, roots: tuple[Path, ...], language: str) -> "Layers":
        """Returns the layers of a language in those roots that have it; in no root, a missing folder in the first."""
        found = (languages_in(root).get(language) for root in roots)
        folders = tuple(folder for folder in found if folder)
        shared = tuple(root for root in roots if find(root, HELPLINES))
        return cls(folders or (roots[0] / language,), shared)

    def document(self, name: str) -> Document:
        """Returns one file, such as interface.yaml, merged from all folders."""
        return _merged(self.folders, name)

    def shared_document(self, name: str) -> Document:
        """Returns one file that is the same for all languages, such as helplines.yaml, merged from all roots."""
        return _merged(self.roots or tuple(folder.parent for folder in self.folders), name)

    def files(self, folder: str) -> dict[str, Path]:
        """Returns the YAML files of a sub-folder by their names without .yaml, sorted by folder, then by name."""
        found: dict[str, Path] = {}
        for root in self.folders:
            for file in yaml_files(root / folder):
                found.pop(file.stem, None)  # so that the replacement has the place of its own folder
                found[file.stem] = file
        return found

    def pictures(self) -> dict[str, bytes]:
        """Returns the content of all pictures by file name."""
        return {
            file.name: _shared(file.read_bytes())
            for folder in self.folders
            for file in sorted((folder / "pictures").glob("*"))
            if file.suffix in PICTURES and not file.name.startswith(".")
        }

    def depth(self, file: Path) -> int:
        """Returns the index of the folder that holds a file."""
        return next(depth for depth, folder in enumerate(self.folders) if file.is_relative_to(folder))

    def names(self) -> Iterator[str]:
        """Yields the path of every YAML file, relative to its folder, once each; of a .yml as if it were a .yaml."""
        yield from {name: None for folder in self.folders for name in names_in(folder)}


@lru_cache(maxsize=64)
def _shared(picture: bytes) -> bytes:
    """Returns the picture that was read first of those equal to it: languages and practices have the same."""
    return picture


def _merged(folders: tuple[Path, ...], name: str) -> Document:
    files = [file for folder in folders if (file := find(folder, name))]
    return reduce(lay_over, map(read_document, files or [folders[0] / name]))


def find(folder: Path, name: str) -> Path | None:
    """Returns a file such as interface.yaml, also if it is called interface.yml or Interface.yaml; None without one."""
    if (file := folder / name).exists():
        return file
    place = file.parent
    return next((one for one in yaml_files(place) if one.with_suffix(".yaml").name.lower() == file.name), None)


def yaml_files(folder: Path, pattern: str = "*") -> list[Path]:
    """Returns the YAML files of a folder, sorted; not those that a Mac leaves (._rosa.yaml) or that are hidden."""
    return sorted(
        file
        for file in folder.glob(pattern)
        if file.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def names_in(folder: Path) -> Iterator[str]:
    """Yields the path of every YAML file in a folder, relative to it."""
    for file in yaml_files(folder, "**/*"):
        yield str(file.relative_to(folder).with_suffix(".yaml"))


def languages_in(root: Path) -> dict[str, Path]:
    """Returns the two-letter folders of a root by language. EN is en, unless there is an en as well."""
    folders = sorted((folder for folder in root.iterdir() if folder.is_dir()), key=lambda folder: folder.name)
    return {name: folder for folder in folders if re.fullmatch("[a-z]{2}", name := folder.name.lower())}


def languages(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """Returns the languages in any of the roots, sorted."""
    return tuple(sorted({name for root in roots for name in languages_in(root)}))


def over_own(own: Path, folders: tuple[Path, ...], language: str) -> tuple[Path, ...]:
    """Returns the folders to merge: `own`, which comes with the bot, is put first unless it is among them.

    It is left out where the first of the folders has every file that this language needs.
    """
    parts = (INTERFACE, SUPPORT, EXPLAINERS, DISCLOSURES, REQUESTS, RULES)
    is_whole = all(find(folders[0] / language, part) for part in parts)
    return folders if own in folders or is_whole else (own, *folders)
