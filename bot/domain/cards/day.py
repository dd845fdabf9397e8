"""The light scenes: no pixel is so dark that dark ink needs more than a thin veil on it. Called by `backgrounds`."""

import math
from functools import partial
from random import Random

from PIL import Image, ImageDraw

from bot.domain.cards.brushes import (
    PIXELS,
    SIDE,
    SIZE,
    below,
    cloud,
    glow,
    inverse,
    lay,
    ramp,
    ridge,
    shapes,
    soften,
    wash,
    within,
)


def paint_mist() -> Image.Image:
    """Watercolour that has run and dried: cool mist, a breath of rose."""
    chance = Random(11)
    picture = wash((0, (226, 236, 238)), (0.5, (247, 245, 240)), (1, (222, 231, 235)))
    lay(picture, (158, 194, 204), within(cloud(chance, 1, 2), ramp((0, 255), (0.5, 90), (1, 255))), 0.7)
    lay(picture, (236, 196, 186), within(cloud(chance, 1, 2, octaves=3), ramp((0, 20), (0.62, 255), (1, 60))), 0.7)
    for shade, least in (((150, 186, 200), 128), ((196, 186, 206), 150)):
        pool = cloud(chance, 1, 2, octaves=6).point([255 * (level > least) for level in range(256)])
        uneven = cloud(chance, 3, 3)
        lay(picture, shade, within(soften(pool, 2), uneven), 0.22)
        # Pigment gathers where a pool ends.
        lay(picture, shade, within(soften(pool, 1.5), inverse(soften(pool, 14)), uneven), 0.6)
    lay(picture, (255, 253, 249), glow(540, 480, 900), 0.5)
    return picture


def paint_dawn() -> Image.Image:
    """First light over still water."""
    chance = Random(23)
    horizon = 836
    picture = wash((0, (196, 214, 226)), (0.3, (222, 226, 226)), (0.56, (246, 228, 212)), (0.77, (252, 220, 192)))
    bars = within(cloud(chance, 2, 14), ramp((0, 200), (0.5, 150), (0.72, 60), (0.78, 0)))
    lay(picture, (236, 206, 204), bars, 0.55)
    lay(picture, (255, 246, 226), glow(700, horizon, 870, flat=0.75), 0.95)
    water = ramp((0.766, 0), (0.774, 255), (1, 255))
    picture.paste(wash((0.77, (240, 214, 194)), (0.86, (208, 210, 210)), (1, (176, 200, 210))), mask=water)
    lay(picture, (255, 248, 232), within(glow(700, horizon, 790, flat=0.9), water), 0.75)
    shimmer = within(cloud(chance, 5, 120, octaves=2), water)
    lay(picture, (255, 250, 238), within(shimmer, glow(700, 900, 730, flat=0.8)), 0.7)
    lay(picture, (168, 190, 202), within(cloud(chance, 4, 70, octaves=2), ramp((0.78, 0), (1, 255))), 0.4)
    far = within(soften(ridge(chance, horizon - 16, 14, 1.4), 1.5), ramp((0.772, 255), (0.776, 0)))
    lay(picture, (214, 196, 194), far, 0.75)
    return picture


def paint_dunes() -> Image.Image:
    """Sand, and the light that lies along it."""
    chance = Random(31)
    picture = wash((0, (241, 231, 222)), (0.38, (252, 240, 224)))
    lay(picture, (255, 250, 240), glow(250, 330, 730), 0.9)
    tones = ((244, 222, 198), (240, 214, 188), (238, 208, 178), (234, 202, 170), (228, 194, 160))
    for level, tone, waves in zip((440, 560, 690, 830, 965), tones, (0.55, 0.7, 0.5, 0.8, 0.6), strict=True):
        dune = ridge(chance, level, 62, waves, roughness=0.2)
        sand = wash((level / SIDE - 0.06, (252, 235, 212)), (level / SIDE + 0.22, tone))
        picture.paste(sand, mask=soften(dune, 0.8))
        lay(picture, (255, 246, 230), within(dune, inverse(soften(below(dune, 64), 34))), 0.55)
        lee = within(dune, soften(below(dune, 24), 60), ridge(chance, level + 60, 90, waves * 1.3, roughness=0.2))
        lay(picture, (208, 170, 136), within(lee, below(glow(820, level, 870), 40)), 0.42)
    lay(picture, (206, 172, 138), within(cloud(chance, 3, 80, octaves=3), ramp((0.4, 0), (0.6, 255))), 0.12)
    return picture


