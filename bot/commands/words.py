"""python -m bot words: says where the words are read from, or begins a folder with words of one's own."""

from collections.abc import Iterator
from pathlib import Path

import typer

from bot.commands.configuration import fail, load_library, load_settings, roots_of
from bot.content.documents import read_document
from bot.content.layers import Layers, languages
from bot.paths import COMMAND, MESSAGES
from bot.settings import OWN_WORDS, Settings

EXAMPLES = Path(__file__).with_name("my_words")


def main(*, is_new: bool) -> None:
    """Exit code 1 when the folder is there already, or cannot be written."""
    settings = load_settings()
    if is_new:
        _begin(settings, Path(OWN_WORDS))
        return
    load_library(settings)  # which says what is wrong in them
    for root in roots_of(settings):
        counts = ", ".join(_counts(root)) or "no messages, other words"
        typer.echo(f"{root}: {counts}{' (these come with the bot)' if root == MESSAGES else ''}")
    if settings.practices_dir:
        typer.echo(f"{settings.practices_dir}: the words of each practice")
    if roots_of(settings) == (MESSAGES,):
        typer.echo(f"To begin a folder of your own, which a new version leaves alone: {COMMAND} words --new")


def _begin(settings: Settings, folder: Path) -> None:
    example = EXAMPLES / f"mine.{settings.language}.yaml"
    text = (example if example.exists() else EXAMPLES / "mine.en.yaml").read_text(encoding="utf-8")
    about = (EXAMPLES / "README.md").read_text(encoding="utf-8").replace("`en/", f"`{settings.language}/")
    file = folder / settings.language / "affirmations" / "mine.yaml"
    if folder.exists():
        fail(f"{folder} is here already; add to it, or give it another name first", code=1)
    try:
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        (folder / "README.md").write_text(about, encoding="utf-8")
    except OSError as error:
        fail(f"{folder} cannot be written ({error.strerror}); go to a folder in which you may write", code=1)
    typer.echo(f"{file} has an example: change it, and save. To see it: {COMMAND} preview")


def _counts(root: Path) -> Iterator[str]:
    for language in languages((root,)):
        documents = map(read_document, Layers.of((root,), language).files("affirmations").values())
        contents = (document.content for document in documents)
        count = sum(len(content.get("affirmations") or ()) for content in contents if isinstance(content, dict))
        if count:
            yield f"{count} message{'s' if count > 1 else ''} in {language}"
