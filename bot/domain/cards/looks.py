"""The look of a card: crop, hour and tint of its scene, and where the text stands. Pure. Called by `cards`.

All of it follows from the affirmation's id: two cards of one scene differ, and a card is always the same.
"""

import hashlib
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageOps

from bot.domain.cards.backgrounds import BACKGROUNDS, Background, crop
from bot.domain.cards.brushes import SIDE, grain

# Sides of a painting in pixels: the card is cut out of it. A portrait is as high as nearly all of it.
SIDES, SIDES_OF_PORTRAIT = (1200, 1320, 1440), (2000,)
GRAIN = 3  # levels
AROUND_MOON = 60  # units of the painting that stay free around the moon
ONE_SIDED = 0.5  # of the cards of a scene that allows it
# What warmth, from -1 to 1, and rose, from -0.4 to 1, add to red, green and blue, as parts of the light.
DAY_WARMTH, DAY_ROSE, DAY_DIMMEST = (0.035, -0.015, -0.115), (0.02, -0.035, -0.005), 0.92
NIGHT_WARMTH, NIGHT_ROSE, NIGHT_DIMMEST = (0.2, -0.02, -0.2), (0.14, -0.07, 0.1), 0.8


@dataclass(frozen=True, slots=True)
class Look:
    """How the card of one affirmation looks.

    It is cut out of a painting of `side` pixels, at `corner`, the left and the top. `light` is what remains of red,
    green and blue. `height` is where the text stands in the free space, from 0 (top) to 1 (bottom).
    """

    background: Background
    side: int
    corner: tuple[int, int]
    is_mirrored: bool
    light: tuple[float, float, float]
    is_left: bool
    height: float

    @property
    def foot_of_moon(self) -> int:
        """The lowest pixel of the moon; 0 where there is no moon."""
        moon = self.background.moon
        return round((moon.y + moon.radius) * self.side / SIDE) - self.corner[1] if moon else 0


def background_of(key: str) -> Background:
    """Returns the background of an affirmation, the same for its id every time."""
    number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest())
    return BACKGROUNDS[number % len(BACKGROUNDS)]


def look_of(key: str, size: tuple[int, int]) -> Look:
    """Returns the look of an affirmation's card of this size in pixels."""
    background = background_of(key)
    chance = Random(hashlib.blake2b(key.encode(), digest_size=8, person=b"look").digest())
    side = chance.choice(SIDES if size[0] == size[1] else SIDES_OF_PORTRAIT)
    return Look(
        background=background,
        side=side,
        corner=_corner(background, chance, side, size),
        is_mirrored=chance.random() < 0.5,
        light=_light(background, chance),
        is_left=chance.random() < ONE_SIDED and background.is_one_sided,
        height=_between(chance, *background.heights),
    )


def paper(look: Look, size: tuple[int, int]) -> Image.Image:
    """Returns the scene in this look, to write on."""
    picture = crop(look.background, look.side, look.corner, size)
    if look.is_mirrored:
        picture = ImageOps.mirror(picture)
    return ImageChops.add_modulo(picture.point(_tones(look)), grain(size, GRAIN))


def _tones(look: Look) -> list[int]:
    """Returns what becomes of each level of red, green and blue. By night, what shines keeps its colour."""
    kept = [0.0] * 256 if look.background.is_light else [level / 255 for level in range(256)]
    return [
        min(255 - GRAIN, max(GRAIN, round(level * (part + (1 - part) * kept[level]))))
        for part in look.light
        for level in range(256)
    ]


def _light(background: Background, chance: Random) -> tuple[float, float, float]:
    warms, roses, dimmest = (
        (DAY_WARMTH, DAY_ROSE, DAY_DIMMEST) if background.is_light else (NIGHT_WARMTH, NIGHT_ROSE, NIGHT_DIMMEST)
    )
    warmth, rose, whole = chance.uniform(-1, 1), chance.uniform(-0.4, 1), chance.uniform(dimmest, 1)
    red, green, blue = (whole * (1 + warmth * warm + rose * rosy) for warm, rosy in zip(warms, roses, strict=True))
    return red, green, blue


def _corner(background: Background, chance: Random, side: int, size: tuple[int, int]) -> tuple[int, int]:
    pixels = side / SIDE
    first, last = (place * pixels for place in background.shows)
    top = _between(chance, max(0, last - size[1]), min(side - size[1], first))
    leftmost, rightmost = 0.0, float(side - size[0])
    if moon := background.moon:
        around = moon.radius + AROUND_MOON
        leftmost = max(leftmost, (moon.x + around) * pixels - size[0])
        rightmost = min(rightmost, (moon.x - around) * pixels)
    return round(_between(chance, leftmost, rightmost)), round(top)


def _between(chance: Random, low: float, high: float) -> float:
    return low + (high - low) * chance.random()
