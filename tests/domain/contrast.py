"""The contrast of text with its background (WCAG 2.2, success criterion 1.4.3). For the tests of cards."""

from typing import cast

from PIL import Image

Colour = tuple[int, int, int]
# How much each part of a colour adds to its luminance, for the values 0 to 255 (WCAG 2.2, "relative luminance").
LINEAR = tuple(
    part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    for part in (value / 255 for value in range(256))
)


def contrast(one: Colour, other: Colour) -> float:
    """Returns the contrast, from 1 (the same colour) to 21 (black on white)."""
    return _ratio(_luminance(*one), _luminance(*other))


def least_contrast(ink: Colour, paper: Image.Image) -> float:
    """Returns the contrast of `ink` with the pixel of an RGB picture where it is least."""
    colours = paper.getcolors(maxcolors=paper.width * paper.height) or []
    return min(
        _ratio(_luminance(*ink), _luminance(*colour)) for _, colour in cast("list[tuple[int, Colour]]", colours)
    )  # of an RGB picture


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(red: int, green: int, blue: int) -> float:
    return 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue]
