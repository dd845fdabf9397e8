"""Merges a language's folders: the texts of a practice override those that come with the bot.

A later file of affirmations, flows or pictures replaces an earlier one with the same name; all other files are merged
key by key. Called by `load`, `lint` and `parity`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from bot.content.documents import Document, lay_over, read_document

# Beside the folders of the languages: the same for all of them.
HELPLINES = "helplines.yaml"
# The files of a language beside its folders affirmations/, crisis/, flows/ and pictures/.
INTERFACE, SUPPORT = "interface.yaml", "support.yaml"
EXPLAINERS, OPENINGS, RULES = "explainers.yaml", "openings.yaml", "rules.yaml"
# The folder with the plain words of danger, one file a subject.
CRISIS = "crisis"

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
        folders = tuple(root / language for root in roots if (root / language).is_dir())
        shared = tuple(root for root in roots if (root / HELPLINES).exists())
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
            for file in sorted((root / folder).glob("*.yaml")):
                found.pop(file.stem, None)  # so that the replacement has the place of its own folder
                found[file.stem] = file
        return found

    def pictures(self) -> dict[str, bytes]:
        """Returns the content of all pictures by file name."""
        return {
            file.name: file.read_bytes()
            for folder in self.folders
            for file in sorted((folder / "pictures").glob("*"))
            if file.suffix in PICTURES
        }

    def depth(self, file: Path) -> int:
        """Returns the index of the folder that holds a file."""
        return next(depth for depth, folder in enumerate(self.folders) if file.is_relative_to(folder))

    def names(self) -> Iterator[str]:
        """Yields the path of every YAML file, relative to its folder, once each."""
        found = {
            str(file.relative_to(folder)): None for folder in self.folders for file in sorted(folder.rglob("*.yaml"))
        }
        yield from found


def _merged(folders: tuple[Path, ...], name: str) -> Document:
    files = [folder / name for folder in folders if (folder / name).exists()]
    return reduce(lay_over, map(read_document, files or [folders[0] / name]))


def languages(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """Returns the names of the two-letter folders in any of the roots, sorted."""
    names = {folder.name for root in roots for folder in root.iterdir() if folder.is_dir()}
    return tuple(sorted(name for name in names if len(name) == 2 and name.isascii() and name.islower()))


def over_own(own: Path, folders: tuple[Path, ...], language: str) -> tuple[Path, ...]:
    """Returns the folders to merge: `own`, which comes with the bot, is put first unless it is among them.

    It is left out where the first of the folders has every file that this language needs.
    """
    parts = (INTERFACE, SUPPORT, EXPLAINERS, RULES)
    is_whole = all((folders[0] / language / part).exists() for part in parts)
    return folders if own in folders or is_whole else (own, *folders)
