"""Setting up groups and channels on the page, while another person watches the group in a second window."""

from selenium.webdriver.common.keys import Keys

from tests.browser.visitor import Visitor


def says(visitor: Visitor, text: str) -> None:
    visitor.types(text + Keys.ENTER)


def test_a_facilitators_minute_with_another_person_watching(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    facilitator = visitor.driver.current_window_handle
    visitor.driver.switch_to.new_window("window")
    watcher = visitor.driver.current_window_handle
    visitor.has_screen(1280, 900)
    visitor.opens()
    visitor.opens_chat("Tuesday circle")

    visitor.driver.switch_to.window(facilitator)
    says(visitor, "/share")
    visitor.sees("Where would you like to share")
    visitor.clicks("A group")
    visitor.clicks("Tuesday circle")
    visitor.sees("What time would suit everyone?")
    visitor.clicks("20:00")
    visitor.sees("Which days?")
    visitor.clicks("Tue")
    visitor.clicks("These days")
    visitor.sees("time zone of this chat")
    visitor.clicks("London")
    visitor.sees("Which themes would you like here?")
    visitor.clicks("These themes")
    visitor.sees("as pictures with the words on them?")
    visitor.clicks("As words")
    visitor.sees("It's set: every Tuesday at 20:00.")
    look = visitor.messages()[-1].split("\n")[1]
    visitor.clicks("What comes next")

    visitor.driver.switch_to.window(watcher)
    visitor.sees(look)
    visitor.clicks("Me too")
    visitor.sees("Me too · 1")

    visitor.driver.switch_to.window(facilitator)
    visitor.opens_chat("Tuesday circle")
    visitor.sees("Me too · 1")
    visitor.driver.switch_to.window(watcher)
    visitor.driver.close()
    visitor.driver.switch_to.window(facilitator)


def test_a_channel_can_be_chosen_and_left_alone(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")
    says(visitor, "/share")
    visitor.sees("Where would you like to share")
    visitor.clicks("A channel")
    visitor.clicks("Quiet mornings")
    visitor.sees("What time would suit everyone?")
    visitor.clicks("Not now")
    visitor.sees("Nothing was changed")
