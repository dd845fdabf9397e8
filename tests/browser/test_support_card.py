"""The support card on a small screen: a chat stands at its end, so the numbers have to be there."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.visitor import Visitor

# For each bold part of the newest message: is it on the screen?
BOLD_ON_SCREEN = """
const log = document.querySelector("#log").getBoundingClientRect();
const message = [...document.querySelectorAll("#log .message")].at(-1);
return [...message.querySelectorAll("b")].map((part) => {
  const place = part.getBoundingClientRect();
  return [part.textContent, place.top >= log.top && place.bottom <= Math.min(log.bottom, innerHeight)];
});
"""


@pytest.mark.parametrize("country", [None, "USA", "UK"])
def test_the_numbers_are_on_the_screen_right_above_the_buttons(visitor: Visitor, country: str | None) -> None:
    visitor.has_screen(360, 640)
    visitor.opens()
    visitor.opens_chat("You")
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.types("I want to die" + Keys.ENTER)
    visitor.sees("Thank you for saying that here.")
    if country:
        visitor.clicks("Choose a country")
        visitor.clicks(country)
        visitor.sees(f"({country})")
    visitor.button("Close this")
    shown = visitor.driver.execute_script(BOLD_ON_SCREEN)
    assert len(shown) >= 3
    assert [words for words, is_on_screen in shown if not is_on_screen] == []
