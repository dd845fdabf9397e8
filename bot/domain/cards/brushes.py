"""What backgrounds are painted with: washes, clouds, glows, ridges, streaks, grain. Called by `day` and `night`.

A mask is a grey picture that says how much of a colour goes where. Chance comes from a seeded generator, so that the
same painting comes out every time.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 1080  # pixels; what Telegram shows on a phone without making it smaller
SIZE = (SIDE, SIDE)
Colour = tuple[int, int, int]


def wash(*stops: tuple[float, Colour]) -> Image.Image:
    """From top to bottom through colours, each at its place between 0 and 1."""
    column = Image.new("RGB", (1, SIDE))
    column.putdata([_between(stops, y / (SIDE - 1)) for y in range(SIDE)])
    return column.resize(SIZE)


def ramp(*stops: tuple[float, int]) -> Image.Image:
    """A mask that changes from top to bottom only."""
    return wash(*((place, (value, value, value)) for place, value in stops)).getchannel("R")


def cloud(chance: Random, columns: int, rows: int, *, octaves: int = 4) -> Image.Image:
    """A mask of soft patches; there are about `columns` times `rows` of the largest."""
    total = Image.new("L", SIZE, 128)
    for octave in range(octaves, 0, -1):
        size = (columns * 2 ** (octave - 1) + 3, rows * 2 ** (octave - 1) + 3)
        patches = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
        total = Image.blend(total, patches.resize(SIZE, Image.Resampling.BICUBIC), 0.55)
    low, high = total.getextrema()
    return total.point([round(255 * _ease((each - low) / (high - low))) for each in range(256)])  # type: ignore[operator] # of a grey picture they are two numbers


def glow(x: float, y: float, radius: float, *, flat: float = 1) -> Image.Image:
    """A mask that is brightest at a point and fades out towards the radius; below 1, `flat` presses it together."""
    width, height = round(2 * radius), round(2 * radius * flat)
    # Pillow's gradient is full at the corners, not at the sides: there the glow has to be gone.
    parts = [1 - each * math.sqrt(2) / 255 for each in range(256)]
    spot = Image.radial_gradient("L").point([round(255 * _ease(part) ** 1.5) for part in parts])
    mask = Image.new("L", SIZE)
    mask.paste(spot.resize((width, height), Image.Resampling.BICUBIC), (round(x - width / 2), round(y - height / 2)))
    return mask


def ridge(chance: Random, level: float, swing: float, waves: float, *, roughness: float = 0.5) -> Image.Image:
    """A mask of all that is below a wavy line: at about `level`, up and down by `swing` pixels, `waves` across."""
    parts = [(waves * 1.9**each, roughness**each, chance.uniform(0, math.tau)) for each in range(4)]
    whole = sum(weight for _, weight, _ in parts)

    def height(x: float) -> float:
        return level + swing / whole * sum(
            weight * math.sin(math.tau * frequency * x / SIDE + phase) for frequency, weight, phase in parts
        )

    line = [(x, height(x)) for x in range(-4, SIDE + 5, 4)]
    return shapes(lambda draw: draw.polygon([*_twice(line), (2 * SIDE + 8, 2 * SIDE), (-8, 2 * SIDE)], fill=255))


def shapes(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """A mask of what is drawn, at twice the size, so that edges are smooth."""
    large = Image.new("L", (2 * SIDE, 2 * SIDE))
    draw(ImageDraw.Draw(large))
    return large.reduce(2)


def soften(mask: Image.Image, radius: float) -> Image.Image:
    return mask.filter(ImageFilter.GaussianBlur(radius))


def within(one: Image.Image, *others: Image.Image) -> Image.Image:
    """Where all masks are bright."""
    for other in others:
        one = ImageChops.multiply(one, other)
    return one


def inverse(mask: Image.Image) -> Image.Image:
    return mask.point([255 - each for each in range(256)])


def below(mask: Image.Image, pixels: int) -> Image.Image:
    """The same mask, moved down: what was above it is empty."""
    moved = Image.new("L", SIZE)
    moved.paste(mask, (0, pixels))
    return moved


def lay(picture: Image.Image, colour: Colour, mask: Image.Image, strength: float = 1) -> None:
    """Paint a colour onto the picture where the mask is bright."""
    picture.paste(colour, mask=mask.point([round(each * strength) for each in range(256)]))


def grain(picture: Image.Image, chance: Random, *, strength: int = 3) -> Image.Image:
    """A trace of noise, up to `strength` steps up or down, so that no gradient shows bands."""
    noise = Image.frombytes("L", SIZE, chance.randbytes(SIDE * SIDE))
    levels = noise.point([round(each / 255 * 2 * strength) for each in range(256)])
    grey = Image.merge("RGB", (levels, levels, levels))
    return ImageChops.subtract(ImageChops.add(picture, grey), Image.new("RGB", SIZE, (strength,) * 3))


def quiet() -> Image.Image:
    """A mask that is full at the rim, and faint where words stand: for small bright things."""
    words = soften(shapes(lambda draw: draw.rectangle((130, 240, 2 * SIDE - 130, 2 * SIDE), fill=255)), 32)
    return words.point([255 - round(each * 0.78) for each in range(256)])


def _between(stops: Sequence[tuple[float, Colour]], place: float) -> Colour:
    for (low, one), (high, other) in pairwise(stops):
        if place <= high:
            part = _ease((place - low) / (high - low)) if place > low else 0
            red, green, blue = (round(first + (last - first) * part) for first, last in zip(one, other, strict=True))
            return red, green, blue
    return stops[-1][1]


def _ease(part: float) -> float:
    """From 0 to 1, slow at both ends."""
    return (1 - math.cos(math.pi * min(1.0, max(0.0, part)))) / 2


def _twice(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(2 * x, 2 * y) for x, y in points]
