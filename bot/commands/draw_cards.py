"""python -m bot cards: draws all cards as files, and contact sheets of them."""

import io
from collections.abc import Sequence
from pathlib import Path

import typer
from PIL import Image

from bot.commands.configuration import fail, load_library, load_settings
from bot.commands.progress import tracked
from bot.domain.cards import Card
from bot.domain.cards.drawing import draw
from bot.screens.affirmations import card_of

ACROSS, DOWN = 8, 8  # thumbnails on a sheet
THUMBNAIL, GAP = 240, 12  # pixels


def main(folder: str) -> None:
    """Draws a folder for each language. Ends with exit code 1 when the folder cannot be written."""
    library, count = load_library(load_settings()), 0
    try:
        for language in library.languages:
            catalogue = library.of(language)
            drawn = [card_of(affirmation) for affirmation in catalogue.affirmations]
            count += write_cards(drawn, Path(folder, language), language)
    except OSError as error:
        fail(f"--out: {folder} cannot be written ({error.strerror}); name a folder that this program may write", code=1)
    typer.echo(f"{count} cards are in {folder}.")


def write_cards(cards: Sequence[Card], folder: Path, label: str) -> int:
    """Writes <id>.jpg and contact-sheet-<number>.jpg; returns the number of cards. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    thumbnails = []
    for card in tracked(cards, label):
        content = draw(card)
        (folder / f"{card.key}.jpg").write_bytes(content)
        with Image.open(io.BytesIO(content)) as picture:
            thumbnails.append(picture.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS))
    size = ACROSS * DOWN
    for number, start in enumerate(range(0, len(thumbnails), size), start=1):
        _sheet(thumbnails[start : start + size]).save(folder / f"contact-sheet-{number}.jpg", quality=88)
    return len(cards)


def _sheet(thumbnails: Sequence[Image.Image]) -> Image.Image:
    step, rows = THUMBNAIL + GAP, -(-len(thumbnails) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * step + GAP, rows * step + GAP), "white")
    for number, thumbnail in enumerate(thumbnails):
        sheet.paste(thumbnail, (GAP + number % ACROSS * step, GAP + number // ACROSS * step))
    return sheet
