"""A folder of words of one's own, begun while the preview runs, as a newcomer does it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.browser.previews import OWN_PROCESS
from tests.browser.visitor import Visitor
from tests.patience import PATIENCE


@pytest.mark.parametrize("address", [OWN_PROCESS], indirect=True)
def test_a_folder_begun_while_it_runs_is_seen_at_once(visitor: Visitor, tmp_path: Path) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    subprocess.run(
        [sys.executable, "-m", "bot", "words", "--new"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT)},
        check=True,
        timeout=PATIENCE,
    )
    visitor.until(lambda: "1 new message:" in visitor.css("#words")[0].text)
    file = tmp_path / "my-words" / "en" / "affirmations" / "mine.yaml"
    visitor.clicks("See the-kettle-is-on (en)")
    visitor.sees("Somebody put the kettle on.")
    visitor.until(lambda: visitor.css("#log .message img"))
    file.write_text(file.read_text().replace('here."', "here."))
    line = file.read_text().splitlines().index('    text: "Somebody put the kettle on. Nobody is in a hurry here.') + 1
    visitor.until(lambda: f"my-words/en/affirmations/mine.yaml:{line}: has a text" in visitor.css("#words")[0].text)
