"""Words in the page: changed while it is open, as pictures, in Spanish, and found inline."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.visitor import Visitor


@pytest.fixture(autouse=True)
def words(tmp_path: Path) -> Path:
    """A practice's own folder, laid over the words, as .env beside it says."""
    file = tmp_path / "own" / "en" / "interface.yaml"
    file.parent.mkdir(parents=True)
    file.write_text('stop: {stopped: "It is quiet now."}\n')
    (tmp_path / ".env").write_text(f"MESSAGES_DIR={tmp_path}/own\n")
    return file


def says(visitor: Visitor, text: str) -> None:
    visitor.types(text + Keys.ENTER)


def test_changed_words_are_spoken_at_once_and_mistakes_are_shown(visitor: Visitor, words: Path) -> None:
    visitor.clicks("START")
    says(visitor, "/stop")
    visitor.sees("It is quiet now.")
    words.write_text('stop: {already_stopped: "Still quiet."}\n')
    visitor.until(lambda: "The words were read anew." in visitor.css("#toasts")[0].text)
    says(visitor, "/stop")
    visitor.sees("Still quiet.")
    words.write_text("stop: {alredy_stopped: oh}\n")
    (notice,) = visitor.until(lambda: [each for each in visitor.css("#words") if each.is_displayed()])
    assert "cannot be used yet" in notice.text
    assert "interface.yaml:1: stop.alredy_stopped: is not known here." in notice.text
    says(visitor, "/stop")
    visitor.until(lambda: sum("Still quiet." in each for each in visitor.messages()) == 2)
    words.write_text('stop: {already_stopped: "All is mended."}\n')
    visitor.until(lambda: not visitor.css("#words")[0].is_displayed())


def test_a_sentence_comes_as_a_picture(visitor: Visitor) -> None:
    visitor.clicks("START")
    says(visitor, "/settings")
    visitor.clicks("As pictures")
    visitor.sees("Sentences: as pictures")
    says(visitor, "/affirm")
    visitor.until(lambda: [each for each in visitor.css("#log .message img") if each.get_property("naturalWidth")])
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
    visitor.sees("/ground - algo a lo que agarrarse")


def test_sentences_are_found_inline(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.types("@gentle_tears_bot apolgize")
    offers = visitor.until(lambda: visitor.css("#offers [role=option]"))
    assert "You don't have to apologize." in [
        each.find_elements(By.CSS_SELECTOR, "*")[-1].text for each in offers
    ] or any("You don't have to apologize." in each.text for each in offers)
    visitor.until(
        lambda: [each for each in visitor.css("#offers [role=option]") if "You don't have to apologize." in each.text]
    )[0].click()
    visitor.sees("You don't have to apologize.")
