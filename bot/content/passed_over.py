"""What lies in a folder of words and is not read, because of its name or its place. Called by `library`."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from bot.content.documents import Finding
from bot.content.layers import (
    CRISIS,
    DISCLOSURES,
    EXPLAINERS,
    HELPLINES,
    INTERFACE,
    OPENINGS,
    PICTURES,
    REQUESTS,
    RULES,
    SUFFIXES,
    SUPPORT,
    find,
    languages_in,
)

FILES = (INTERFACE, SUPPORT, EXPLAINERS, OPENINGS, DISCLOSURES, REQUESTS, RULES)
FOLDERS = ("affirmations", CRISIS, "flows")
# Words in another kind of file, or with a second ending, which many editors add and many systems hide.
WORDS = {".txt", ".docx", ".doc", ".rtf", ".odt", ".md"}


def passed_over(root: Path) -> Iterator[Finding]:
    """Yields a note for each file in a root, such as my-words/, that somebody may think is read."""
    languages = languages_in(root)
    read = {folder: _read_in(folder) for folder in languages.values()}
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if any(part.startswith(".") for part in parts) or not file.is_file():
            continue
        folder = root / parts[0]
        if file == find(root, HELPLINES) or file in read.get(folder, ()):
            continue
        if folder in read:
            problem = _in_language(file, parts[1:])
        else:
            other = languages.get(parts[0].lower())
            problem = _elsewhere(file, parts, other)
        if problem:
            yield Finding(file, 1, "", *problem, is_note=True)


def _read_in(folder: Path) -> set[Path]:
    whole = (find(folder, name) for name in FILES)
    parts = (file for name in FOLDERS for file in (folder / name).glob("*") if file.suffix.lower() in SUFFIXES)
    pictures = (file for file in (folder / "pictures").glob("*") if file.suffix in PICTURES)
    return {*filter(None, whole), *parts, *pictures}


def _in_language(file: Path, parts: tuple[str, ...]) -> tuple[str, str] | None:
    """Returns problem and cure of a file that is not read in a language's folder; None for what is no words."""
    place = parts[0] if len(parts) == 2 else ""
    if ending := _second_ending(file):
        return f"is not read: its name ends in {ending}", f"Name it {file.name.removesuffix(ending)}"
    if place in FOLDERS and file.suffix.lower() in WORDS and not _is_about(file):
        return f"is not read: its name ends in {file.suffix}", f"Save it as plain text with the name {file.stem}.yaml"
    if place == "pictures":
        return f"is not read: its name ends in {file.suffix}", f"Use one of {', '.join(sorted(PICTURES))}"
    if file.suffix.lower() not in SUFFIXES:
        return None
    if len(parts) == 1:
        close = get_close_matches(file.stem.lower(), [name.removesuffix(".yaml") for name in FILES], 1)
        cure = f"Name it {close[0]}.yaml, or put it into one of {', '.join(FOLDERS)}" if close else _folders()
        return "is not read: no file of a language is called so, or there is another one", cure
    close = get_close_matches(place.lower(), FOLDERS, 1)
    return "is not read: it lies in no folder that is", f"Name that folder {close[0]}" if close else _folders()


def _elsewhere(file: Path, parts: tuple[str, ...], other: Path | None) -> tuple[str, str] | None:
    """The same beside the languages' folders."""
    if file.suffix.lower() not in SUFFIXES:
        return None
    if other is not None:
        return f"is not read: {other.name} is here, too", f"Move it into {other.name}"
    if len(parts) == 1 and get_close_matches(file.stem.lower(), ["helplines"], 1):
        return "is not read: it is called otherwise than what it may be meant for", f"Name it {HELPLINES}"
    return "is not read: it lies in the folder of no language", "Put it into one, such as en/affirmations/"


def _second_ending(file: Path) -> str:
    """Returns .txt of rosa.yaml.txt."""
    return file.suffix if Path(file.stem).suffix.lower() in SUFFIXES else ""


def _is_about(file: Path) -> bool:
    return file.stem.lower() in ("readme", "license", "notes")


def _folders() -> str:
    return f"Put it into one of {', '.join(FOLDERS)}"
