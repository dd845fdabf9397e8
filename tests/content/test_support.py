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
    return tmp_path / "en"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "  de: DE\n",
            "  de: LU\n",
            "the language de leads to LU, which is not under countries. Add it",
        ),
        (
            "  de: DE\n",
            "  german: DE\n",
            "languages.german: has a character or a form that does not fit: ^[a-z]{2,3}$. Change it to fit",
        ),
        (
            "that was {length}",
            "that was {size}",
            "card.plan.too_long: has a placeholder {size} that nothing fills. Known here: {limit}, {length}",
        ),
    ],
)
def test_what_does_not_fit_is_shown(folder: Path, old: str, new: str, expected: str) -> None:
    file = folder / "support.yaml"
    before = file.read_text()
    assert before.count(old) == 1
    file.write_text(before.replace(old, new))
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    assert re.sub(r"^.*?support.yaml:\d+: ", "", str(error.value)) == expected
