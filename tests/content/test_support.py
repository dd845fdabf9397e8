"""The texts of the support card: each error is reported with its place, the problem and the cure."""

import re
import shutil
from pathlib import Path

import pytest

from bot.content.load import CatalogueError, load_catalogue
from bot.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "messages" / "en", tmp_path / "en")
    shutil.copy(PROJECT / "messages" / "helplines.yaml", tmp_path)
    return tmp_path / "en"


def mistakes(folder: Path, file: Path, old: str, new: str) -> str:
    before = file.read_text()
    assert before.count(old) == 1
    file.write_text(before.replace(old, new))
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    return re.sub(r"^.*?\.yaml:\d+: ", "", str(error.value))


MOVED = "stands in helplines.yaml now, beside the folders of the languages. Move it there, as docs/words.md shows"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "that was {length}",
            "that was {size}",
            "card.plan.too_long: has a placeholder {size} that nothing fills. Known here: {limit}, {length}",
        ),
        (
            "[US, CA,",
            "[US, XX,",
            "first_countries: names XX, which helplines.yaml does not know. Add it there, or take it out here",
        ),
        ("first_countries:", "helplines: []\nfirst_countries:", f"helplines: {MOVED}"),
        ("first_countries:", "countries: {US: {name: US}}\nfirst_countries:", f"countries: {MOVED}"),
        ("first_countries:", "elsewhere_url: https://example.org\nfirst_countries:", f"elsewhere_url: {MOVED}"),
    ],
)
def test_what_does_not_fit_is_shown(folder: Path, old: str, new: str, expected: str) -> None:
    assert mistakes(folder, folder / "support.yaml", old, new) == expected
