"""Looks for changed words while the preview runs: good ones are taken at once, broken ones told. For `preview`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.content.library import Folders, Library
from bot.content.lint import lint
from bot.content.load import CatalogueError

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
Marks = dict[Path, tuple[int, int]]


class Watch:
    """`renewed` is called when other words were taken. `tell` gets what is wrong, and whether the words are in use."""

    def __init__(
        self,
        roots: tuple[Path, ...],
        library: Library,
        renewed: Callable[[], Awaitable[None]],
        tell: Callable[[Sequence[str], bool], None],
        *,
        practices: Path | None = None,
    ) -> None:
        self._roots = roots
        self._practices = practices
        self._library = library
        self._renewed = renewed
        self._tell = tell
        self._seen = self._marks()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    async def look(self) -> None:
        """Read everything anew if any file has changed. In a thread: whoever taps is answered meanwhile."""
        marks = await asyncio.to_thread(self._marks)
        if marks == self._seen:
            return
        self._seen = marks
        try:
            library, remarks = await asyncio.to_thread(self._read)
        except CatalogueError as error:
            self._tell([str(each) for each in error.findings], False)
            return
        self._library.renew(library)
        await self._renewed()
        log.info("the words were read anew")
        self._tell(remarks, True)

    def _read(self) -> tuple[Library, list[str]]:
        folders = Folders(self._roots, self._library.default, self._practices)
        library = folders.load()
        remarks = (
            str(each)
            for words, name, layers in folders.spoken()
            for each in lint(layers, library.of_practice(words).of(name))
        )
        return library, list(dict.fromkeys(remarks))

    def _marks(self) -> Marks:
        marks: Marks = {}
        for root in (*self._roots, *([self._practices] if self._practices else [])):
            for file in root.rglob("*"):
                try:
                    state = file.stat()
                except OSError:  # an editor has just put another in its place
                    continue
                marks[file] = (state.st_mtime_ns, state.st_size)
        return marks
