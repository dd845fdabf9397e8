"""What people do with messages: reply, copy, look at pictures; and where focus, view and clock stay meanwhile."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.visitor import Visitor

FOCUS = """
const focused = document.activeElement, row = focused.closest(".row");
return [focused.innerText, row && [...row.parentNode.children].indexOf(row), row && [...row.children].indexOf(focused)];
"""
# How far the end of the log is below its view, and whether its toasts and its messages overlap.
BELOW = "const log = document.querySelector('#log'); return log.scrollHeight - log.scrollTop - log.clientHeight"


def says(visitor: Visitor, text: str) -> None:
    visitor.types(text + Keys.ENTER)


def begins(visitor: Visitor) -> None:
    visitor.clicks("START")
    visitor.sees("I'm automated.")


def begins_on_a_screen(visitor: Visitor, width: int, height: int) -> None:
    visitor.has_screen(width, height)
    visitor.opens()
    visitor.opens_chat("You")
    begins(visitor)


def item(visitor: Visitor, name: str) -> WebElement:
    return visitor.until(lambda: [one for one in visitor.css("[role=menuitem]") if one.text.startswith(name)])[0]


def newest(visitor: Visitor) -> WebElement:
    return visitor.css("#log .message")[-1]


def test_a_question_in_a_group_is_answered_by_a_reply(visitor: Visitor) -> None:
    visitor.opens_chat("Tuesday circle")
    says(visitor, "/reminders@gentle_tears_bot")
    visitor.clicks("Add a reminder")
    visitor.sees("reply to this message")
    ActionChains(visitor.driver).context_click(newest(visitor).find_element("css selector", ".bubble")).perform()
    item(visitor, "Reply").click()
    visitor.until(visitor.css(".reply-bar")[0].is_displayed)
    says(visitor, "20:15")
    visitor.sees("Which days?")
    own = next(message for message in visitor.messages() if "20:15" in message)
    assert "What time would suit everyone?" in own  # the quote
    assert not visitor.css(".reply-bar")[0].is_displayed()


def test_a_reply_by_keyboard_and_given_up(visitor: Visitor) -> None:
    begins(visitor)
    visitor.css("#log")[0].send_keys(Keys.ARROW_UP)
    visitor.presses("r")
    assert "Hello." in visitor.css(".reply-bar")[0].text
    visitor.presses(Keys.ESCAPE)
    assert not visitor.css(".reply-bar")[0].is_displayed()
    visitor.css("#log")[0].send_keys(Keys.ARROW_UP, Keys.ENTER)
    item(visitor, "Copy the words").click()
    visitor.until(lambda: "Copied." in visitor.css("#toasts")[0].text or visitor.css("#alert[open]"))


def test_a_swipe_to_the_left_replies(visitor: Visitor) -> None:
    begins_on_a_screen(visitor, 360, 740)
    place = newest(visitor).find_element("css selector", ".words").rect
    x, y = place["x"] + place["width"] - 20, place["y"] + place["height"] / 2
    touch = "Input.dispatchTouchEvent"
    visitor.driver.execute_cdp_cmd(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        visitor.driver.execute_cdp_cmd(touch, {"type": "touchMove", "touchPoints": [{"x": x - 12 * step, "y": y}]})
    visitor.driver.execute_cdp_cmd(touch, {"type": "touchEnd", "touchPoints": []})
    visitor.until(visitor.css(".reply-bar")[0].is_displayed)


def test_a_message_in_a_topic_quotes_nothing(visitor: Visitor) -> None:
    visitor.opens_chat("Tuesday circle")
    visitor.until(lambda: [tab for tab in visitor.css("[role=tab]") if tab.text.startswith("Gentle")])[0].click()
    says(visitor, "hello")
    visitor.sees("hello")
    assert visitor.css("#log .reply-quote") == []


def test_what_came_while_the_page_was_hidden_is_read_when_it_is_seen(visitor: Visitor) -> None:
    def hides(is_hidden: str) -> None:
        visitor.driver.execute_script(
            f"Object.defineProperty(document, 'hidden', {{ get: () => {is_hidden}, configurable: true }});"
            "document.dispatchEvent(new Event('visibilitychange'));"
        )

    visitor.opens_chat("Tuesday circle")
    visitor.until(lambda: [tab for tab in visitor.css("[role=tab]") if tab.text.startswith("Gentle")])[0].click()
    hides("true")
    says(visitor, "/affirm@gentle_tears_bot")
    visitor.until(lambda: visitor.css("[role=tab][aria-selected=true] .unread"))
    hides("false")
    visitor.until(lambda: not visitor.css("[role=tab][aria-selected=true] .unread"))


def test_focus_stays_where_it_was_when_labels_change(visitor: Visitor) -> None:
    begins(visitor)
    says(visitor, "/themes")
    visitor.button("✓ Not alone").send_keys(Keys.ENTER)
    visitor.button("Not alone")
    label, row, column = visitor.driver.execute_script(FOCUS)
    assert label == "Not alone"
    visitor.presses(Keys.ENTER)
    visitor.button("✓ Not alone")
    assert visitor.driver.execute_script(FOCUS) == ["✓ Not alone", row, column]


def test_a_picture_goes_from_edge_to_edge_and_can_be_looked_at_and_saved(visitor: Visitor) -> None:
    begins(visitor)
    says(visitor, "/settings")
    visitor.clicks("As pictures")
    visitor.sees("Messages: as pictures")
    says(visitor, "/affirm")
    picture = visitor.until(lambda: visitor.css("#log .open-picture img"))[0]
    visitor.until(lambda: picture.get_property("naturalWidth"))
    bubble = newest(visitor).find_element("css selector", ".bubble").rect
    keys = newest(visitor).find_element("css selector", ".buttons").rect
    assert round(picture.rect["width"]) == round(bubble["width"]) == round(keys["width"])
    visitor.until(lambda: visitor.driver.execute_script(BELOW) < 2)
    picture.click()
    view = visitor.until(lambda: visitor.css("dialog.view"))[0]
    image = view.find_element("css selector", "img")
    whole = image.rect["width"]
    visitor.clicks("Larger")
    assert image.rect["width"] > whole
    (save,) = view.find_elements("css selector", "a[download]")
    assert save.get_attribute("href") == picture.get_attribute("src")
    visitor.presses(Keys.ESCAPE)
    visitor.until(lambda: not visitor.css("dialog.view"))


def test_a_toast_covers_nothing_and_comes_once(visitor: Visitor) -> None:
    begins(visitor)
    for _ in range(3):
        visitor.clicks("What comes next")
    visitor.until(lambda: visitor.css("#toasts .toast"))
    visitor.until(lambda: visitor.css("#clock")[0].get_attribute("aria-busy") == "false")
    (toast,) = visitor.css("#toasts .toast")
    log, chat = visitor.css("#log")[0].rect, visitor.css("#conversation")[0].rect
    visitor.until(lambda: toast.rect["y"] + toast.rect["height"] <= log["y"])  # it rises a little when it comes
    assert abs(toast.rect["x"] + toast.rect["width"] / 2 - chat["x"] - chat["width"] / 2) < 1
    assert visitor.driver.execute_script(BELOW) < 2


def test_words_that_could_not_be_sent_stay(visitor: Visitor) -> None:
    begins(visitor)
    conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    visitor.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **conditions})
    try:
        says(visitor, "I have written this")
        visitor.until(lambda: "does not answer" in visitor.css("#toasts")[0].text)
        assert visitor.css("#composer textarea")[0].get_property("value") == "I have written this"
    finally:
        visitor.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **conditions})
    visitor.complaints()  # of the lost connection
    visitor.presses(Keys.ENTER)
    visitor.sees("I have written this")


def test_bad_weather_is_shown_until_it_ends(visitor: Visitor) -> None:
    begins(visitor)
    visitor.css("#more")[0].click()
    item(visitor, "Faults").click()
    visitor.clicks("Slow answers")
    visitor.until(lambda: "Slow answers" in visitor.css("#weather")[0].text)
    visitor.opens()
    visitor.until(lambda: "Slow answers" in visitor.css("#weather")[0].text)
    visitor.clicks("Fair weather again")
    visitor.until(lambda: not visitor.css("#weather")[0].is_displayed())


def test_clock_and_stamps_are_those_of_the_open_chat(visitor: Visitor) -> None:
    begins(visitor)
    visitor.clicks("Once a day")
    visitor.sees("What time")
    says(visitor, "19:45")
    visitor.sees("What's your time zone?")
    says(visitor, "Kathmandu")
    visitor.sees("Next: ")
    visitor.until(lambda: "Kathmandu time" in visitor.css("#clock")[0].text)
    visitor.clicks("What comes next")
    visitor.until(lambda: visitor.css("#clock time")[0].text == "19:45")
    visitor.until(lambda: "19:45" in visitor.messages()[-1])
    visitor.until(lambda: "tomorrow 19:45: a reminder, You" in visitor.button("What comes next").text)
    visitor.opens_chat("Robin")
    visitor.until(lambda: visitor.css("#clock time")[0].text == "14:00")


def test_the_log_stays_at_its_end_when_the_bots_keyboard_opens(visitor: Visitor) -> None:
    begins_on_a_screen(visitor, 360, 740)
    says(visitor, "/share")
    visitor.button("A group")
    visitor.until(lambda: visitor.driver.execute_script(BELOW) < 2)
    visitor.css("[data-part=keyboard-toggle]")[0].click()
    visitor.opens()
    visitor.opens_chat("You")
    visitor.sees("Where would you like to share")
    assert not visitor.css("[data-part=keyboard]")[0].is_displayed()  # folded away once, it stays so


def test_the_list_of_chats_shows_only_what_may_be_chosen_and_who_may_the_rest(visitor: Visitor) -> None:
    visitor.opens_chat("Robin")
    begins(visitor)
    says(visitor, "/share")
    visitor.clicks("A channel")
    sheet = visitor.until(lambda: visitor.css("dialog.sheet[open]"))[0]
    assert [key.text for key in sheet.find_elements("css selector", ".choices button")] == []
    assert "Quiet mornings is not offered to Robin (member). Who may choose it: You (owner)." in sheet.text
    visitor.clicks("Close")
    visitor.opens_chat("Tuesday circle")
    about = visitor.css(".head [data-part=about]")[0].text
    assert about == "group with topics: You (owner), Robin (member), Gentle tears (member)"


def test_a_sentence_found_inline_says_by_which_bot_it_came(visitor: Visitor) -> None:
    begins(visitor)
    visitor.opens_chat("Tuesday circle")
    visitor.types("@gentle_tears_bot apologize")
    visitor.until(lambda: visitor.css("#offers [role=option]"))[0].click()
    visitor.css("input[name=speaker][value=anonymous]")[0].find_element("xpath", "..").click()
    visitor.until(lambda: "You via @gentle_tears_bot" in newest(visitor).text)
    assert "owner" in newest(visitor).text


def test_who_reads_in_the_past_is_left_there_by_what_another_window_writes(visitor: Visitor) -> None:
    begins(visitor)
    for _ in range(4):
        says(visitor, "/privacy")
    visitor.until(lambda: sum("What I keep" in message for message in visitor.messages()) == 4)
    reading = visitor.driver.current_window_handle
    visitor.driver.execute_script("document.querySelector('#log').scrollTop = 0")
    visitor.until(lambda: visitor.driver.execute_script(BELOW) > 200)
    visitor.driver.switch_to.new_window("window")
    writing = visitor.driver.current_window_handle
    visitor.opens()
    says(visitor, "hello from elsewhere")
    visitor.sees("hello from elsewhere")
    visitor.driver.close()
    visitor.driver.switch_to.window(reading)
    assert writing != reading
    visitor.sees("hello from elsewhere")
    assert visitor.driver.execute_script(BELOW) > 200
    assert visitor.css(".jump")[0].is_displayed()


def test_an_edited_message_taller_than_the_view_is_read_from_its_top(visitor: Visitor) -> None:
    begins_on_a_screen(visitor, 640, 450)
    says(visitor, "/privacy")
    visitor.clicks("All the details")
    visitor.button("Back")
    top = "return document.querySelector('#log').lastChild.getBoundingClientRect().top"
    visitor.until(lambda: visitor.driver.execute_script(BELOW) > 50)
    assert 0 <= visitor.driver.execute_script(top) - visitor.css("#log")[0].rect["y"] < 20


def test_a_long_chat_begins_at_its_end(visitor: Visitor) -> None:
    begins(visitor)
    for number in range(40):
        says(visitor, f"message {number}")
    visitor.until(lambda: any("message 39" in message for message in visitor.messages()))
    visitor.opens()
    visitor.until(lambda: visitor.driver.execute_script(BELOW) < 2)


def test_a_choice_in_a_menu_taller_than_the_view_stays_under_the_finger(visitor: Visitor) -> None:
    begins_on_a_screen(visitor, 360, 640)
    says(visitor, "/settings")
    stood = visitor.button("Without sound").rect["y"]
    visitor.clicks("Without sound")
    visitor.sees("Reminders: without sound")
    assert abs(visitor.button("✓ Without sound").rect["y"] - stood) < 2
