"""Draws an invitation card for print: a QR code, its link and a few words, on A6. Called by handlers and commands."""

import io

import segno
from PIL import Image, ImageDraw

from bot.domain.cards import InvitationCard
from bot.domain.cards.brushes import Colour
from bot.domain.cards.typesetting import font, set_large

DOTS = 300  # per inch
PAGE_SIZE = (1240, 1748)  # A6, 105 by 148 millimetres, in dots
INK: Colour = (31, 42, 46)
SOFT_INK: Colour = (62, 74, 78)
TOP, BOTTOM = (240, 245, 244), (249, 243, 234)  # of the background: mist above, sand below
PANEL_SIDE = 800  # dots, of the white panel that holds the code with its quiet zone
QUIET_ZONE = 4  # modules; ISO/IEC 18004 requires them around a code
CORNER = 36
PANEL_TOP = 520
# Left, top, right, bottom, and the type sizes to choose from.
TITLE_BOX = ((110, 120, 1130, 360), range(92, 39, -2))
TITLE_ALONE = (110, 120, 1130, 480)
PRACTICE_BOX = ((110, 372, 1130, 492), range(50, 29, -2))
LINK_BOX = ((90, 1370, 1150, 1470), range(40, 17, -1))
LINE = ((110, 1530, 1130, 1640), range(42, 23, -2))


def draw_png(card: InvitationCard) -> bytes:
    """Returns the card as PNG of 300 dots per inch. Slow: call it in a thread."""
    with io.BytesIO() as file:
        _draw(card).save(file, "PNG", dpi=(DOTS, DOTS), optimize=True)
        return file.getvalue()


def draw_pdf(card: InvitationCard) -> bytes:
    """Returns the card as PDF, one page of A6 that looks like the PNG. Slow: call it in a thread."""
    with io.BytesIO() as file:
        # Without dates, so that the same card gives the same file.
        _draw(card).save(file, "PDF", resolution=DOTS, quality=95, title=card.title, creationDate=None, modDate=None)
        return file.getvalue()


def _draw(card: InvitationCard) -> Image.Image:
    gradient = Image.new("RGB", (1, 2))
    gradient.putdata([TOP, BOTTOM])
    picture = gradient.resize(PAGE_SIZE, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    box, sizes = TITLE_BOX
    _write(pen, card.title, box if card.practice else TITLE_ALONE, sizes, INK)
    _write(pen, card.practice, *PRACTICE_BOX, SOFT_INK)
    _write(pen, card.link.removeprefix("https://"), *LINK_BOX, INK)
    _write(pen, card.line, *LINE, SOFT_INK)
    left = (PAGE_SIZE[0] - PANEL_SIDE) // 2
    pen.rounded_rectangle((left, PANEL_TOP, left + PANEL_SIDE, PANEL_TOP + PANEL_SIDE), CORNER, fill="white")
    code = _code(card.link)
    middle = (PANEL_SIDE - code.width) // 2
    picture.paste(code, (left + middle, PANEL_TOP + middle))
    return picture


def _code(link: str) -> Image.Image:
    """Draws the QR code as large as whole dots per module allow, with error correction M or better at the same size."""
    code = segno.make(link, error="m", micro=False)
    modules = code.symbol_size(border=QUIET_ZONE)[0]
    with io.BytesIO() as file:
        code.save(file, kind="png", scale=PANEL_SIDE // modules, border=QUIET_ZONE, dark=INK, light="white")
        return Image.open(file).convert("RGB")


def _write(pen: ImageDraw.ImageDraw, text: str, box: tuple[int, int, int, int], sizes: range, ink: Colour) -> None:
    """Write the text in the middle of the box, in the largest size that fits."""
    left, top, right, bottom = box
    block = set_large(text, (right - left, bottom - top), sizes)
    y = (top + bottom - block.height) / 2 + block.step / 2
    for line in block.lines:
        pen.text(((left + right) / 2, y), line, fill=ink, font=font(block.size), anchor="mm")
        y += block.step
