"""Someone at the page: looks, clicks, types, and waits for what should appear."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.patience import PATIENCE

Seen = TypeVar("Seen")


class Visitor:
    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def opens(self, place: str = "") -> None:
        """The page, and waits until it is drawn."""
        self.driver.get(self.address + place)
        self.until(lambda: "ready" in (self.css("body")[0].get_attribute("class") or ""))

    def leaves(self) -> None:
        first, *others = self.driver.window_handles
        for other in others:  # a test that failed may have left one open
            self.driver.switch_to.window(other)
            self.driver.close()
        self.driver.switch_to.window(first)
        self.driver.execute_script("sessionStorage.clear()")
        self.driver.get("about:blank")

    def has_screen(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefers(self, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def css(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, look: Callable[[], Seen]) -> Seen:
        """What `look` gives once it gives something."""
        waiting = WebDriverWait(self.driver, PATIENCE, 0.05, [StaleElementReferenceException, IndexError])
        return waiting.until(lambda _: look())

    def button(self, label: str) -> WebElement:
        """The last button shown whose words begin so."""
        return self.until(
            lambda: [
                each
                for each in self.css("button, a.key")
                if each.is_displayed() and each.text.strip().startswith(label)
            ][-1]
        )

    def clicks(self, label: str) -> None:
        self.button(label).click()

    def types(self, text: str) -> None:
        self.css("#composer textarea")[0].send_keys(text)

    def presses(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def messages(self) -> list[str]:
        """The bubbles of the open chat."""
        return [each.text for each in self.css("#log .message")]

    def sees(self, text: str) -> str:
        """Waits for a message that holds this text."""
        return self.until(lambda: next((each for each in self.messages() if text in each), ""))

    def opens_chat(self, name: str) -> None:
        """By the name in the list, which may be drawn anew while it is looked at."""

        def click() -> bool:
            row = next(
                row for row in self.css(".chat-row") if name in row.find_element(By.CSS_SELECTOR, ".chat-name").text
            )
            row.click()
            return True

        self.until(click)

    def complaints(self) -> list[str]:
        """What the console has warned of since the last look."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self) -> list[str]:
        """The addresses that were asked since the last look."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        asked = [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]
        return [
            url for url in asked if not url.startswith(("data:", "about:", "chrome"))
        ]  # the browser's own pages are not ours

    def foreign_requests(self) -> list[str]:
        return [url for url in self.requests() if not url.startswith(("http://127.0.0.1:", "blob:"))]

    def _log(self, kind: str) -> list[dict[str, Any]]:  # Any: the driver's JSON
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium has no type
        return entries

    def tree(self) -> list[dict[str, Any]]:  # Any: the Chrome DevTools protocol's JSON
        """What a screen reader is told."""
        nodes: list[dict[str, Any]] = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        return [node for node in nodes if not node.get("ignored")]
