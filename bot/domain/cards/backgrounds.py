"""The twelve backgrounds of cards, six light and six dark, each with its text colour. Called by `cards`."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from bot.domain.cards import day, night
from bot.domain.cards.brushes import Colour

DARK_INK, LIGHT_INK = (31, 42, 46), (250, 247, 240)


@dataclass(frozen=True, slots=True)
class Background:
    """A painting and `ink`, the colour of the text on it."""

    name: str
    paint: Callable[[], Image.Image]
    ink: Colour


LIGHT = (
    Background("mist", day.paint_mist, DARK_INK),
    Background("dawn", day.paint_dawn, DARK_INK),
    Background("dunes", day.paint_dunes, (58, 42, 32)),
    Background("hills", day.paint_hills, DARK_INK),
    Background("linen", day.paint_linen, (56, 46, 38)),
    Background("ripples", day.paint_ripples, DARK_INK),
)
DARK = (
    Background("moonlight", night.paint_moonlight, LIGHT_INK),
    Background("rain", night.paint_rain, LIGHT_INK),
    Background("dusk", night.paint_dusk, LIGHT_INK),
    Background("depth", night.paint_depth, LIGHT_INK),
    Background("pines", night.paint_pines, LIGHT_INK),
    Background("stars", night.paint_stars, LIGHT_INK),
)
BACKGROUNDS = tuple(background for pair in zip(LIGHT, DARK, strict=True) for background in pair)


def paper(background: Background) -> Image.Image:
    """Returns a copy to write on. Each background is painted once per process and cached as a JPEG to save memory."""
    with Image.open(io.BytesIO(_painted(background))) as picture:
        return picture.convert("RGB")


@lru_cache(maxsize=len(BACKGROUNDS))
def _painted(background: Background) -> bytes:
    with io.BytesIO() as file:
        background.paint().save(file, "JPEG", quality=100, subsampling=0)
        return file.getvalue()
