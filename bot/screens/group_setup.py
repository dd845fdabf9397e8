"""The questions that only a group or a channel is asked, what was set there, and how things are."""

from collections.abc import Mapping

from bot.content.interface import Interface
from bot.dialogues.reminder_setup import EVERY, PICTURES, READY, WORDS, WORKING, Draft, Step
from bot.screens.callback_data import question_start
from bot.screens.outgoing import Button, OutgoingMessage, in_rows, paired
from bot.screens.times import day_name
from bot.screens.zones import BACK


def shared_question(
    words: Interface, token: str, step: Step, draft: Draft, themes: Mapping[str, str], *, is_problem: bool = False
) -> OutgoingMessage:
    """`themes` has their names; `is_problem` says that the last answer could not be taken."""
    start = question_start(token, step)
    ask = {Step.DAYS: _days, Step.THEMES: _themes, Step.LOOK: _look}[step]
    message = ask(words, start, draft, themes, is_problem=is_problem)
    return OutgoingMessage(message.text, (*message.rows, (Button(words.setup.back, f"{start}{BACK}"),)))


def _days(
    words: Interface, start: str, draft: Draft, themes: Mapping[str, str], *, is_problem: bool
) -> OutgoingMessage:
    labels = words.reminders
    days = [
        Button(labels.day_on.format(day=name), f"{start}-{day}")
        if day in draft.weekdays
        else Button(labels.day_off.format(day=name), f"{start}+{day}")
        for day in range(7)
        for name in (day_name(words.times, day, is_short=True),)
    ]
    quick = (
        Button(words.together.every_day, f"{start}{EVERY}"),
        Button(words.together.monday_to_friday, f"{start}{WORKING}"),
    )
    ready = ((Button(words.together.these_days, f"{start}{READY}"),),) if draft.weekdays else ()
    text = words.together.not_days if is_problem else words.together.question_days
    return OutgoingMessage(text, (quick, *in_rows(days, 4), *ready))


def _themes(
    words: Interface, start: str, draft: Draft, themes: Mapping[str, str], *, is_problem: bool
) -> OutgoingMessage:
    tastes = words.tastes
    buttons = [
        Button(tastes.theme_off.format(theme=name), f"{start}+{number}")
        if theme in draft.left_out
        else Button(tastes.theme_on.format(theme=name), f"{start}-{number}")
        for number, (theme, name) in enumerate(themes.items())
    ]
    ready = words.together.these_themes if draft.left_out else words.together.all_themes
    text = words.together.no_theme_left if is_problem else words.together.question_themes
    return OutgoingMessage(text, ((Button(ready, f"{start}{READY}"),), *paired(buttons)))


def _look(
    words: Interface, start: str, draft: Draft, themes: Mapping[str, str], *, is_problem: bool
) -> OutgoingMessage:
    together = words.together
    rows = ((Button(together.as_words, f"{start}{WORDS}"), Button(together.as_pictures, f"{start}{PICTURES}")),)
    return OutgoingMessage(together.question_look, rows)
