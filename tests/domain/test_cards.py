"""Cards: the whole text, large enough and with contrast; the same card always gives the same picture."""

import io
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from bot.content.affirmations import Source
from bot.content.library import Library
from bot.domain.cards import PORTRAIT, SQUARE, Box, Card, Shape, digest, plain
from bot.domain.cards.backgrounds import BACKGROUNDS, DARK, LIGHT
from bot.domain.cards.brushes import FINENESS, glow
from bot.domain.cards.contrast import contrast, veil
from bot.domain.cards.drawing import AA, AAA, BELOW_MOON, draw, place
from bot.domain.cards.looks import background_of, look_of, paper
from bot.domain.cards.typesetting import SIZES, missing
from bot.screens.affirmations import as_card, card_of
from tests.domain.contrast import least_contrast

CARD = Card("a-card", "Your tears are human.", "A title")
SHAPES = pytest.mark.parametrize("shape", [SQUARE, PORTRAIT], ids=lambda shape: shape.name)
MOST_CAPTION = 1024  # characters; https://core.telegram.org/bots/api#sendphoto


def cards(library: Library) -> list[Card]:
    return [
        card_of(affirmation, is_portrait=is_portrait)
        for language in library.languages
        for affirmation in library.of(language).affirmations
        for is_portrait in (False, True)
    ]


def one_of_each(library: Library) -> list[Card]:
    """Returns a card of each scene in each shape, those with the longest texts."""
    longest: defaultdict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in cards(library):
        longest[background_of(card.key).name, card.shape.name].append(card)
    return [max(alike, key=lambda card: len(card.text)) for alike in longest.values()]


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] <= inner[2] <= outer[2] and outer[1] <= inner[1] <= inner[3] <= outer[3]


def test_every_text_is_whole_and_stands_in_its_box(library: Library) -> None:
    for card in cards(library):
        sentence, _ = place(card, look_of(card.key, card.shape.size))
        assert " ".join(sentence.block.lines) == plain(card.text)
        assert sentence.block.size >= 46, card.text
        assert holds(card.shape.text, sentence.box), card.text


def test_every_credit_is_one_whole_line_below_the_text(library: Library) -> None:
    for card in cards(library):
        sentence, credit = place(card, look_of(card.key, card.shape.size))
        assert credit.block.lines == (plain(card.credit),)
        assert sentence.box[3] < credit.box[1] < credit.box[3] < card.shape.size[1]


def test_a_very_long_credit_is_cut_and_stays_on_the_card() -> None:
    card = Card("a-card", "Stay.", "W" * 160)
    look = look_of(card.key, SQUARE.size)
    (line,) = place(card, look)[1].block.lines
    assert line.endswith("W\u2026")
    assert holds((0, 0, *SQUARE.size), place(card, look)[1].box)


def test_a_card_credits_the_title_without_its_explanation() -> None:
    titles = ("The Power: Why We Cry", "Crying in Therapy - Why It's Okay", "Self-care at 12:30")
    assert [Source(title=title).on_a_card for title in titles] == [
        "The Power",
        "Crying in Therapy",
        "Self-care at 12:30",
    ]
    assert Source(title="A: B", short="Ours").on_a_card == "Ours"


def test_the_whole_credit_stands_below_the_words_of_the_caption(library: Library) -> None:
    for language in library.languages:
        catalogue = library.of(language)
        for affirmation in catalogue.affirmations:
            caption = as_card(catalogue.interface, affirmation).caption
            assert caption.startswith(f"{affirmation.text}\n\n")
            assert affirmation.source.title in caption
            assert (affirmation.source.author or "") in caption
            assert len(caption) <= MOST_CAPTION


@SHAPES
@pytest.mark.parametrize(
    "text", ["W" * 180, "m" * 90 + " " + "m" * 89, "ω" * 180, " ".join(["ill"] * 45), "Щ " * 90, "a", "W. " * 60]
)
def test_the_longest_texts_fit_too(shape: Shape, text: str) -> None:
    for key in ("a-card", "b-card", "c-card", "d-card", "e-card"):
        sentence, _ = place(Card(key, text, "", shape), look_of(key, shape.size))
        assert "".join("".join(sentence.block.lines).split()) == "".join(text.split())
        assert holds(shape.text, sentence.box)


def test_short_texts_are_large() -> None:
    assert place(Card("a-card", "Stay.", ""), look_of("a-card", SQUARE.size))[0].block.size == SIZES[0]


def test_the_moon_is_whole_and_never_touches_the_text(library: Library) -> None:
    by_moonlight = [card for card in cards(library) if background_of(card.key).moon]
    for card in by_moonlight:
        look = look_of(card.key, card.shape.size)
        moon = look.background.moon
        assert moon
        pixels = look.side / 1080
        left, top = ((moon.x - moon.radius) * pixels - look.corner[0], (moon.y - moon.radius) * pixels - look.corner[1])
        assert min(left, top) > 0
        assert left + 2 * moon.radius * pixels < card.shape.size[0]
        assert place(card, look)[0].box[1] >= top + 2 * moon.radius * pixels + BELOW_MOON - 1
    assert len(by_moonlight) > 10


def test_words_stand_out_from_every_pixel_behind_them(library: Library) -> None:
    for card in one_of_each(library):
        look = look_of(card.key, card.shape.size)
        picture = paper(look, card.shape.size)
        for placed, least in zip(place(card, look), (AAA, AA), strict=True):
            veil(picture, placed.box, look.background.ink, least, softens=look.background.is_busy)
            assert least_contrast(look.background.ink, picture.crop(placed.box)) >= least, card.key


def test_no_two_cards_of_a_scene_look_alike(library: Library) -> None:
    for shape in (SQUARE, PORTRAIT):
        keys = {card.key for card in cards(library)}
        looks = [look_of(key, shape.size) for key in keys]
        assert len({(look.background.name, look.corner, look.light) for look in looks}) == len(keys)


def test_the_look_of_a_card_stays_as_it_is() -> None:
    look = look_of("a-card", SQUARE.size)
    assert (look.background.name, look.side, look.corner, look.is_mirrored, look.is_left) == (
        "dunes",
        1200,
        (118, 91),
        False,
        False,
    )


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


def test_a_portrait_is_as_high_as_a_phone() -> None:
    with Image.open(io.BytesIO(draw(Card(CARD.key, CARD.text, CARD.credit, PORTRAIT)))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1080, 1920))


def test_every_background_is_used(library: Library) -> None:
    assert {background_of(card.key) for card in cards(library)} == set(BACKGROUNDS)


def test_the_digest_stands_for_all_that_is_drawn() -> None:
    others = (
        Card("b-card", CARD.text, CARD.credit),
        Card(CARD.key, "Other words.", CARD.credit),
        Card(CARD.key, CARD.text, ""),
        Card(CARD.key, CARD.text, CARD.credit, PORTRAIT),
    )
    assert len({digest(CARD), *map(digest, others)}) == 5


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


@pytest.mark.parametrize(("x", "y"), [(142, 540), (938, 540), (540, 142), (540, 938)])
def test_a_glow_is_gone_where_it_ends(x: int, y: int) -> None:
    assert glow(540, 540, 400).getpixel((round(x * FINENESS), round(y * FINENESS))) == 0
