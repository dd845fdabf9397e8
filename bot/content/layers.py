"""One language's folders, the later laid over the earlier: a practice's own words over those that come with the bot.

Affirmations, flows and pictures are taken file by file: a later one with the same name takes the place of the earlier.
All other files are laid over each other key by key. Called by `load`, `lint` and `parity`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from bot.content.documents import Document, lay_over, read_document

# What a language has beside the folders of affirmations and flows.
INTERFACE, SUPPORT, EXPLAINERS, RULES = "interface.yaml", "support.yaml", "explainers.yaml", "rules.yaml"


@dataclass(frozen=True, slots=True)
class Layers:
    """Folders such as messages/en and my-words/en; at least one."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, roots: tuple[Path, ...], language: str) -> "Layers":
        """The folders of this language, in those of the roots that have one; else the first one's, which is missing."""
        folders = tuple(root / language for root in roots if (root / language).is_dir())
        return cls(folders or (roots[0] / language,))

    def document(self, name: str) -> Document:
        """One file, such as interface.yaml, with all that later folders say differently."""
        files = [folder / name for folder in self.folders if (folder / name).exists()]
        return reduce(lay_over, map(read_document, files or [self.folders[0] / name]))

    def files(self, folder: str) -> dict[str, Path]:
        """Each YAML file of a sub-folder, by its name without .yaml; in the order of folders, then of names."""
        found: dict[str, Path] = {}
        for each in self.folders:
            for file in sorted((each / folder).glob("*.yaml")):
                found.pop(file.stem, None)  # what takes its place stands in the later folder
                found[file.stem] = file
        return found

    def pictures(self) -> dict[str, bytes]:
        """Content by name."""
        return {
            file.name: file.read_bytes()
            for folder in self.folders
            for file in sorted((folder / "pictures").glob("*.[gp][in][fg]"))
        }

    def depth(self, file: Path) -> int:
        """In which of the folders a file stands, counted from 0."""
        return next(depth for depth, folder in enumerate(self.folders) if file.is_relative_to(folder))

    def names(self) -> Iterator[str]:
        """Every YAML file below any of the folders, as a path from there, once each."""
        found = {
            str(file.relative_to(folder)): None for folder in self.folders for file in sorted(folder.rglob("*.yaml"))
        }
        yield from found


def languages(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """The two-letter folders in any of the roots, in alphabetical order."""
    names = {each.name for root in roots for each in root.iterdir() if each.is_dir()}
    return tuple(sorted(name for name in names if len(name) == 2 and name.isascii() and name.islower()))


def over_own(own: Path, folders: tuple[Path, ...], language: str) -> tuple[Path, ...]:
    """The folders to lay over each other: `own`, those that come with the bot, go first unless they are among them.

    They are left out where the first of the folders has all that this language needs.
    """
    parts = (INTERFACE, SUPPORT, EXPLAINERS, RULES)
    is_whole = all((folders[0] / language / part).exists() for part in parts)
    return folders if own in folders or is_whole else (own, *folders)
