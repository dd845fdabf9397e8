"""The card of an invitation: its QR code can be read from the picture and from the printed page, and its text fits."""

import io
from typing import cast

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from bot.content.library import Library
from bot.domain.cards import InvitationCard
from bot.domain.cards.contrast import contrast
from bot.domain.cards.invitation import BOTTOM, DOTS, INK, PAGE_SIZE, SOFT_INK, TOP, draw_pdf, draw_png
from bot.screens.invitations import card_of
from bot.usecases.invitations import link_of, new_code

# Telegram's usernames have 5 to 32 characters.
USERNAMES = ("a_bot", "gentle_tears_bot", "w" * 29 + "bot")
A6 = (105, 148)  # millimetres


def card(username: str = "gentle_tears_bot", practice: str = "Rosa Meyer") -> InvitationCard:
    link = link_of(username, new_code())
    return InvitationCard(link, "Gentle reminders about tears", practice, "Automated. Not for emergencies.")


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def printed(content: bytes, dots: int) -> Image.Image:
    """Returns the page as a printer with so many dots per inch renders it."""
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    return cast("Image.Image", document[0].render(scale=dots / 72).to_pil()).convert("RGB")


def read(image: Image.Image) -> zxingcpp.Barcode:
    (found,) = zxingcpp.read_barcodes(image)
    return found


@pytest.mark.parametrize("username", USERNAMES)
def test_the_code_is_read_from_the_picture(username: str) -> None:
    drawn = card(username)
    found = read(picture(draw_png(drawn)))
    assert found.text == drawn.link
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.ec_level in ("M", "Q", "H")


@pytest.mark.parametrize("dots", [72, 150, 300, 600])
def test_the_code_is_read_from_the_printed_page(dots: int) -> None:
    drawn = card()
    assert read(printed(draw_pdf(drawn), dots)).text == drawn.link


def test_the_code_is_read_from_a_small_grey_tilted_copy() -> None:
    drawn = card()
    copy = picture(draw_png(drawn)).convert("L").resize((310, 437)).rotate(7, fillcolor=240, expand=True)
    assert read(copy.convert("RGB")).text == drawn.link


def test_both_are_of_a6_and_look_alike() -> None:
    drawn = card()
    png, page = picture(draw_png(drawn)), printed(draw_pdf(drawn), DOTS)
    assert png.size == PAGE_SIZE
    assert Image.open(io.BytesIO(draw_png(drawn))).info["dpi"] == pytest.approx((DOTS, DOTS), abs=0.1)
    width, height = pypdfium2.PdfDocument(draw_pdf(drawn))[0].get_size()
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx(A6, abs=0.1)
    small = [image.resize((62, 87)).convert("L").tobytes() for image in (png, page)]
    assert max(abs(one - other) for one, other in zip(*small, strict=True)) < 24


def test_the_code_has_its_quiet_zone() -> None:
    drawn = picture(draw_png(card()))
    position = read(drawn).position
    side = position.top_right.x - position.top_left.x
    zone = side * 4 / 33  # four modules of the smallest code that a link makes
    white = (255, 255, 255)
    for step in range(1, round(zone)):
        assert drawn.getpixel((position.top_left.x - 2 - step, position.top_left.y + side // 2)) == white
        assert drawn.getpixel((position.top_left.x + side // 2, position.top_left.y - 2 - step)) == white


def test_the_same_card_is_the_same_file() -> None:
    drawn = card()
    assert draw_pdf(drawn) == draw_pdf(drawn)
    assert draw_png(drawn) == draw_png(drawn)


@pytest.mark.parametrize("ink", [INK, SOFT_INK])
@pytest.mark.parametrize("paper", [TOP, BOTTOM])
def test_words_stand_out(ink: tuple[int, int, int], paper: tuple[int, int, int]) -> None:
    assert contrast(ink, paper) >= 7


def test_words_come_from_the_language_and_the_practice(library: Library) -> None:
    english, spanish = library.of("en").interface, library.of("es").interface
    rosas = english.model_copy(
        update={"invitation": english.invitation.model_copy(update={"practice": "the practice of Rosa Meyer"})}
    )
    link = "https://t.me/a_bot?start=i-x"
    cards = [
        card_of(rosas, english, link, "House of Practices"),
        card_of(english, english, link, "House of Practices"),
        card_of(spanish, spanish, link, None),
    ]
    assert [(card.practice, card.line) for card in cards] == [
        ("The practice of Rosa Meyer", "Automated. Not for emergencies."),
        ("House of Practices", "Automated. Not for emergencies."),
        ("", "Automático. No sirve para emergencias."),
    ]
    assert {card.link for card in cards} == {link}
