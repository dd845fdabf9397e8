"""Brushes for the paintings: washes, clouds, glows, ridges, grain. Called by `day` and `night`, and by `paper`.

A mask is a greyscale picture that says how much of a colour goes where. Random numbers come from a seeded generator, so
that a painting looks the same every time.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 1080  # of a painting, in the units of all places and lengths here
FINENESS = 4 / 3  # pixels a unit: a card shows a part of the painting
PIXELS = round(SIDE * FINENESS)
SIZE = (PIXELS, PIXELS)
COARSE = 8  # units: a blur from here on leaves no details
Colour = tuple[int, int, int]


def wash(*stops: tuple[float, Colour]) -> Image.Image:
    """Returns a vertical gradient; each stop is a place from 0 (top) to 1 (bottom) and its colour."""
    column = Image.new("RGB", (1, PIXELS))
    column.putdata([_between(stops, y / (PIXELS - 1)) for y in range(PIXELS)])
    return column.resize(SIZE, Image.Resampling.NEAREST)


def ramp(*stops: tuple[float, int]) -> Image.Image:
    """Returns a mask with a vertical gradient from 0 to 255; stops as in `wash`."""
    return wash(*((place, (value, value, value)) for place, value in stops)).getchannel("R")


def cloud(chance: Random, columns: int, rows: int, *, octaves: int = 4) -> Image.Image:
    """Returns a mask of soft patches, about `columns` times `rows` of the largest."""
    coarse = (PIXELS // 2, PIXELS // 2)  # it has no details that would need more
    total = Image.new("L", coarse, 128)
    for octave in range(octaves, 0, -1):
        size = (columns * 2 ** (octave - 1) + 3, rows * 2 ** (octave - 1) + 3)
        patches = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
        total = Image.blend(total, patches.resize(coarse, Image.Resampling.BICUBIC), 0.55)
    low, high = total.getextrema()
    total = total.resize(SIZE, Image.Resampling.BILINEAR)
    return total.point([round(255 * _ease((level - low) / (high - low))) for level in range(256)])  # type: ignore[operator] # the extrema of a greyscale picture are two numbers


def glow(x: float, y: float, radius: float, *, flat: float = 1) -> Image.Image:
    """Returns a mask that is brightest at a point and fades out to the radius; `flat` below 1 squeezes its height."""
    width, height = round(2 * radius * FINENESS), round(2 * radius * flat * FINENESS)
    # Pillow's gradient ends at the corners; the glow has to end at the sides.
    parts = [1 - level * math.sqrt(2) / 255 for level in range(256)]
    spot = Image.radial_gradient("L").point([round(255 * _ease(part) ** 1.5) for part in parts])
    mask = Image.new("L", SIZE)
    corner = (round(x * FINENESS - width / 2), round(y * FINENESS - height / 2))
    mask.paste(spot.resize((width, height), Image.Resampling.BILINEAR), corner)
    return mask


def ridge(chance: Random, level: float, swing: float, waves: float, *, roughness: float = 0.5) -> Image.Image:
    """Returns a mask of the area below a line of `waves` waves around `level`, `swing` units up and down."""
    parts = [(waves * 1.9**octave, roughness**octave, chance.uniform(0, math.tau)) for octave in range(4)]
    whole = sum(weight for _, weight, _ in parts)

    def height(x: float) -> float:
        return level + swing / whole * sum(
            weight * math.sin(math.tau * frequency * x / SIDE + phase) for frequency, weight, phase in parts
        )

    line = [(x, height(x)) for x in range(-4, SIDE + 5, 4)]
    return shapes(lambda draw: draw.polygon([*_twice(line), (2 * SIDE + 8, 2 * SIDE), (-8, 2 * SIDE)], fill=255))


def shapes(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """Returns a mask of what `draw` draws, with two pixels a unit; the canvas is larger, so that edges are smooth."""
    large = Image.new("L", (2 * SIDE, 2 * SIDE))
    draw(ImageDraw.Draw(large))
    return large.resize(SIZE, Image.Resampling.BOX)


def soften(mask: Image.Image, radius: float) -> Image.Image:
    """Returns the mask, blurred by `radius` units."""
    if radius < COARSE:
        return mask.filter(ImageFilter.GaussianBlur(radius * FINENESS))
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(radius * FINENESS / 4))  # much faster, and looks the same
    return small.resize(SIZE, Image.Resampling.BILINEAR)


def within(one: Image.Image, *others: Image.Image) -> Image.Image:
    """Returns a mask that is bright where all masks are."""
    for other in others:
        one = ImageChops.multiply(one, other)
    return one


def inverse(mask: Image.Image) -> Image.Image:
    """Returns the mask with bright and dark exchanged."""
    return mask.point([255 - level for level in range(256)])


def below(mask: Image.Image, units: int) -> Image.Image:
    """Returns the mask, moved down by `units`, with an empty strip above."""
    moved = Image.new("L", SIZE)
    moved.paste(mask, (0, round(units * FINENESS)))
    return moved


def lay(picture: Image.Image, colour: Colour, mask: Image.Image, strength: float = 1) -> None:
    """Paint a colour onto the picture where the mask is bright. Changes the picture."""
    paint = Image.new("RGB", picture.size, colour)  # a picture is pasted faster than a colour
    picture.paste(paint, mask=mask.point([round(level * strength) for level in range(256)]))


@lru_cache(maxsize=2)  # the formats of cards
def grain(size: tuple[int, int], strength: int) -> Image.Image:
    """Returns noise of up to `strength` levels up or down, modulo 256, to be added to a picture of this size.

    With it gradients show no bands. The picture must have no levels within `strength` of 0 and 255.
    """
    levels = [(round(level / 255 * 2 * strength) - strength) % 256 for level in range(256)]
    noise = Image.frombytes("L", size, Random(7).randbytes(size[0] * size[1])).point(levels)
    return Image.merge("RGB", (noise, noise, noise))


def _between(stops: Sequence[tuple[float, Colour]], place: float) -> Colour:
    for (low, one), (high, other) in pairwise(stops):
        if place <= high:
            part = _ease((place - low) / (high - low)) if place > low else 0
            red, green, blue = (round(first + (last - first) * part) for first, last in zip(one, other, strict=True))
            return red, green, blue
    return stops[-1][1]


def _ease(part: float) -> float:
    """Returns a part from 0 to 1, eased in and out by a cosine."""
    return (1 - math.cos(math.pi * min(1.0, max(0.0, part)))) / 2


def _twice(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(2 * x, 2 * y) for x, y in points]
