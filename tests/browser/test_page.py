"""The page in a real browser: with the mouse, by keyboard, on a phone, in the dark."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.previews import OWN_PROCESS
from tests.browser.visitor import Visitor

CONTROLS = ("button", "textbox", "link", "radio", "tab", "menuitem", "option")


def subscribes(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.clicks("Once a day")
    visitor.sees("What time")
    visitor.clicks("08:30")
    visitor.clicks("London")
    visitor.sees("It's set: every day at 08:30.")


@pytest.mark.parametrize("address", [OWN_PROCESS], indirect=True)
def test_from_opening_the_page_to_an_affirmation(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.until(lambda: len(visitor.messages()) == 3)  # one's own /start, one that was edited in place, one question
    visitor.clicks("What comes next")
    visitor.until(lambda: len(visitor.messages()) == 4)
    assert "08:30" in visitor.messages()[-1]
    visitor.until(lambda: bool(visitor.css("#clock.moved")))
    visitor.clicks("What comes next")
    visitor.until(lambda: len(visitor.messages()) == 5)
    texts = [message.rsplit("\n", 1)[0] for message in visitor.messages()[-2:]]
    assert texts[0] != texts[1]


def test_a_day_at_once_brings_what_was_due_in_it(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.clicks("+1 day")
    visitor.until(lambda: len(visitor.messages()) == 4)
    assert "08:30" in visitor.messages()[-1]
    visitor.clicks("Back to real time")
    visitor.until(lambda: not visitor.css("#clock.moved"))


def test_next_reminder_says_kindly_that_nothing_is_set(visitor: Visitor) -> None:
    visitor.clicks("What comes next")
    visitor.until(lambda: "Nothing is to come yet" in visitor.css("#toasts")[0].text)


def test_answers_can_be_typed_and_commands_are_offered(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.types("/set")
    visitor.until(lambda: visitor.css("#offers [role=option]"))
    visitor.presses(Keys.ENTER)
    visitor.sees("Quiet hours: 22:00 to 07:00")
    visitor.clicks("Time zone")
    visitor.sees("What's your time zone?")
    visitor.types("berlin" + Keys.ENTER)
    visitor.sees("Time zone: Berlin")
    visitor.clicks("Without sound")
    visitor.sees("Reminders: without sound")
    visitor.until(lambda: "Saved." in visitor.css("#toasts")[0].text)
    visitor.clicks("Menu")
    visitor.until(lambda: [item for item in visitor.css("[role=menuitem]") if item.text.startswith("/support")])[
        0
    ].click()
    visitor.sees("If this is a very hard moment")


def test_a_reload_and_a_second_window_show_the_same(visitor: Visitor) -> None:
    subscribes(visitor)
    first = visitor.driver.current_window_handle
    visitor.driver.switch_to.new_window("window")
    visitor.opens()
    visitor.sees("It's set: every day at 08:30.")
    second = visitor.driver.current_window_handle
    visitor.driver.switch_to.window(first)
    visitor.types("/help" + Keys.ENTER)
    visitor.driver.switch_to.window(second)
    visitor.sees("/affirm sends one now")
    visitor.driver.close()
    visitor.driver.switch_to.window(first)
    visitor.opens()
    visitor.sees("/affirm sends one now")


def test_robin_and_the_group_and_the_channel_are_places_of_their_own(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.opens_chat("Robin")
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.opens_chat("Tuesday circle")
    visitor.until(lambda: [tab for tab in visitor.css("[role=tab]") if tab.text.startswith("Practicalities")])[
        0
    ].click()
    visitor.types("/affirm@gentle_tears_bot" + Keys.ENTER)
    visitor.until(lambda: len(visitor.messages()) >= 2)
    visitor.css("input[name=speaker][value=anonymous]")[0].find_element("xpath", "..").click()
    visitor.types("/help@gentle_tears_bot" + Keys.ENTER)
    visitor.sees("Everyone here can see")
    visitor.opens_chat("Quiet mornings")
    visitor.types("Good morning." + Keys.ENTER)
    visitor.sees("Good morning.")
    visitor.opens_chat("You")
    visitor.sees("It's set: every day at 08:30.")


def test_blocking_and_unblocking(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.css("#more")[0].click()
    visitor.until(lambda: [item for item in visitor.css("[role=menuitem]") if item.text.startswith("Block")])[0].click()
    visitor.clicks("Unblock the bot")
    visitor.types("/reminders" + Keys.ENTER)
    visitor.sees("1. Every day at 08:30")


def test_the_whole_walk_by_keyboard(visitor: Visitor) -> None:
    def focused() -> str:
        text: str = visitor.driver.execute_script(
            "const e = document.activeElement; return e.ariaLabel ?? (e.innerText || e.placeholder || e.tagName)"
        )
        return text

    def tabs_to(label: str) -> None:
        for _ in range(60):
            if focused().strip().startswith(label):
                return
            visitor.presses(Keys.TAB)
        raise AssertionError(f"the Tab key does not reach {label!r}")

    tabs_to("START")
    visitor.presses(Keys.ENTER)
    visitor.sees("I'm automated.")
    for label in ("Once a day", "08:30", "London"):
        visitor.button(label)
        tabs_to(label)
        visitor.presses(Keys.ENTER)
    visitor.sees("It's set: every day at 08:30.")
    tabs_to("What comes next")
    visitor.presses(Keys.SPACE)
    visitor.until(lambda: len(visitor.messages()) == 4)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_list_and_the_chat_take_turns(visitor: Visitor, scheme: str) -> None:
    visitor.has_screen(360, 740)
    visitor.prefers(scheme)
    visitor.opens()
    assert visitor.css("#chats")[0].is_displayed()
    visitor.opens_chat("You")
    visitor.until(lambda: not visitor.css("#chats")[0].is_displayed())
    subscribes(visitor)
    visitor.clicks("What comes next")
    visitor.until(lambda: len(visitor.messages()) == 4)
    assert visitor.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    visitor.css(".back")[0].click()
    visitor.until(visitor.css("#chats")[0].is_displayed)


def test_everything_has_a_name_for_a_screen_reader(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.css("#about summary")[0].click()
    nodes = visitor.tree()
    nameless = [
        node["role"]["value"]
        for node in nodes
        if node["role"]["value"] in CONTROLS and not node.get("name", {}).get("value", "").strip()
    ]
    assert nameless == []
    assert {"log", "main", "navigation"} <= {node["role"]["value"] for node in nodes}
    ids = visitor.driver.execute_script("return [...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


def test_the_page_asks_nothing_while_nothing_happens(visitor: Visitor) -> None:
    subscribes(visitor)
    visitor.requests()
    visitor.driver.execute_async_script("setTimeout(arguments[0], 3000)")
    assert visitor.requests() == []


def test_the_page_is_light(visitor: Visitor) -> None:
    visitor.opens()
    sizes = visitor.driver.execute_script(
        "return performance.getEntriesByType('resource').filter((e) => e.name.includes('/static/'))"
        ".map((e) => e.encodedBodySize)"
    )
    assert len(sizes) > 5
    assert sum(sizes) < 100_000


def test_grounding_from_a_command_to_its_end(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    visitor.types("/ground" + Keys.ENTER)
    visitor.sees("Your eyes can rest on it for a while.")
    visitor.clicks("Something else")
    visitor.sees("you can stop anywhere")
    visitor.clicks("An easy breath")
    visitor.sees("First, something steady to look at")
    visitor.clicks("Add an easy breath")
    visitor.sees("If you get dizzy")
    visitor.until(lambda: visitor.css("#log .message video[aria-label='A pale circle slowly grows and shrinks.']"))
    visitor.clicks("What comes next")
    visitor.sees("Would you like a little more of it")
    visitor.clicks("I need a minute")
    visitor.clicks("What comes next")
    visitor.until(lambda: "Would you like a little more of it" in visitor.messages()[-1])
    visitor.clicks("That's enough")
    visitor.sees("Your breath goes on by itself.")
    visitor.clicks("That's enough for now")
    visitor.until(lambda: "/support" in visitor.messages()[-1])


def test_the_conversations_can_be_looked_at_as_pictures(visitor: Visitor) -> None:
    visitor.css(".gallery-link")[0].click()
    visitor.until(lambda: len(visitor.css("main section img")) > 10)
    visitor.until(lambda: visitor.driver.execute_script("return document.images[0].naturalWidth") > 300)
    assert visitor.css("nav a")[0].text == "Not in therapy, and unsure"
    visitor.css("main p a")[0].click()
    visitor.until(lambda: visitor.css("#chats"))
