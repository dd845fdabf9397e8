"""The dark scenes. Called by `backgrounds`."""

from collections.abc import Sequence
from functools import partial
from random import Random

from PIL import Image, ImageDraw

from bot.domain.cards.brushes import SIDE, cloud, glow, lay, ramp, ridge, shapes, soften, wash, within


def paint_moonlight() -> Image.Image:
    """A moon over the sea."""
    chance = Random(71)
    picture = wash((0, (24, 38, 62)), (0.5, (30, 48, 76)), (0.78, (52, 74, 100)), (1, (52, 74, 100)))
    lay(picture, (66, 88, 116), within(cloud(chance, 2, 7), ramp((0, 160), (0.7, 120), (0.78, 0))), 0.35)
    lay(picture, (92, 112, 138), glow(540, 200, 610), 0.5)
    moon = soften(shapes(lambda draw: draw.ellipse((2 * 490, 2 * 150, 2 * 590, 2 * 250), fill=255)), 1.2)
    lay(picture, (228, 226, 214), moon, 0.95)
    lay(picture, (186, 188, 184), within(moon, cloud(chance, 12, 12, octaves=2)), 0.4)
    water = ramp((0.775, 0), (0.780, 255), (1, 255))
    picture.paste(wash((0.77, (40, 60, 86)), (1, (16, 27, 46))), mask=water)
    path = within(
        cloud(chance, 4, 95, octaves=2).point([max(0, level - 120) * 255 // 135 for level in range(256)]), water
    )
    lay(picture, (112, 128, 146), within(path, glow(540, 940, 590, flat=1)), 0.55)
    far = within(ridge(chance, 826, 16, 1.2), ramp((0.778, 255), (0.782, 0)))
    lay(picture, (34, 52, 76), far, 0.9)
    return picture


def paint_rain() -> Image.Image:
    """Rain on a window, and the lights of a street far away."""
    chance = Random(83)
    picture = wash((0, (30, 46, 58)), (0.6, (36, 56, 66)), (1, (24, 37, 46)))
    lay(picture, (52, 76, 84), cloud(chance, 3, 3), 0.5)
    for colour in ((104, 80, 60), (66, 92, 98), (98, 72, 62)):
        lights = [
            (chance.uniform(0, SIDE), chance.uniform(680, 1060), chance.uniform(34, 84), chance.randrange(90, 256))
            for _ in range(6)
        ]
        lay(picture, colour, soften(shapes(partial(_dots, dots=lights)), 6), 0.5)
    drops = [(chance.uniform(0, SIDE), chance.uniform(0, SIDE), 2 + 11 * chance.random() ** 3, 255) for _ in range(520)]
    whole = soften(shapes(partial(_dots, dots=drops)), 0.8)
    lay(picture, (18, 30, 38), whole, 0.4)
    inside = soften(shapes(partial(_dots, dots=_moved(drops, 0.1, 0.35, 0.72))), 2.5)
    lay(picture, (84, 106, 112), within(whole, inside), 0.8)
    lay(picture, (150, 164, 166), soften(shapes(partial(_dots, dots=_moved(drops, -0.3, -0.45, 0.2))), 0.7), 0.8)
    return picture


def paint_dusk() -> Image.Image:
    """The last light behind the hills."""
    chance = Random(97)
    picture = wash((0, (38, 36, 66)), (0.35, (66, 50, 84)), (0.6, (84, 56, 80)), (0.78, (101, 63, 71)))
    lay(picture, (96, 70, 92), within(cloud(chance, 2, 12), ramp((0, 120), (0.6, 220), (0.75, 0))), 0.35)
    lay(picture, (128, 75, 62), glow(380, 880, 730, flat=0.36), 0.44)
    for index, tone in enumerate(((84, 54, 72), (66, 45, 67), (50, 38, 60), (32, 27, 47))):
        hill = ridge(chance, 790 + index * 68, 44 - index * 5, 0.9 + index * 0.2, roughness=0.5)
        lay(picture, tone, soften(hill, 1.6 - index * 0.3), 0.92)
    return picture


def paint_depth() -> Image.Image:
    """Light that falls into deep water."""
    chance = Random(101)
    picture = wash((0, (48, 108, 112)), (0.16, (20, 70, 80)), (0.7, (12, 52, 66)), (1, (7, 32, 46)))
    for _ in range(13):
        x, w = chance.uniform(-100, SIDE + 100), chance.uniform(20, 90)
        bottom = (x - 540) * 2.4 + 540
        lay_mask = shapes(partial(_beam, top=x, bottom=bottom, width=w))
        lay(
            picture,
            (120, 176, 170),
            within(soften(lay_mask, 22), ramp((0, 255), (0.1, 255), (0.7, 0))),
            chance.uniform(0.05, 0.13),
        )
    lay(picture, (150, 196, 186), within(cloud(chance, 8, 14, octaves=3), ramp((0, 255), (0.16, 0))), 0.35)
    motes = [
        (chance.uniform(0, SIDE), chance.uniform(80, SIDE), 1.5 + 6 * chance.random() ** 3, 255) for _ in range(60)
    ]
    lay(picture, (130, 176, 172), soften(shapes(partial(_dots, dots=motes)), 2.5), 0.5)
    return picture


def paint_pines() -> Image.Image:
    """A wood in the fog, before it is light."""
    chance = Random(113)
    picture = wash((0, (42, 66, 78)), (0.5, (58, 82, 91)), (1, (54, 77, 84)))
    for index, tone in enumerate(((51, 75, 84), (42, 66, 73), (31, 52, 59), (19, 37, 43))):
        level = 640 + index * 105
        lay(
            picture,
            tone,
            soften(shapes(partial(_wood, chance=chance, level=level, tall=120 + index * 34)), 2.2 - index * 0.5),
            0.85,
        )
        lay(
            picture,
            (60, 84, 92),
            within(cloud(chance, 2, 6), ramp(((level - 20) / SIDE, 0), (min(1, (level + 130) / SIDE), 255))),
            0.5 - index * 0.1,
        )
    return picture


def paint_stars() -> Image.Image:
    """A clear night far from any town."""
    chance = Random(127)
    picture = wash((0, (16, 20, 44)), (0.6, (28, 34, 64)), (0.86, (48, 52, 84)), (1, (48, 52, 84)))
    band = soften(shapes(lambda draw: draw.polygon([(0, 1700), (0, 1000), (2160, 160), (2160, 900)], fill=255)), 120)
    lay(picture, (78, 78, 116), within(band, cloud(chance, 4, 4)), 0.6)
    stars = [
        (chance.uniform(0, SIDE), chance.uniform(0, 900), 1.3 + 1.4 * chance.random() ** 5, chance.randrange(90, 256))
        for _ in range(520)
    ]
    lay(picture, (196, 198, 218), soften(shapes(partial(_dots, dots=stars)), 0.7), 1)
    lay(picture, (13, 16, 33), ridge(chance, 950, 40, 1.3), 0.96)
    return picture


def _moved(
    dots: Sequence[tuple[float, float, float, int]], right: float, down: float, scale: float
) -> list[tuple[float, float, float, int]]:
    """Returns the dots, each moved by parts of its radius and scaled."""
    return [(x + right * size, y + down * size, scale * size, brightness) for x, y, size, brightness in dots]


def _dots(draw: ImageDraw.ImageDraw, dots: Sequence[tuple[float, float, float, int]]) -> None:
    """Draw dots, each with x, y, radius and brightness."""
    for x, y, radius, brightness in dots:
        draw.ellipse((2 * (x - radius), 2 * (y - radius), 2 * (x + radius), 2 * (y + radius)), fill=brightness)


def _beam(draw: ImageDraw.ImageDraw, top: float, bottom: float, width: float) -> None:
    foot = width * 1.6
    corners = ((top - width / 2, 0), (top + width / 2, 0), (bottom + foot, SIDE), (bottom - foot, SIDE))
    draw.polygon([(2 * x, 2 * y) for x, y in corners], fill=255)


def _wood(draw: ImageDraw.ImageDraw, chance: Random, level: float, tall: float) -> None:
    x = -30.0
    while x < SIDE + 40:
        height = tall * chance.uniform(0.55, 1.15)
        base = level + chance.uniform(4, 30)
        width = height * chance.uniform(0.15, 0.2)
        points_l: list[tuple[float, float]] = []
        points_r: list[tuple[float, float]] = []
        tiers = 9
        for tier in range(tiers + 1):
            t = tier / tiers
            y = base - height * (1 - t)
            w = width * t**0.85
            points_l += [(2 * (x - w * chance.uniform(0.85, 1.15)), 2 * y), (2 * (x - w * 0.55), 2 * (y + 3))]
            points_r += [(2 * (x + w * chance.uniform(0.85, 1.15)), 2 * y), (2 * (x + w * 0.55), 2 * (y + 3))]
        draw.polygon(points_l + points_r[::-1], fill=255)
        x += width * chance.uniform(0.7, 1.9)
    draw.rectangle((0, 2 * (level - 4), 2 * SIDE, 2 * SIDE), fill=255)
