"""Texts on the page: changed while it is open, as pictures, in Spanish, and found inline."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.previews import OWN_PROCESS
from tests.browser.visitor import Visitor


@pytest.fixture(autouse=True)
def own_texts(tmp_path: Path) -> Path:
    """Returns a file of a practice's own folder, which .env lays over the texts."""
    file = tmp_path / "own" / "en" / "interface.yaml"
    file.parent.mkdir(parents=True)
    file.write_text('stop: {stopped: "It is quiet now."}\n')
    (tmp_path / ".env").write_text(f"MESSAGES_DIR={tmp_path}/own\n")
    return file


def says(visitor: Visitor, text: str) -> None:
    visitor.types(text + Keys.ENTER)


@pytest.mark.parametrize("address", [OWN_PROCESS], indirect=True)
def test_changed_words_are_spoken_at_once_and_mistakes_are_shown(visitor: Visitor, own_texts: Path) -> None:
    visitor.clicks("START")
    says(visitor, "/stop")
    visitor.sees("It is quiet now.")
    own_texts.write_text('stop: {already_stopped: "Still quiet."}\n')
    visitor.until(lambda: "The words were read again." in visitor.css("#toasts")[0].text)
    says(visitor, "/stop")
    visitor.sees("Still quiet.")
    own_texts.write_text("stop: {already_stopped: 1}\n")
    (notice,) = visitor.until(lambda: [element for element in visitor.css("#words") if element.is_displayed()])
    assert "cannot be used yet" in notice.text
    assert "interface.yaml:1: stop.already_stopped: is not a text." in notice.text
    says(visitor, "/stop")
    visitor.until(lambda: sum("Still quiet." in message for message in visitor.messages()) == 2)
    own_texts.write_text('stop: {already_stopped: "All is mended."}\n')
    visitor.until(lambda: not visitor.css("#words")[0].is_displayed())


@pytest.mark.parametrize("address", [OWN_PROCESS], indirect=True)
def test_a_message_of_ones_own_is_one_tap_away(visitor: Visitor, own_texts: Path) -> None:
    visitor.clicks("START")
    file = own_texts.parent / "affirmations" / "mine.yaml"
    file.parent.mkdir()
    text = "Somebody put the kettle on."
    file.write_text(
        f'source: {{title: Ours}}\naffirmations: [{{id: the-kettle, text: "{text}", idea: tea, themes: [not-alone]}}]\n'
    )
    (notice,) = visitor.until(lambda: [element for element in visitor.css("#words") if element.is_displayed()])
    assert "1 new message:" in notice.text
    visitor.clicks("See the-kettle (en)")
    visitor.until(lambda: visitor.css("#log .message img"))
    visitor.sees(text)


def test_a_sentence_comes_as_a_picture(visitor: Visitor) -> None:
    visitor.clicks("START")
    says(visitor, "/settings")
    visitor.clicks("As pictures")
    visitor.sees("Messages: as pictures")
    says(visitor, "/affirm")
    visitor.until(lambda: [image for image in visitor.css("#log .message img") if image.get_property("naturalWidth")])
    (picture,) = visitor.css("#log .message img")
    assert picture.get_property("naturalWidth") == 1080
    visitor.clicks("Not for me")
    visitor.button("Bring it back")
    assert visitor.css("#log .message img")


def test_spanish_is_two_taps_away(visitor: Visitor) -> None:
    visitor.clicks("START")
    says(visitor, "/language")
    visitor.clicks("Español")
    visitor.sees("Desde ahora escribo aquí en español.")
    says(visitor, "/help")
    visitor.sees("Ahora mismo: /ground, /support")


def test_sentences_are_found_inline(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.types("@gentle_tears_bot apolgize")
    offers = visitor.until(lambda: visitor.css("#offers [role=option]"))
    assert "You don't have to apologize." in [
        offer.find_elements(By.CSS_SELECTOR, "*")[-1].text for offer in offers
    ] or any("You don't have to apologize." in offer.text for offer in offers)
    visitor.until(
        lambda: [
            offer for offer in visitor.css("#offers [role=option]") if "You don't have to apologize." in offer.text
        ]
    )[0].click()
    visitor.sees("You don't have to apologize.")
