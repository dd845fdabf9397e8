"""Watches the texts while the preview runs: reloads changed ones, reports broken ones. Called by `preview`."""

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
Message = tuple[str, str]  # language and id


class Watch:
    """Calls `renewed` after the texts were reloaded, and `tell` with all remarks, whether the texts are in use, and the
    messages that are new or changed, by language and id.
    """

    def __init__(
        self,
        roots: Callable[[], tuple[Path, ...]],
        library: Library,
        renewed: Callable[[], Awaitable[None]],
        tell: Callable[[Sequence[str], bool, Sequence[Message]], None],
        *,
        practices: Path | None = None,
    ) -> None:
        self._roots = roots  # asked at each look: a folder of one's own may be made while the preview runs
        self._practices = practices
        self._library = library
        self._renewed = renewed
        self._tell = tell
        self._seen = self._marks()

    async def run(self) -> None:
        """Looks for changes until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    async def look(self) -> None:
        """Reloads all texts if a file has changed; in a thread, so that replies do not wait."""
        marks = await asyncio.to_thread(self._marks)
        if marks == self._seen:
            return
        self._seen = marks
        try:
            library, remarks = await asyncio.to_thread(self._read)
        except CatalogueError as error:
            self._tell([str(finding) for finding in error.findings], False, ())
            return
        except OSError as error:  # a folder is gone, or is being moved
            self._tell([f"{error.filename} cannot be read ({error.strerror}). Put it back."], False, ())
            return
        before = _messages(self._library)
        self._library.renew(library)
        await self._renewed()
        log.info("the words were read anew")
        fresh = [name for name, text in _messages(self._library).items() if before.get(name) != text]
        self._tell(remarks, True, fresh)

    def _read(self) -> tuple[Library, list[str]]:
        folders = Folders(self._roots(), self._library.default, self._practices)
        library = folders.load()
        findings = (
            finding
            for practice, language, layers in folders.spoken()
            for finding in lint(layers, library.of_practice(practice).of(language))
        )
        return library, list(dict.fromkeys(map(str, (*library.notes, *findings))))

    def _marks(self) -> Marks:
        marks: Marks = {}
        for root in (*self._roots(), *([self._practices] if self._practices else [])):
            for file in root.rglob("*"):
                try:
                    state = file.stat()
                except OSError:  # an editor has just put another in its place
                    continue
                marks[file] = (state.st_mtime_ns, state.st_size)
        return marks


def _messages(library: Library) -> dict[Message, str]:
    """Returns the texts of all messages for everyone."""
    return {
        (language, affirmation.id): affirmation.text
        for language in library.languages
        for affirmation in library.of(language).affirmations
    }
