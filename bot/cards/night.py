"""The dark backgrounds. Called by `backgrounds`."""

from collections.abc import Sequence
from functools import partial
from random import Random

from PIL import Image, ImageDraw

from bot.cards.brushes import SIDE, cloud, glow, grain, lay, ramp, ridge, shapes, soften, wash, within


def paint_moonlight() -> Image.Image:
    """A moon over the sea."""
    chance = Random(71)
    picture = wash((0, (24, 38, 62)), (0.5, (30, 48, 76)), (0.78, (52, 74, 100)), (1, (52, 74, 100)))
    lay(picture, (66, 88, 116), within(cloud(chance, 2, 7), ramp((0, 160), (0.7, 120), (0.78, 0))), 0.35)
    lay(picture, (92, 112, 138), glow(540, 104, 470), 0.55)
    moon = soften(shapes(lambda draw: draw.ellipse((2 * 494, 2 * 58, 2 * 586, 2 * 150), fill=255)), 1.2)
    lay(picture, (228, 226, 214), moon, 0.95)
    lay(picture, (186, 188, 184), within(moon, cloud(chance, 12, 12, octaves=2)), 0.4)
    water = ramp((0.775, 0), (0.780, 255), (1, 255))
    picture.paste(wash((0.77, (40, 60, 86)), (1, (16, 27, 46))), mask=water)
    path = within(
        cloud(chance, 4, 95, octaves=2).point([max(0, each - 120) * 255 // 135 for each in range(256)]), water
    )
    lay(picture, (120, 136, 152), within(path, glow(540, 940, 420, flat=1)), 0.55)
    far = within(ridge(chance, 826, 16, 1.2), ramp((0.778, 255), (0.782, 0)))
    lay(picture, (34, 52, 76), far, 0.9)
    return grain(picture, chance)


def paint_rain() -> Image.Image:
    """Rain on a window, and the lights of a street far away."""
    chance = Random(83)
    picture = wash((0, (30, 44, 54)), (0.6, (36, 54, 62)), (1, (26, 38, 46)))
    lay(picture, (50, 72, 78), cloud(chance, 3, 3), 0.5)
    for _ in range(15):
        x, y, r = chance.uniform(0, SIDE), chance.uniform(480, 1040), chance.uniform(36, 92)
        colour = chance.choice(((120, 92, 62), (104, 84, 70), (70, 96, 100), (112, 80, 62)))
        disc = soften(shapes(partial(_disc, x=x, y=y, radius=r)), 7)
        lay(picture, colour, disc, chance.uniform(0.2, 0.45))
    picture = grain(picture, chance)
    drops = [(chance.uniform(0, SIDE), chance.uniform(0, SIDE), 3 + 15 * chance.random() ** 4) for _ in range(420)]

    def paint(draw: ImageDraw.ImageDraw, *, dx: float, dy: float, scale: float) -> None:
        for x, y, r in drops:
            draw.ellipse(
                (
                    2 * (x - r * scale + dx * r),
                    2 * (y - r * scale * 1.12 + dy * r),
                    2 * (x + r * scale + dx * r),
                    2 * (y + r * scale * 1.12 + dy * r),
                ),
                fill=255,
            )

    whole = soften(shapes(partial(paint, dx=0, dy=0, scale=1)), 0.8)
    lay(picture, (14, 22, 28), whole, 0.45)
    lay(picture, (86, 104, 108), within(whole, soften(shapes(partial(paint, dx=0.1, dy=0.5, scale=0.62)), 2.5)), 0.6)
    lay(picture, (110, 124, 126), soften(shapes(partial(paint, dx=-0.35, dy=-0.45, scale=0.2)), 0.8), 0.7)
    return picture


def paint_dusk() -> Image.Image:
    """The last light behind the hills."""
    chance = Random(97)
    picture = wash(
        (0, (38, 36, 66)), (0.35, (66, 50, 84)), (0.62, (104, 66, 86)), (0.78, (128, 78, 76)), (1, (128, 78, 76))
    )
    lay(picture, (122, 84, 96), within(cloud(chance, 2, 12), ramp((0, 120), (0.6, 220), (0.75, 0))), 0.35)
    lay(picture, (146, 92, 74), glow(380, 830, 520, flat=0.45), 0.5)
    for index, tone in enumerate(((92, 58, 76), (70, 48, 70), (50, 38, 60), (32, 27, 47))):
        hill = ridge(chance, 790 + index * 68, 44 - index * 5, 0.9 + index * 0.2, roughness=0.5)
        lay(picture, tone, soften(hill, 1.6 - index * 0.3), 0.92)
    return grain(picture, chance)


def paint_depth() -> Image.Image:
    """Light that falls into deep water."""
    chance = Random(101)
    picture = wash((0, (46, 104, 108)), (0.3, (24, 78, 88)), (0.7, (12, 52, 66)), (1, (7, 32, 46)))
    for _ in range(13):
        x, w = chance.uniform(-100, SIDE + 100), chance.uniform(20, 90)
        bottom = (x - 540) * 2.4 + 540
        lay_mask = shapes(partial(_beam, top=x, bottom=bottom, width=w))
        lay(
            picture,
            (120, 176, 170),
            within(soften(lay_mask, 22), ramp((0, 255), (0.75, 0))),
            chance.uniform(0.06, 0.17),
        )
    lay(picture, (150, 196, 186), within(cloud(chance, 8, 14, octaves=3), ramp((0, 255), (0.16, 0))), 0.35)
    motes = [
        (chance.uniform(0, SIDE), chance.uniform(80, SIDE), 1.5 + 6 * chance.random() ** 3, 255) for _ in range(60)
    ]
    lay(picture, (130, 176, 172), soften(shapes(partial(_dots, dots=motes)), 2.5), 0.35)
    return grain(picture, chance)


def paint_pines() -> Image.Image:
    """A wood in the fog, before it is light."""
    chance = Random(113)
    picture = wash((0, (58, 76, 80)), (0.5, (70, 88, 90)), (1, (64, 82, 82)))
    for index, tone in enumerate(((62, 82, 84), (50, 70, 72), (36, 56, 58), (22, 38, 41))):
        level = 640 + index * 105
        lay(
            picture,
            tone,
            soften(shapes(partial(_wood, chance=chance, level=level, tall=120 + index * 34)), 2.2 - index * 0.5),
            0.85,
        )
        lay(
            picture,
            (72, 92, 94),
            within(cloud(chance, 2, 6), ramp(((level - 20) / SIDE, 0), (min(1, (level + 130) / SIDE), 255))),
            0.5 - index * 0.1,
        )
    return grain(picture, chance)


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
    lay(picture, (100, 104, 130), soften(shapes(partial(_dots, dots=stars)), 0.8), 1)
    lay(picture, (13, 16, 33), ridge(chance, 950, 40, 1.3), 0.96)
    return grain(picture, chance)


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((2 * (x - radius), 2 * (y - radius), 2 * (x + radius), 2 * (y + radius)), fill=255)


def _dots(draw: ImageDraw.ImageDraw, dots: Sequence[tuple[float, float, float, int]]) -> None:
    """Each with its place, its radius and how bright it is."""
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
        base = level + chance.uniform(-14, 30)
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
