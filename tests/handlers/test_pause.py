"""/pause with words behind it: taken as the answer to its question."""

import pytest

from localtelegram.people.person import Person
from tests.scenes import subscribe


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/pause until friday", "Friday"),
        ("/pause for a week", "Monday, 9 March"),
        ("/pause day", "tomorrow"),
    ],
)
async def test_words_behind_the_command_are_the_answer(ana: Person, typed: str, said: str) -> None:
    await subscribe(ana)
    await ana.says(typed)
    assert said in ana.hears()[-1]


async def test_words_that_say_no_time_are_asked_about(ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/pause whatever")
    assert "Try a day" in ana.hears()[-1]
    await ana.says("until friday")
    assert "Friday" in ana.hears()[-1]


async def test_words_of_danger_behind_the_command_open_the_card(ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/pause everything, I want to kill myself")
    assert "116 123" in ana.hears()[-1]
