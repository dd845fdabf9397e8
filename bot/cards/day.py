"""The light backgrounds. Called by `backgrounds`.

Words stand on everything but the outermost tenth and the strip at the top, so the paintings keep quiet there: no
pixel is darker than what dark ink still stands out from.
"""

import math
from functools import partial
from random import Random

from PIL import Image, ImageDraw

from bot.cards.brushes import (
    SIDE,
    below,
    cloud,
    glow,
    grain,
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
    picture = wash((0, (233, 240, 239)), (0.55, (245, 243, 238)), (1, (226, 234, 236)))
    lay(picture, (160, 196, 202), cloud(chance, 3, 2), 0.62)
    lay(picture, (236, 200, 190), within(cloud(chance, 2, 2), ramp((0, 40), (0.5, 255), (1, 60))), 0.6)
    for shade, softness in (((188, 208, 214), 2), ((176, 206, 204), 3), ((205, 199, 214), 2)):
        pool = cloud(chance, 2, 3).point([255 * (each > 150) for each in range(256)])
        inside = soften(pool, 26)
        lay(picture, shade, soften(pool, softness), 0.10)
        # Pigment gathers where a pool ends.
        lay(picture, shade, within(soften(pool, softness), inside.point([255 - each for each in range(256)])), 0.55)
    lay(picture, (255, 253, 248), glow(540, 470, 620), 0.55)
    return grain(picture, chance, strength=4)


def paint_dawn() -> Image.Image:
    """First light over still water."""
    chance = Random(23)
    horizon = 836
    picture = wash((0, (196, 214, 226)), (0.3, (222, 226, 226)), (0.56, (246, 228, 212)), (0.77, (252, 220, 192)))
    bars = within(cloud(chance, 2, 14), ramp((0, 200), (0.5, 150), (0.72, 60), (0.78, 0)))
    lay(picture, (236, 206, 204), bars, 0.55)
    lay(picture, (255, 246, 226), glow(700, horizon, 620, flat=0.75), 0.95)
    water = ramp((0.766, 0), (0.774, 255), (1, 255))
    picture.paste(wash((0.77, (240, 214, 194)), (0.86, (208, 210, 210)), (1, (176, 200, 210))), mask=water)
    lay(picture, (255, 248, 232), within(glow(700, horizon, 560, flat=0.9), water), 0.75)
    shimmer = within(cloud(chance, 5, 120, octaves=2), water)
    lay(picture, (255, 250, 238), within(shimmer, glow(700, 900, 520, flat=0.8)), 0.7)
    lay(picture, (168, 190, 202), within(cloud(chance, 4, 70, octaves=2), ramp((0.78, 0), (1, 255))), 0.4)
    far = within(soften(ridge(chance, horizon - 16, 14, 1.4), 1.5), ramp((0.772, 255), (0.776, 0)))
    lay(picture, (214, 196, 194), far, 0.75)
    return grain(picture, chance)


def paint_dunes() -> Image.Image:
    """Sand, and the light that lies along it."""
    chance = Random(31)
    picture = wash((0, (250, 238, 222)), (0.5, (247, 228, 206)), (1, (240, 214, 186)))
    lay(picture, (255, 248, 236), glow(300, 120, 560), 0.9)
    tones = ((238, 214, 188), (243, 219, 192), (232, 205, 176), (240, 214, 184), (226, 198, 168))
    for level, swing, waves, tone in zip(
        (410, 545, 690, 830, 960), (70, 90, 80, 70, 50), (0.55, 0.7, 0.5, 0.8, 0.6), tones, strict=True
    ):
        dune = ridge(chance, level, swing, waves, roughness=0.22)
        lay(picture, tone, dune, 0.85)
        crest = within(dune, below(dune, 150).point([255 - each for each in range(256)]))
        lay(picture, (255, 243, 224), soften(within(dune, soften(crest, 40)), 6), 0.5)
        lay(picture, tone, within(soften(below(dune, 90), 60), dune), 0.5)
    lay(picture, (214, 182, 150), cloud(chance, 3, 60, octaves=3), 0.10)
    return grain(picture, chance, strength=5)


def paint_hills() -> Image.Image:
    """Hills, one behind the other, each standing in the mist of the one in front."""
    chance = Random(47)
    picture = wash((0, (232, 238, 234)), (0.45, (244, 243, 234)), (1, (236, 238, 226)))
    lay(picture, (255, 250, 236), glow(760, 330, 520), 0.8)
    tones = ((214, 226, 220), (200, 217, 209), (190, 210, 198), (182, 203, 187), (174, 196, 176))
    for index, tone in enumerate(tones):
        hill = ridge(chance, 520 + index * 118, 72 - index * 6, 1.1 + index * 0.12, roughness=0.45)
        lay(picture, tone, within(soften(hill, 3.2 - index * 0.5), _fading(520 + index * 118)), 0.95)
    lay(picture, (250, 249, 242), within(cloud(chance, 2, 9), ramp((0.45, 0), (0.7, 180), (1, 120))), 0.35)
    return grain(picture, chance)


def paint_linen() -> Image.Image:
    """Paper of linen, with the shadow of leaves from a window."""
    chance = Random(59)
    picture = wash((0, (246, 241, 231)), (1, (238, 231, 219)))
    across = Image.frombytes("L", (90, SIDE), chance.randbytes(90 * SIDE)).resize(
        (SIDE, SIDE), Image.Resampling.BICUBIC
    )
    down = Image.frombytes("L", (SIDE, 90), chance.randbytes(90 * SIDE)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    light = ramp((0, 255), (1, 120))
    lay(picture, (255, 252, 244), within(glow(250, 240, 900), light), 0.8)
    lay(picture, (206, 196, 182), soften(shapes(lambda draw: _branches(draw, Random(60))), 11), 0.62)
    lay(picture, (196, 184, 166), across, 0.10)
    lay(picture, (255, 253, 247), down, 0.13)
    return grain(picture, chance, strength=4)


def paint_ripples() -> Image.Image:
    """Rings where a drop has fallen into clear water."""
    chance = Random(67)
    picture = wash((0, (222, 236, 236)), (0.6, (206, 227, 229)), (1, (186, 212, 217)))
    lay(picture, (240, 248, 246), cloud(chance, 2, 5), 0.6)
    for x, y, radii, strength in ((770, 880, range(40, 900, 74), 0.85), (210, 180, range(26, 330, 52), 0.6)):
        for number, radius in enumerate(radii):
            fading = strength * (1 - number / (len(radii) + 1)) ** 1.4
            ring = soften(shapes(partial(_ring, x=x, y=y, radius=radius, width=11)), 4)
            lay(picture, (250, 254, 252), ring, fading)
            shadow = soften(shapes(partial(_ring, x=x, y=y, radius=radius + 15, width=16)), 8)
            lay(picture, (150, 188, 196), shadow, fading * 0.75)
    return grain(picture, chance)


def _fading(level: float) -> Image.Image:
    """Full at the top of a hill, thin where its foot is in the mist."""
    top = (level - 90) / SIDE
    return ramp((top, 255), (min(top + 0.30, 1), 40))


def _ring(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, width: int) -> None:
    draw.ellipse(
        (2 * (x - radius), 2 * (y - radius * 0.42), 2 * (x + radius), 2 * (y + radius * 0.42)), outline=255, width=width
    )


def _branches(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for x, y, direction in ((1120.0, -60.0, 2.35), (1180.0, 300.0, 2.75), (760.0, -140.0, 2.0)):
        _branch(draw, chance, x, y, direction)


def _branch(draw: ImageDraw.ImageDraw, chance: Random, x: float, y: float, direction: float) -> None:
    for step in range(26):
        direction += chance.uniform(-0.06, 0.075)
        end = (x + 34 * math.cos(direction), y + 34 * math.sin(direction))
        draw.line((2 * x, 2 * y, 2 * end[0], 2 * end[1]), fill=255, width=max(3, 16 - step // 2))
        x, y = end
        for side in (-1, 1) if step > 2 else ():
            turn = direction + side * chance.uniform(0.6, 1.0)
            _leaf(draw, x, y, turn, chance.uniform(70, 120) * (1 - step / 40))


def _leaf(draw: ImageDraw.ImageDraw, x: float, y: float, turn: float, length: float) -> None:
    """From its stalk along one side to the tip, and back along the other."""
    points = []
    for side, parts in ((1, range(21)), (-1, range(20, -1, -1))):
        for part in parts:
            along = part / 20 * length
            across = side * math.sin(math.pi * part / 20) * length * 0.17
            points.append(
                (
                    2 * (x + along * math.cos(turn) - across * math.sin(turn)),
                    2 * (y + along * math.sin(turn) + across * math.cos(turn)),
                )
            )
    draw.polygon(points, fill=255)
