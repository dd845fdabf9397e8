"""Draws a person's weeks: a soft round mark for each day that has a word or a colour. Pure. Called by `uploads`.

Paper of linen, marks as of watercolour. A day without an entry is paper. What follows from the day's place is the same
each time: a mark keeps its form.
"""

import io
import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.domain.cards import Day, Weeks, plain
from bot.domain.cards.backgrounds import LIGHT
from bot.domain.cards.brushes import Colour
from bot.domain.cards.looks import Look, paper
from bot.domain.cards.typesetting import break_lines, font, missing, width

SIZE = (1080, 1350)  # pixels
QUALITY = 92
LINEN = next(background for background in LIGHT if background.name == "linen")
LOOK = Look(
    background=LINEN,
    side=1440,
    corner=(300, 40),
    is_mirrored=False,
    light=(1.0, 1.0, 1.0),
    is_left=False,
    height=0.5,
)
INK, SOFT_INK = LINEN.ink, (104, 91, 80)
LEFT, RIGHT, TOP, BOTTOM = 172, 1040, 268, 1310  # of the days
TITLE_AT, WEEKDAYS_AT, LABEL_AT = 112, 216, 60
TITLE_SIZES, SMALL, SMALLEST = range(50, 27, -2), 24, 17
LINES = 2  # of a word under its mark
# Sizes to try, each with so many lines: rather one line that is a little smaller than two.
WORD_SIZES = ((23, 1), (21, 1), (19, 1), (21, LINES), (19, LINES), (SMALLEST, LINES))
RADIUS = 30
PATCH = 128  # pixels; a mark is painted on a patch of its own, four times as fine
FINE = 4
COLOURS: dict[str, Colour] = {
    "sun": (226, 178, 84),
    "rose": (208, 130, 124),
    "moss": (124, 150, 100),
    "sea": (86, 138, 160),
    "dusk": (136, 116, 160),
    "stone": (140, 138, 134),
}
WORD_COLOUR: Colour = (176, 146, 112)  # of a day that has a word: tea on paper


def draw(weeks: Weeks) -> bytes:
    """Returns a JPEG. Slow: call it in a thread."""
    picture = paper(LOOK, SIZE)
    pen = ImageDraw.Draw(picture)
    size = next((size for size in TITLE_SIZES if width(weeks.title, size) <= RIGHT - LABEL_AT), TITLE_SIZES[-1])
    pen.text((LABEL_AT, TITLE_AT), weeks.title, fill=INK, font=font(size), anchor="lm")
    columns = [LEFT + (RIGHT - LEFT) * (index + 0.5) / 7 for index in range(7)]
    for x, name in zip(columns, weeks.weekdays, strict=True):
        pen.text((x, WEEKDAYS_AT), name, fill=SOFT_INK, font=font(SMALL), anchor="mm")
    step = (BOTTOM - TOP) / len(weeks.weeks)
    for row, (label, days) in enumerate(weeks.weeks):
        y = TOP + step * row + RADIUS + 8
        if any(days):  # a week without an entry is paper, too
            pen.text((LABEL_AT, y), label, fill=SOFT_INK, font=font(SMALL), anchor="lm")
        for column, day in enumerate(days):
            if day:
                _draw_day(picture, pen, day, (columns[column], y), chance=Random(row * 7 + column))
    with io.BytesIO() as file:
        picture.save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def _draw_day(
    picture: Image.Image, pen: ImageDraw.ImageDraw, day: Day, place: tuple[float, float], chance: Random
) -> None:
    x, y = place
    _paint(picture, COLOURS.get(day.colour, WORD_COLOUR), (round(x - PATCH / 2), round(y - PATCH / 2)), chance)
    lines, size = lines_of(day.word, round((RIGHT - LEFT) / 7) - 8)
    for number, line in enumerate(lines):
        pen.text((x, y + RADIUS + 17 + number * size * 1.05), line, fill=INK, font=font(size), anchor="mm")


def lines_of(word: str, room: int) -> tuple[tuple[str, ...], int]:
    """Returns a word in at most two lines of `room` pixels, and their size; its end is left out if it must be.

    Without a line where the font has no glyph for one of its characters.
    """
    said = plain(word)
    if not said or missing(said):
        return (), SMALLEST
    for size, most in WORD_SIZES:
        lines = break_lines(said, size, room)
        if len(lines) <= most and " ".join(lines) == said:  # no word is broken
            return lines, size
    if any(width(part, size) > room for part in said.split()):
        return (_cut(said, size, room),), size
    kept = said
    while len(lines := break_lines(f"{kept.rstrip()}\u2026", size, room)) > LINES:
        kept = kept[:-1]
    return lines, size


def _cut(word: str, size: int, room: int) -> str:
    """Returns as much of a word as fits, with an ellipsis."""
    while width(f"{word}\u2026", size) > room:
        word = word[:-1]
    return f"{word}\u2026"


def _paint(picture: Image.Image, colour: Colour, corner: tuple[int, int], chance: Random) -> None:
    """Paint a drop of watercolour: pale within, darker where the pigment has gathered at its edge."""
    drop = _drop(chance)
    soft = drop.filter(ImageFilter.GaussianBlur(1.4))
    edge = ImageChops.multiply(soft, ImageChops.invert(drop.filter(ImageFilter.GaussianBlur(9))))
    clouds = Image.frombytes("L", (5, 5), bytes(chance.randrange(120, 256) for _ in range(25)))
    uneven = ImageChops.multiply(soft, clouds.resize((PATCH, PATCH), Image.Resampling.BICUBIC))
    for mask, strength in ((uneven, 0.72), (edge, 0.8)):
        picture.paste(colour, corner, mask.point([round(level * strength) for level in range(256)]))


def _drop(chance: Random) -> Image.Image:
    """Returns a mask of a round form, as a hand paints it."""
    waves = [(number, chance.uniform(0.006, 0.05 / number), chance.uniform(0, math.tau)) for number in (2, 3, 4)]
    middle, radius = PATCH * FINE / 2, (RADIUS + chance.uniform(-2, 2)) * FINE

    def point(angle: float) -> tuple[float, float]:
        length = radius * (1 + sum(part * math.sin(number * angle + phase) for number, part, phase in waves))
        return middle + length * math.cos(angle), middle + length * math.sin(angle)

    large = Image.new("L", (PATCH * FINE, PATCH * FINE))
    ImageDraw.Draw(large).polygon([point(math.tau * part / 120) for part in range(120)], fill=255)
    return large.resize((PATCH, PATCH), Image.Resampling.BOX)
