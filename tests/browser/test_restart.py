"""A page that stays open while the preview is started anew."""

from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver

from bot.content.library import Library
from bot.settings import read_settings
from tests.browser.previews import preview_in_a_thread
from tests.browser.visitor import Visitor


def test_an_open_page_finds_the_next_preview(driver: webdriver.Chrome, tmp_path: Path, library: Library) -> None:
    def read_key(address: str) -> str:
        cookies = driver.execute_cdp_cmd("Network.getCookies", {"urls": [f"{address}page/state"]})["cookies"]
        return str(cookies[0]["value"])

    settings = read_settings(_env_file=tmp_path / ".env")
    with preview_in_a_thread(settings, library) as address:
        visitor = Visitor(driver, address)
        visitor.opens()
        key = read_key(address)
    visitor.until(visitor.css("#offline")[0].is_displayed)
    with preview_in_a_thread(settings, library, port=urlsplit(address).port or 0):
        visitor.until(lambda: not visitor.css("#offline")[0].is_displayed())
        visitor.clicks("START")
        visitor.sees("/start")
        visitor.until(lambda: read_key(address) != key)  # it has the key of the new one, sooner or later
        visitor.complaints()  # of the time in between
        visitor.leaves()
