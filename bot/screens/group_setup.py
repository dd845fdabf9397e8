"""The setup questions that only a group or a channel is asked: days, themes, words or pictures."""

from collections.abc import Mapping, Sequence

from bot.content.interface import Interface
from bot.dialogues.group_setup import EVERY, PICTURES, READY, WORDS, WORKING
from bot.dialogues.reminder_draft import Problem, ReminderDraft
from bot.dialogues.reminder_setup import SetupStep
from bot.screens.callback_data import question_start
from bot.screens.outgoing import Button, OutgoingMessage, in_rows, paired
from bot.screens.times import day_name, week_from
from bot.screens.zones import BACK


def shared_question(
    interface: Interface,
    token: str,
    step: SetupStep,
    draft: ReminderDraft,
    themes: Mapping[str, str],
    *,
    first_weekday: int = 0,
    problem: Problem | None = None,
) -> OutgoingMessage:
    """The question of this step. `themes` maps each theme to its name.

    `first_weekday`: on which day weeks begin there; Monday is 0. `problem`: why the last answer was not taken.
    """
    start = question_start(token, step)
    if step is SetupStep.DAYS:
        message = _days(interface, start, draft, week_from(first_weekday), is_problem=problem is not None)
    elif step is SetupStep.THEMES:
        message = _themes(interface, start, draft, themes, problem)
    else:
        message = _look(interface, start, is_problem=problem is not None)
    return OutgoingMessage(message.text, (*message.rows, (Button(interface.setup.back, f"{start}{BACK}"),)))


def _days(
    interface: Interface, start: str, draft: ReminderDraft, week: Sequence[int], *, is_problem: bool
) -> OutgoingMessage:
    labels = interface.reminders
    days = []
    for day in week:
        name = day_name(interface.times, day, is_short=True)
        if day in draft.weekdays:
            days.append(Button(labels.day_on.format(day=name), f"{start}-{day}"))
        else:
            days.append(Button(labels.day_off.format(day=name), f"{start}+{day}"))
    quick = (
        Button(interface.together.every_day, f"{start}{EVERY}"),
        Button(interface.together.monday_to_friday, f"{start}{WORKING}"),
    )
    ready = ((Button(interface.together.these_days, f"{start}{READY}"),),) if draft.weekdays else ()
    text = interface.together.not_days if is_problem else interface.together.question_days
    return OutgoingMessage(text, (quick, *in_rows(days, 4), *ready))


def _themes(
    interface: Interface, start: str, draft: ReminderDraft, themes: Mapping[str, str], problem: Problem | None
) -> OutgoingMessage:
    tastes = interface.tastes
    buttons = [
        Button(tastes.theme_off.format(theme=name), f"{start}+{number}")
        if theme in draft.left_out
        else Button(tastes.theme_on.format(theme=name), f"{start}-{number}")
        for number, (theme, name) in enumerate(themes.items())
    ]
    ready = interface.together.these_themes if draft.left_out else interface.together.all_themes
    unread = interface.together.not_themes if problem else interface.together.question_themes
    text = interface.together.no_theme_left if problem == "none_left" else unread
    return OutgoingMessage(text, ((Button(ready, f"{start}{READY}"),), *paired(buttons)))


def _look(interface: Interface, start: str, *, is_problem: bool) -> OutgoingMessage:
    together = interface.together
    rows = ((Button(together.as_words, f"{start}{WORDS}"), Button(together.as_pictures, f"{start}{PICTURES}")),)
    return OutgoingMessage(together.not_a_look if is_problem else together.question_look, rows)