def paint_hills() -> Image.Image:
    """Hills, one behind the other, each standing in the mist of the one in front."""
    chance = Random(47)
    picture = wash((0, (232, 238, 234)), (0.45, (244, 243, 234)), (1, (236, 238, 226)))
    lay(picture, (255, 250, 236), glow(760, 330, 730), 0.8)
    tones = ((214, 226, 220), (200, 217, 209), (190, 210, 198), (182, 203, 187), (174, 196, 176))
    for index, tone in enumerate(tones):
        hill = ridge(chance, 520 + index * 118, 72 - index * 6, 1.1 + index * 0.12, roughness=0.45)
        lay(picture, tone, within(soften(hill, 3.2 - index * 0.5), _fading(520 + index * 118)), 0.95)
    lay(picture, (250, 249, 242), within(cloud(chance, 2, 9), ramp((0.45, 0), (0.7, 180), (1, 120))), 0.35)
    return picture


def paint_linen() -> Image.Image:
    """Paper of linen, with the shadow of leaves from a window."""
    chance = Random(59)
    picture = wash((0, (246, 241, 231)), (1, (238, 231, 219)))
    across = Image.frombytes("L", (120, PIXELS), chance.randbytes(120 * PIXELS)).resize(SIZE, Image.Resampling.BICUBIC)
    down = Image.frombytes("L", (PIXELS, 120), chance.randbytes(120 * PIXELS)).resize(SIZE, Image.Resampling.BICUBIC)
    light = ramp((0, 255), (1, 120))
    lay(picture, (255, 252, 244), within(glow(250, 240, 1270), light), 0.8)
    leaves = shapes(partial(_branches, chance=chance))
    lay(picture, (203, 195, 184), soften(leaves, 8), 0.5)
    lay(picture, (203, 195, 184), soften(below(leaves, 26), 22), 0.35)
    lay(picture, (196, 184, 166), across, 0.10)
    lay(picture, (255, 253, 247), down, 0.13)
    return picture


def paint_ripples() -> Image.Image:
    """Rings where a drop has fallen into clear water."""
    chance = Random(67)
    picture = wash((0, (222, 236, 236)), (0.6, (206, 227, 229)), (1, (186, 212, 217)))
    lay(picture, (240, 248, 246), cloud(chance, 2, 5), 0.6)
    for x, y, radii in ((770, 880, range(40, 900, 74)), (210, 180, range(26, 330, 52))):
        lay(picture, (150, 188, 196), soften(shapes(partial(_rings, x=x, y=y + 7, radii=radii, width=16)), 8), 0.65)
        lay(picture, (250, 254, 252), soften(shapes(partial(_rings, x=x, y=y, radii=radii, width=11)), 4), 0.8)
    return picture


def _fading(level: float) -> Image.Image:
    """Returns a mask that is full at the top of a hill and thin at its foot, which is in the mist."""
    top = (level - 90) / SIDE
    return ramp((top, 255), (min(top + 0.30, 1), 40))


def _rings(draw: ImageDraw.ImageDraw, x: float, y: float, radii: range, width: int) -> None:
    """Draw rings that get fainter with their radius."""
    for number, radius in enumerate(radii):
        brightness = round(255 * (1 - number / (len(radii) + 1)) ** 1.4)
        box = (2 * (x - radius), 2 * (y - radius * 0.42), 2 * (x + radius), 2 * (y + radius * 0.42))
        draw.ellipse(box, outline=brightness, width=width)


def _branches(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for x, y, direction, steps in ((1130.0, 60.0, 2.75, 12), (980.0, -70.0, 2.2, 7), (-60.0, 1030.0, -0.35, 6)):
        _branch(draw, chance, (x, y), direction, steps)


def _branch(
    draw: ImageDraw.ImageDraw, chance: Random, place: tuple[float, float], direction: float, steps: int
) -> None:
    """Draw a twig with a pair of leaves at each step, smaller towards its end, and one leaf at the tip."""
    x, y = place
    for step in range(steps):
        for side in (-1, 1):
            turn = direction + side * chance.uniform(0.45, 0.85)
            _leaf(draw, x, y, turn, chance.uniform(120, 180) * (1 - 0.5 * step / steps))
        direction += chance.uniform(-0.09, 0.11)
        end = (x + 62 * math.cos(direction), y + 62 * math.sin(direction))
        draw.line((2 * x, 2 * y, 2 * end[0], 2 * end[1]), fill=255, width=max(4, 14 - step))
        x, y = end
    _leaf(draw, x, y, direction, 100)


def _leaf(draw: ImageDraw.ImageDraw, x: float, y: float, turn: float, length: float) -> None:
    """Draw a leaf: from its stalk along one side to the tip, and back along the other."""
    points = []
    for side, parts in ((1, range(21)), (-1, range(20, -1, -1))):
        for part in parts:
            along = part / 20 * length
            across = side * math.sin(math.pi * part / 20) * length * 0.13
            points.append(
                (
                    2 * (x + along * math.cos(turn) - across * math.sin(turn)),
                    2 * (y + along * math.sin(turn) + across * math.cos(turn)),
                )
            )
    draw.polygon(points, fill=255)
