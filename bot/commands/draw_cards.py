"""All cards as files, with sheets that show them side by side. Called by `python -m bot cards`."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from bot.domain.cards import Card, draw

ACROSS, DOWN = 8, 8  # thumbnails on a sheet
THUMBNAIL, GAP = 240, 12  # pixels


def write_cards(cards: Sequence[Card], folder: Path, on_card: Callable[[], object]) -> int:
    """Each as <id>.jpg, and contact-sheet-<number>.jpg; returns how many cards. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    thumbnails = []
    for card in cards:
        content = draw(card)
        (folder / f"{card.key}.jpg").write_bytes(content)
        with Image.open(io.BytesIO(content)) as picture:
            thumbnails.append(picture.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS))
        on_card()
    size = ACROSS * DOWN
    for number, start in enumerate(range(0, len(thumbnails), size), start=1):
        _sheet(thumbnails[start : start + size]).save(folder / f"contact-sheet-{number}.jpg", quality=88)
    return len(cards)


def _sheet(thumbnails: Sequence[Image.Image]) -> Image.Image:
    step, rows = THUMBNAIL + GAP, -(-len(thumbnails) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * step + GAP, rows * step + GAP), "white")
    for number, each in enumerate(thumbnails):
        sheet.paste(each, (GAP + number % ACROSS * step, GAP + number // ACROSS * step))
    return sheet
