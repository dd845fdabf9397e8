"""python -m tools.draw_breath: draws messages/en/pictures/breath.gif, a circle that grows and shrinks like a breath.

Telegram turns a GIF into a video without transparency, so the picture brings its own background: a soft rounded panel
whose colours sit well in a light and in a dark chat.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).resolve().parent.parent / "messages" / "en" / "pictures" / "breath.gif"

SIDE = 480  # pixels
PANEL_MARGIN, PANEL_CORNER = 6, 110  # pixels
SMALLEST, LARGEST = 70, 136  # pixels: the circle's radius, to the middle of its soft edge
SOFT_EDGE = 36  # pixels: no pixel changes much from one frame to the next
FRAME = 100  # milliseconds
# Breathing out takes longer than breathing in; neither asks for a big breath.
GROWS, SHRINKS, RESTS = 4000, 6000, 1000  # milliseconds

Colour = tuple[int, int, int]
EDGE: Colour = (74, 92, 112)
PANEL: Colour = (84, 104, 125)
CIRCLE: Colour = (221, 213, 198)
# How many colours lead from the edge to the panel, and from the panel to the circle: each makes the file larger.
EDGE_TONES, CIRCLE_TONES = 8, 9


@dataclass(frozen=True, slots=True)
class Frame:
    image: Image.Image
    milliseconds: int


def main() -> None:
    """Write the picture where the catalogue looks for it."""
    first, *others = draw()
    TARGET.parent.mkdir(exist_ok=True)
    first.image.save(
        TARGET,
        save_all=True,
        append_images=[frame.image for frame in others],
        duration=[frame.milliseconds for frame in (first, *others)],
        loop=0,  # for ever
        interlace=False,  # smaller
    )


def draw() -> list[Frame]:
    """One breath, from small to large and back; it ends where it began."""
    distances, background = _distances(), _background()
    return [
        Frame(_frame(distances, background, SMALLEST + size * (LARGEST - SMALLEST)), milliseconds)
        for size, milliseconds in _sizes()
    ]


def _sizes() -> Iterator[tuple[float, int]]:
    """Yields sizes of the circle, from 0 to 1, with their duration in milliseconds."""
    yield 0, FRAME
    for elapsed in range(FRAME, GROWS, FRAME):
        yield _ease(elapsed / GROWS), FRAME
    yield 1, RESTS + FRAME
    for elapsed in range(FRAME, SHRINKS, FRAME):
        yield 1 - _ease(elapsed / SHRINKS), FRAME
    yield 0, RESTS


def _ease(part: float) -> float:
    """From 0 to 1, slow at both ends."""
    return (1 - math.cos(math.pi * part)) / 2


def _frame(distances: Image.Image, background: Image.Image, radius: float) -> Image.Image:
    """Returns a frame. A pixel's colour depends only on its distance from the middle, as far as the soft edge ends."""
    outermost = radius + SOFT_EDGE / 2
    tones = [
        EDGE_TONES + round(_ease(_within((outermost - distance) / SOFT_EDGE)) * CIRCLE_TONES) for distance in range(256)
    ]
    frame = background.copy()
    frame.paste(distances.point(tones), mask=distances.point([255 * (distance < outermost) for distance in range(256)]))
    return frame


def _distances() -> Image.Image:
    """Returns each pixel's distance from the middle, in whole pixels up to 255: the circle never reaches further."""
    middle = (SIDE - 1) / 2
    pixels = (min(255, round(math.hypot(x - middle, y - middle))) for y in range(SIDE) for x in range(SIDE))
    return Image.frombytes("L", (SIDE, SIDE), bytes(pixels))


def _background() -> Image.Image:
    """Returns the panel, with all colours of the picture in its palette. It is drawn larger first for a smooth rim."""
    scale = 4
    large = Image.new("L", (SIDE * scale, SIDE * scale), 0)
    low, high = PANEL_MARGIN * scale, (SIDE - PANEL_MARGIN) * scale - 1
    ImageDraw.Draw(large).rounded_rectangle((low, low, high, high), PANEL_CORNER * scale, fill=255)
    rim = large.resize((SIDE, SIDE), Image.Resampling.BOX)
    image = Image.frombytes("P", rim.size, rim.point([round(tone / 255 * EDGE_TONES) for tone in range(256)]).tobytes())
    image.putpalette([part for colour in _palette() for part in colour])
    return image


def _palette() -> Iterator[Colour]:
    yield from (_between(EDGE, PANEL, tone / EDGE_TONES) for tone in range(EDGE_TONES))
    yield from (_between(PANEL, CIRCLE, tone / CIRCLE_TONES) for tone in range(CIRCLE_TONES + 1))


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(low + (high - low) * part) for low, high in zip(one, other, strict=True))
    return red, green, blue


def _within(part: float) -> float:
    return min(1.0, max(0.0, part))


if __name__ == "__main__":
    main()
