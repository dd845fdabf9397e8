"""A page that stays open while the preview is started anew."""

from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver

from bot.content.library import Library
from bot.settings import read_settings
from tests.browser.previews import preview_in_a_thread
from tests.browser.visitor import Visitor


def test_an_open_page_finds_the_next_preview(driver: webdriver.Chrome, tmp_path: Path, library: Library) -> None:
    settings = read_settings(_env_file=tmp_path / ".env")
    with preview_in_a_thread(settings, library) as address:
        visitor = Visitor(driver, address)
        visitor.opens()
        key = driver.execute_cdp_cmd("Network.getCookies", {"urls": [f"{address}page/state"]})["cookies"]
    visitor.until(visitor.css("#offline")[0].is_displayed)
    with preview_in_a_thread(settings, library, port=urlsplit(address).port or 0):
        visitor.until(lambda: not visitor.css("#offline")[0].is_displayed())
        visitor.clicks("START")
        visitor.sees("/start")  # by now the page has the new key
        other = driver.execute_cdp_cmd("Network.getCookies", {"urls": [f"{address}page/state"]})["cookies"]
        visitor.complaints()  # of the time in between
        visitor.leaves()
    assert key[0]["value"] != other[0]["value"]
