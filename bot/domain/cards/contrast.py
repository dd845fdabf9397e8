"""The contrast of text with its background (WCAG 2.2, success criterion 1.4.3), and a veil that raises it.

Called by `cards`.
"""

import math
from typing import cast

from PIL import Image, ImageChops

from bot.domain.cards import Box
from bot.domain.cards.brushes import Colour

RIM = 56  # pixels over which a veil fades out
FADING = [round(255 * (1 + math.cos(math.pi * pixels / (2 * RIM))) / 2) for pixels in range(2 * RIM + 1)]
HAZE = 0.85  # of what is behind the text becomes soft
THICKNESSES = range(0, 101, 8)  # of a veil, in hundredths
# How much each part of a colour adds to its luminance, for the values 0 to 255 (WCAG 2.2, "relative luminance").
LINEAR = tuple(
    part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    for part in (value / 255 for value in range(256))
)


def contrast(one: Colour, other: Colour) -> float:
    """Returns the contrast, from 1 (the same colour) to 21 (black on white)."""
    return _ratio(_luminance(*one), _luminance(*other))


def veil(picture: Image.Image, box: Box, ink: Colour, least: float, *, softens: bool = False) -> None:
    """Changes the picture within the box as little as `ink` needs to have the least contrast with each pixel there.

    `softens` blurs what is behind the text, as breath does on a window. The veil has no edge.
    """
    opposite: Colour = (12, 18, 28) if _luminance(*ink) > 0.5 else (252, 250, 246)
    if not softens and not _thickness(picture.crop(box), ink, opposite, least):
        return
    around = _around(box, picture.size)
    behind = picture.crop(around)
    mask = _mask(box, around)
    if softens:
        haze = behind.reduce((behind.width, 24)).resize((1, behind.height), Image.Resampling.BILINEAR)
        haze = haze.resize(behind.size, Image.Resampling.NEAREST)
        behind.paste(haze, mask=mask.point([round(level * HAZE) for level in range(256)]))
    if thickness := _thickness(behind.crop(_within(box, around)), ink, opposite, least):
        cloth = Image.new("RGB", behind.size, opposite)  # a picture is pasted faster than a colour
        behind.paste(cloth, mask=mask.point([round(level * thickness) for level in range(256)]))
    picture.paste(behind, around[:2])


def _thickness(behind: Image.Image, ink: Colour, opposite: Colour, least: float) -> float:
    """Returns how thick the veil has to be, from 0 to 1. The darkest or lightest of each channel stands for all."""
    extremes = cast("tuple[tuple[int, int], ...]", behind.getextrema())  # of an RGB picture
    worst = [high if opposite < ink else low for low, high in extremes]
    for hundredths in THICKNESSES:
        part = hundredths / 100
        red, green, blue = (round(one + (other - one) * part) for one, other in zip(worst, opposite, strict=True))
        if contrast(ink, (red, green, blue)) >= least:
            break
    return part


def _around(box: Box, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    room = 2 * RIM
    return max(0, left - room), max(0, top - room), min(size[0], right + room), min(size[1], bottom + room)


def _within(box: Box, around: Box) -> Box:
    left, top = around[:2]
    return box[0] - left, box[1] - top, box[2] - left, box[3] - top


def _mask(box: Box, around: Box) -> Image.Image:
    """Returns a mask that is full within the box and empty at the rim."""
    size = (around[2] - around[0], around[3] - around[1])
    left, top, right, bottom = _within(box, around)
    row, column = (
        Image.frombytes("L", shape, bytes(_fading(first, last, length)))
        for first, last, length, shape in (
            (left, right, size[0], (size[0], 1)),
            (top, bottom, size[1], (1, size[1])),
        )
    )
    return ImageChops.multiply(*(part.resize(size, Image.Resampling.NEAREST) for part in (row, column)))


def _fading(first: int, last: int, length: int) -> list[int]:
    """Returns levels: 255 between the two places, and less and less towards the ends."""
    return [FADING[max(first - place, place - last, 0)] for place in range(length)]


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(red: int, green: int, blue: int) -> float:
    return 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue]
