"""The least contrast of text with a picture behind it. For the tests of cards."""

from typing import cast

from PIL import Image

from bot.domain.cards.brushes import Colour
from bot.domain.cards.contrast import contrast


def least_contrast(ink: Colour, paper: Image.Image) -> float:
    """Returns the contrast of `ink` with the pixel of an RGB picture where it is least."""
    colours = paper.getcolors(maxcolors=paper.width * paper.height) or []
    return min(contrast(ink, colour) for _, colour in cast("list[tuple[int, Colour]]", colours))  # of an RGB picture
