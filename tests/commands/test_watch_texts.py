"""Changed texts in the preview: valid ones are used at once, errors are reported."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.commands import words
from bot.commands.configuration import roots_now
from bot.commands.watch_texts import Watch
from bot.content.library import Folders, Library
from bot.settings import MESSAGES, read_settings


class Desk:
    """A folder of texts that somebody edits."""

    def __init__(self, folder: Path, practices: Path | None = None) -> None:
        self.folder = folder
        self.library: Library = Folders((folder,), "en", practices).load()
        self.reports: list[tuple[list[str], bool]] = []
        self.fresh: list[tuple[str, str]] = []
        self.renewals = 0
        self.practices = practices
        self.watch_in(lambda: (folder,))

    def watch_in(self, roots: Callable[[], tuple[Path, ...]]) -> None:
        self.watch = Watch(roots, self.library, self._renewed, self._tell, practices=self.practices)

    async def change(self, old: str, new: str) -> None:
        file = self.folder / "en" / "interface.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        await self.watch.look()

    async def _renewed(self) -> None:
        self.renewals += 1

    def _tell(self, findings: Sequence[str], are_in_use: bool, fresh: Sequence[tuple[str, str]]) -> None:
        self.fresh = list(fresh)
        self.reports.append((list(findings), are_in_use))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copytree(MESSAGES / "en", tmp_path / "en")
    shutil.copy(MESSAGES / "helplines.yaml", tmp_path)
    return Desk(tmp_path)


async def test_a_changed_text_is_used_at_once(desk: Desk) -> None:
    await desk.change("Stopped. No more reminders will come.", "It is quiet now.")
    assert desk.library.of("en").interface.stop.stopped.startswith("It is quiet now.")
    assert desk.reports == [([], True)]
    assert desk.renewals == 1


async def test_an_error_is_reported_and_the_old_texts_stay_in_use(desk: Desk) -> None:
    await desk.change("stopped: |-", "stoped: |-")
    ((findings, are_in_use),) = desk.reports
    assert not are_in_use
    assert any("interface.yaml" in finding and "stoped: is not known here" in finding for finding in findings)
    assert desk.library.of("en").interface.stop.stopped.startswith("Stopped.")
    await desk.change("stoped: |-", "stopped: |-")
    assert desk.reports[-1] == ([], True)


async def test_a_broken_style_rule_is_reported_and_the_texts_are_used(desk: Desk) -> None:
    await desk.change("Hello again. Here's what", "You are mentally ill. Here's what")
    ((findings, are_in_use),) = desk.reports
    assert are_in_use
    assert any('says "mentally ill"' in finding for finding in findings)


async def test_nothing_is_read_while_nothing_changes(desk: Desk) -> None:
    await desk.watch.look()
    assert desk.reports == []


async def test_a_changed_text_of_a_practice_is_used_at_once(tmp_path: Path) -> None:
    file = tmp_path / "lake-house" / "en" / "interface.yaml"
    file.parent.mkdir(parents=True)
    file.write_text('stop: {stopped: "It is quiet now."}\n')
    desk = Desk(MESSAGES, tmp_path)
    file.write_text('stop: {stopped: "You are mentally ill, and the lake is still."}\n')
    await desk.watch.look()
    assert "the lake is still" in desk.library.of_practice("lake-house").of("en").interface.stop.stopped
    ((findings, are_in_use),) = desk.reports
    assert are_in_use
    assert any('says "mentally ill"' in finding for finding in findings)


async def test_a_folder_of_ones_own_may_be_made_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(MESSAGES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MESSAGES_DIR", raising=False)
    settings = read_settings(_env_file=None)
    assert roots_now(settings) == (MESSAGES,)
    desk.watch_in(lambda: roots_now(settings))
    words.main(is_new=True)
    await desk.watch.look()
    assert desk.reports == [([], True)]
    assert desk.fresh == [("en", "the-kettle-is-on")]
    file = tmp_path / "my-words" / "en" / "affirmations" / "mine.yaml"
    file.write_text(file.read_text().replace("id: ", "id: second-"))
    await desk.watch.look()
    assert desk.fresh == [("en", "second-the-kettle-is-on")]


async def test_a_folder_that_is_gone_is_said_and_looked_for_again(desk: Desk) -> None:
    away = desk.folder.with_name("away")
    desk.folder.rename(away)
    await desk.watch.look()
    assert desk.reports == [([f"{desk.folder} cannot be read (No such file or directory). Put it back."], False)]
    away.rename(desk.folder)
    await desk.change("Stopped. No more reminders will come.", "It is quiet now.")
    assert desk.reports[-1] == ([], True)


async def test_new_and_changed_messages_are_named(desk: Desk) -> None:
    file = desk.folder / "en" / "affirmations" / "mine.yaml"
    entry = 'source: {title: Ours}\naffirmations: [{id: the-kettle, text: "TEXT", idea: tea, themes: [not-alone]}]\n'
    for text in ("The kettle is on.", "Somebody put the kettle on."):
        file.write_text(entry.replace("TEXT", text))
        await desk.watch.look()
        assert desk.fresh == [("en", "the-kettle")]
    await desk.change("Stopped. No more reminders will come.", "It is quiet now.")
    assert desk.fresh == []
