"""Each error in a flow has a file in broken_flows/; errors.yaml holds its exact message."""

import shutil
from pathlib import Path

import pytest
import yaml

from bot.content.load import CatalogueError, load_catalogue
from bot.settings import PROJECT

BROKEN = Path(__file__).with_name("broken_flows")
ERRORS: dict[str, list[str]] = yaml.safe_load((BROKEN / "errors.yaml").read_text())
FILES = sorted(set(BROKEN.glob("*.yaml")) - {BROKEN / "errors.yaml"})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_error_in_a_flow_is_reported_with_place_and_cure(file: Path, tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "messages" / "en", tmp_path / "en")
    shutil.copy(PROJECT / "messages" / "helplines.yaml", tmp_path)
    shutil.copy(file, tmp_path / "en" / "flows" / "broken.yaml")
    with pytest.raises(CatalogueError) as error:
        load_catalogue(tmp_path / "en")
    found = [str(finding).removeprefix(f"{tmp_path}/en/flows/") for finding in error.value.findings]
    assert found == ERRORS[file.stem]


def test_each_error_has_its_file() -> None:
    assert set(ERRORS) == {file.stem for file in FILES}


def test_a_flow_that_a_command_begins_has_to_be_there(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "messages" / "en", tmp_path / "en")
    shutil.copy(PROJECT / "messages" / "helplines.yaml", tmp_path)
    (tmp_path / "en" / "flows" / "after-a-session.yaml").unlink()
    with pytest.raises(CatalogueError) as error:
        load_catalogue(tmp_path / "en")
    assert "after-a-session.yaml:1: is missing. Put the file back: a command begins it" in str(error.value)
