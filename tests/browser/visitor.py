"""A person who uses the page: looks, clicks, types, and waits for what should appear."""

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
# One question to the browser each: one for every element would keep both busy with asking.
# What is far from the view is not laid out, and has no lines.
MESSAGES = """
return [...document.querySelectorAll("#log .message")].map((one) => (one.innerText || one.textContent).trim())
"""
LAST_BUTTON = """
return [...document.querySelectorAll("button, a.key")].filter((button) => button.ariaDisabled !== "true" &&
  button.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
  button.innerText.trim().startsWith(arguments[0])
).at(-1)
"""


class Visitor:
    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def opens(self, path: str = "") -> None:
        """Opens the page, and waits until it is drawn."""
        self.driver.get(self.address + path)
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
        """Calls `look` until it returns something true, and returns that."""
        waiting = WebDriverWait(self.driver, PATIENCE, 0.05, [StaleElementReferenceException, IndexError])
        return waiting.until(lambda _: look())

    def button(self, label: str) -> WebElement:
        """Returns the last visible button whose text begins with this label, as soon as it can be pressed."""
        found: WebElement = self.until(lambda: self.driver.execute_script(LAST_BUTTON, label))
        return found

    def clicks(self, label: str) -> None:
        self.button(label).click()

    def types(self, text: str) -> None:
        self.css("#composer textarea")[0].send_keys(text)

    def presses(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def messages(self) -> list[str]:
        """Returns the texts of the messages in the open chat."""
        texts: list[str] = self.driver.execute_script(MESSAGES)
        return texts

    def sees(self, text: str) -> str:
        """Waits for a message that contains this text, and returns it."""
        return self.until(lambda: next((message for message in self.messages() if text in message), ""))

    def opens_chat(self, name: str) -> None:
        """Opens a chat by its name in the list; tries again if the list is drawn anew meanwhile."""

        def click() -> bool:
            row = next(
                row for row in self.css(".chat-row") if name in row.find_element(By.CSS_SELECTOR, ".chat-name").text
            )
            row.click()
            return True

        self.until(click)

    def complaints(self) -> list[str]:
        """Returns the console's warnings and errors since the last call."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self) -> list[str]:
        """Returns the addresses that were requested since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        asked = [
            entry["params"]["request"]["url"] for entry in messages if entry["method"] == "Network.requestWillBeSent"
        ]
        return [
            url for url in asked if not url.startswith(("data:", "about:", "chrome"))
        ]  # without the browser's own pages

    def foreign_requests(self) -> list[str]:
        return [url for url in self.requests() if not url.startswith(("http://127.0.0.1:", "blob:"))]

    def _log(self, kind: str) -> list[dict[str, Any]]:  # Any: the driver's JSON
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium has no type
        return entries

    def tree(self) -> list[dict[str, Any]]:  # Any: the Chrome DevTools protocol's JSON
        """Returns the accessibility tree: what a screen reader reads."""
        nodes: list[dict[str, Any]] = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        return [node for node in nodes if not node.get("ignored")]
