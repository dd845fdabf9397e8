"""The twelve scenes behind cards, six light and six dark, each with its text colour. Called by `cards`."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PIL import Image

from bot.domain.cards import day, night
from bot.domain.cards.brushes import Colour

DARK_INK, LIGHT_INK = (31, 42, 46), (250, 247, 240)


class Spot(NamedTuple):
    """A circle in a painting, in its units."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Background:
    """A painting, and how a text stands on it.

    `ink` is the colour of the text. `shows` is the part of the painting that every card shows: its top and bottom, in
    the painting's units. `heights` is where a text may stand in the free space, from 0 (top) to 1 (bottom).
    `is_one_sided`: a text may begin at the left instead of standing in the middle. `is_busy`: the painting has small
    bright things, which are softened behind the text. `moon` is whole on every card, above the text.
    """

    name: str
    paint: Callable[[], Image.Image]
    ink: Colour
    shows: tuple[float, float] = (400, 700)
    heights: tuple[float, float] = (0.4, 0.6)
    is_one_sided: bool = False
    is_busy: bool = False
    moon: Spot | None = None

    @property
    def is_light(self) -> bool:
        """Whether dark text stands on it."""
        return self.ink != LIGHT_INK


LIGHT = (
    Background("mist", day.paint_mist, DARK_INK),
    Background("dawn", day.paint_dawn, DARK_INK, (300, 940), (0.15, 0.4), is_one_sided=True),
    Background("dunes", day.paint_dunes, (58, 42, 32), (330, 900), (0.25, 0.8), is_one_sided=True),
    Background("hills", day.paint_hills, DARK_INK, (300, 900), (0.15, 0.4), is_one_sided=True),
    Background("linen", day.paint_linen, (56, 46, 38), (60, 800), (0.45, 0.8), is_one_sided=True),
    Background("ripples", day.paint_ripples, DARK_INK, (300, 960), (0.25, 0.5)),
)
DARK = (
    Background("moonlight", night.paint_moonlight, LIGHT_INK, (96, 905), (0.3, 0.55), moon=Spot(540, 200, 52)),
    Background("rain", night.paint_rain, LIGHT_INK, (300, 940), (0.3, 0.6), is_one_sided=True, is_busy=True),
    Background("dusk", night.paint_dusk, LIGHT_INK, (300, 930), (0.15, 0.4), is_one_sided=True),
    Background("depth", night.paint_depth, LIGHT_INK, (0, 700), (0.5, 0.8), is_busy=True),
    Background("pines", night.paint_pines, LIGHT_INK, (300, 930), (0.1, 0.35), is_one_sided=True),
    Background("stars", night.paint_stars, LIGHT_INK, (300, 1030), (0.3, 0.55), is_one_sided=True, is_busy=True),
)
BACKGROUNDS = tuple(background for pair in zip(LIGHT, DARK, strict=True) for background in pair)


def crop(background: Background, side: int, corner: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Returns what a card of this size shows of the painting, which is `side` pixels wide and high.

    Each scene is painted once per process. It is cached as JPEG to save memory, and in each size to save time.
    """
    left, top = corner
    return _opened(_in_size(background, side)).crop((left, top, left + size[0], top + size[1]))


@lru_cache(maxsize=4 * len(BACKGROUNDS))
def _in_size(background: Background, side: int) -> bytes:
    return _packed(_opened(_painted(background)).resize((side, side), Image.Resampling.BICUBIC))


@lru_cache(maxsize=len(BACKGROUNDS))
def _painted(background: Background) -> bytes:
    return _packed(background.paint())


def _packed(picture: Image.Image) -> bytes:
    with io.BytesIO() as file:
        picture.save(file, "JPEG", quality=95)
        return file.getvalue()


def _opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return picture
