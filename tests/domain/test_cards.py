"""Cards: the whole text, large enough and with contrast; the same card always gives the same picture."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from bot.content.library import Library
from bot.domain.cards import (
    BACKGROUNDS,
    CREDIT_BOX,
    CREDIT_SIZES,
    TEXT_BOX,
    Card,
    background_of,
    digest,
    draw,
    missing,
    plain,
)
from bot.domain.cards.backgrounds import DARK, LIGHT, Background, paper
from bot.domain.cards.brushes import glow
from bot.domain.cards.typesetting import SIZES, set_large, width
from bot.screens.affirmations import card_of
from tests.domain.contrast import contrast, least_contrast

BOX = (TEXT_BOX[2] - TEXT_BOX[0], TEXT_BOX[3] - TEXT_BOX[1])
CREDIT = (CREDIT_BOX[2] - CREDIT_BOX[0], CREDIT_BOX[3] - CREDIT_BOX[1])
CARD = Card("a-card", "Your tears are human.", "Drawn from: A title (somebody)")
AA = 4.5  # WCAG 2.2, success criterion 1.4.3
AAA = 7.0  # the same, 1.4.6: for the sentence itself


def cards(library: Library) -> list[Card]:
    return [
        card_of(library.of(language).interface, affirmation)
        for language in library.languages
        for affirmation in library.of(language).affirmations
    ]


def test_every_text_is_whole_and_stands_in_its_box(library: Library) -> None:
    for card in cards(library):
        text = plain(card.text)
        block = set_large(text, BOX)
        assert " ".join(block.lines) == text
        assert block.size >= 44
        assert block.height <= BOX[1]
        assert max(width(line, block.size) for line in block.lines) <= BOX[0]


def test_every_credit_is_whole_and_stands_in_its_box(library: Library) -> None:
    for text in {plain(card.credit) for card in cards(library)}:
        block = set_large(text, CREDIT, CREDIT_SIZES)
        assert " ".join(block.lines) == text
        assert block.size == CREDIT_SIZES[0]
        assert block.height <= CREDIT[1]


def test_the_widest_credit_stays_on_the_card() -> None:
    block = set_large("W" * 160, CREDIT, CREDIT_SIZES)
    assert "".join(block.lines) == "W" * 160
    assert block.height <= CREDIT[1]


@pytest.mark.parametrize(
    "text", ["W" * 180, "m" * 90 + " " + "m" * 89, "ω" * 180, " ".join(["ill"] * 45), "Щ " * 90, "a"]
)
def test_the_longest_texts_fit_too(text: str) -> None:
    block = set_large(text, BOX)
    assert "".join("".join(block.lines).split()) == "".join(text.split())
    assert block.height <= BOX[1]
    assert max(width(line, block.size) for line in block.lines) <= BOX[0]


def test_lines_are_even_and_no_word_is_left_over() -> None:
    text = "Some feelings have been in a drawer for years. The drawer can open a crack, or stay shut for now."
    block = set_large(text, BOX)
    widths = [width(line, block.size) for line in block.lines]
    assert min(widths) > max(widths) / 2


def test_short_texts_are_large() -> None:
    assert set_large("Stay.", BOX).size == SIZES[0]


@pytest.mark.parametrize("background", BACKGROUNDS, ids=lambda background: background.name)
def test_words_stand_out_from_every_pixel_behind_them(background: Background) -> None:
    picture = paper(background)
    assert picture.size == (1080, 1080)
    assert least_contrast(background.ink, picture.crop(TEXT_BOX)) >= AAA
    assert least_contrast(background.ink, picture.crop(CREDIT_BOX)) >= AA


def test_contrast_is_what_wcag_says() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_there_are_light_and_dark_ones() -> None:
    assert len(LIGHT) == len(DARK) == 6


def test_a_card_is_a_square_jpeg_and_always_the_same() -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(draw, (CARD, CARD))
    assert first == second
    with Image.open(io.BytesIO(first)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1080, 1080))


def test_every_background_is_used(library: Library) -> None:
    assert {background_of(card.key) for card in cards(library)} == set(BACKGROUNDS)


def test_the_digest_stands_for_all_that_is_drawn() -> None:
    others = (
        Card("b-card", CARD.text, CARD.credit),
        Card(CARD.key, "Other words.", CARD.credit),
        Card(CARD.key, CARD.text, ""),
    )
    assert len({digest(CARD), *map(digest, others)}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "Tus lágrimas son humanas. ¿Sí? ¡Ñandú!",
        "Τα δάκρυά σου είναι ανθρώπινα.",
        "Твои слёзы человечны.",
        "čšž łøß ğıİ",
    ],
)
def test_the_type_has_every_letter(text: str) -> None:
    assert missing(plain(text)) == ""


def test_every_word_of_the_catalogue_can_be_drawn(library: Library) -> None:
    assert {missing(plain(card.text + card.credit)) for card in cards(library)} == {""}


def test_what_the_type_has_no_sign_for_is_told() -> None:
    assert missing("a漢字b") == "字漢"


def test_quotes_open_and_close_and_emoji_stay_in_the_caption() -> None:
    assert plain("\"I'm sorry\" 🫧 is 'all right'") == "“I’m sorry” is ‘all right’"


def test_no_part_of_an_emoji_is_left_over() -> None:
    assert plain("A family 👩‍👩‍👧, a heart ❤️, a drop 💧.") == "A family, a heart, a drop."


@pytest.mark.parametrize(("x", "y"), [(142, 540), (937, 540), (540, 142), (540, 937)])
def test_a_glow_is_gone_where_it_ends(x: int, y: int) -> None:
    assert glow(540, 540, 400).getpixel((x, y)) == 0
