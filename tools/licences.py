"""make licences: the licence of each package that the bot runs with, as the package itself says it.

A package under the GPL or AGPL asks that the whole be given under it. None is among them; a test holds that.
"""

import re
from importlib.metadata import PackageNotFoundError, files, metadata
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
UNKNOWN = "unknown"
NOT_HERE = "not installed on this system"


def main() -> None:
    """Prints one line a package: name, version, licence."""
    rows = [(name, version, licence_of(name)) for name, version in locked().items()]
    width = max(len(name) for name, _, _ in rows), max(len(version) for _, version, _ in rows)
    for name, version, licence in rows:
        print(f"{name:<{width[0]}}  {version:<{width[1]}}  {licence}")


def locked() -> dict[str, str]:
    """Returns the packages in the lock and their versions."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def licence_of(name: str) -> str:
    """Returns what an installed package says of its licence.

    The expression, or else the classifiers, the field, or the title of the licence that comes with it.
    """
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return NOT_HERE
    if "License-Expression" in said:
        return said["License-Expression"]
    lines = said.get_all("Classifier") or []
    classified = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License :: ")]
    written = "".join(said.get_all("License") or []).strip().splitlines()
    return "; ".join(classified) or (written[0] if written else _title_of_file(name))


def _title_of_file(name: str) -> str:
    """Returns how the text of the licence begins, as "Apache License, Version 2.0"."""
    for file in files(name) or ():
        if file.name.upper().startswith("LICEN"):
            lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
            return ", ".join([line for line in lines if line][:2])
    return UNKNOWN


def is_strict(licence: str) -> bool:
    """Whether it is the GPL or the AGPL, without another to choose. The LGPL is neither."""
    choices = (choice.replace("Lesser General Public License", "") for choice in re.split(r"\bOR\b|;", licence))
    return all(re.search(r"\bA?GPL|General Public License", choice) for choice in choices)


if __name__ == "__main__":
    main()
