"""Changed words in the preview: taken when they are whole, told when they are not."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.watch_texts import Watch
from bot.content.library import Folders, Library
from bot.settings import MESSAGES


class Desk:
    """A folder of words that somebody edits."""

    def __init__(self, folder: Path, practices: Path | None = None) -> None:
        self.folder = folder
        self.library: Library = Folders((folder,), "en", practices).load()
        self.told: list[tuple[list[str], bool]] = []
        self.renewals = 0
        self.watch = Watch((folder,), self.library, self._renewed, self._tell, practices=practices)

    async def change(self, old: str, new: str) -> None:
        file = self.folder / "en" / "interface.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        await self.watch.look()

    async def _renewed(self) -> None:
        self.renewals += 1

    def _tell(self, findings: Sequence[str], are_in_use: bool) -> None:
        self.told.append((list(findings), are_in_use))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copytree(MESSAGES / "en", tmp_path / "en")
    return Desk(tmp_path)


async def test_a_changed_word_is_spoken_at_once(desk: Desk) -> None:
    await desk.change("Stopped. No more reminders will come.", "It is quiet now.")
    assert desk.library.of("en").interface.stop.stopped.startswith("It is quiet now.")
    assert desk.told == [([], True)]
    assert desk.renewals == 1


async def test_a_mistake_is_told_and_the_words_before_it_go_on(desk: Desk) -> None:
    await desk.change("stopped: |-", "stoped: |-")
    ((findings, are_in_use),) = desk.told
    assert not are_in_use
    assert any("interface.yaml" in each and "stoped: is not known here" in each for each in findings)
    assert desk.library.of("en").interface.stop.stopped.startswith("Stopped.")
    await desk.change("stoped: |-", "stopped: |-")
    assert desk.told[-1] == ([], True)


async def test_what_a_rule_says_is_told_and_the_words_are_in_use(desk: Desk) -> None:
    await desk.change("Hello again. This is how", "You are mentally ill. This is how")
    ((findings, are_in_use),) = desk.told
    assert are_in_use
    assert any('says "mentally ill"' in each for each in findings)


async def test_nothing_is_read_while_nothing_changes(desk: Desk) -> None:
    await desk.watch.look()
    assert desk.told == []


async def test_a_changed_word_of_a_practice_is_spoken_at_once(tmp_path: Path) -> None:
    file = tmp_path / "lake-house" / "en" / "interface.yaml"
    file.parent.mkdir(parents=True)
    file.write_text('stop: {stopped: "It is quiet now."}\n')
    desk = Desk(MESSAGES, tmp_path)
    file.write_text('stop: {stopped: "You are mentally ill, and the lake is still."}\n')
    await desk.watch.look()
    assert "the lake is still" in desk.library.of_practice("lake-house").of("en").interface.stop.stopped
    ((findings, are_in_use),) = desk.told
    assert are_in_use
    assert any('says "mentally ill"' in each for each in findings)
