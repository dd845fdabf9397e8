"""What comes by itself around sessions: plain enough for a lock screen that others see."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.content.library import Library
from bot.domain.appointments import Prompt
from bot.screens.appointments import prompt_message
from bot.screens.callback_data import APPOINTMENT, BEGIN_FLOW

NAMES_THERAPY = re.compile(r"therap|terap|session|sesi[oó]n|appointment|\bcita\b|counsel|psic|psych", re.IGNORECASE)
SAYS = [prompt for prompt in Prompt if prompt is not Prompt.QUIET]
TUESDAY = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize("prompt", SAYS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_in_the_text_names_therapy(library: Library, language: str, prompt: Prompt) -> None:
    for weeks in range(8):
        text = prompt_message(library.of(language).interface, prompt, TUESDAY + timedelta(weeks=weeks)).text
        assert not NAMES_THERAPY.search(text), text


@pytest.mark.parametrize("prompt", [prompt for prompt in SAYS if prompt is not Prompt.ENDING])
@pytest.mark.parametrize("days", [(1,), (0, 2), (0, 3), (1, 3), (1, 4), (0, 4)])
def test_two_that_follow_each_other_are_not_the_same(library: Library, prompt: Prompt, days: tuple[int, ...]) -> None:
    monday, interface = TUESDAY - timedelta(days=1), library.of("en").interface
    sessions = [monday + timedelta(weeks=week, days=day) for week in range(8) for day in days]
    texts = [prompt_message(interface, prompt, session).text for session in sessions]
    assert all(one != other for one, other in pairwise(texts))


def test_each_leads_to_its_flow_and_can_be_changed(library: Library) -> None:
    flows = {
        prompt: [
            BEGIN_FLOW.read(row[0].data) for row in prompt_message(library.of("en").interface, prompt, TUESDAY).rows
        ]
        for prompt in SAYS
    }
    assert flows == {
        Prompt.DAY_BEFORE: [None, ["before-a-session"], None],
        Prompt.SHORTLY: [["grounding"], ["before-a-session"], None],
        Prompt.EVENING: [["after-a-session"], None],
        Prompt.MIDWEEK: [["reflection"], None],
        Prompt.ENDING: [],
    }
    last = prompt_message(library.of("en").interface, Prompt.EVENING, TUESDAY).rows[-1]
    assert [button.data for button in last] == [APPOINTMENT.build()]
