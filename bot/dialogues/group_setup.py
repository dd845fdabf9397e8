"""The answers that only the set-up of a group or a channel takes: days, themes, words or pictures. Pure.

Called by `reminder_setup`.
"""

import re
from collections.abc import Sequence

from bot.dialogues.reminder_draft import Problem, ReminderDraft
from bot.domain.schedule import EVERY_DAY, MONDAY_TO_FRIDAY
from bot.domain.typed_times import read_weekdays

# Answers of buttons that nobody types by chance.
EVERY, WORKING, READY, WORDS, PICTURES = "every", "working", "ready", "words", "pictures"


def answer_days(draft: ReminderDraft, text: str, language: str) -> ReminderDraft | Problem:
    """All days at once, typed or tapped; or +2 and -2 for single days, and READY at the end."""
    if text in (EVERY, WORKING):
        return draft.model_copy(update={"weekdays": EVERY_DAY if text == EVERY else MONDAY_TO_FRIDAY, "has_days": True})
    if text == READY:
        return draft.model_copy(update={"has_days": True}) if draft.weekdays else "unread"
    if re.fullmatch("[+-][0-6]", text):
        days = set(draft.weekdays)
        if text[0] == "+":
            days.add(int(text[1]))
        else:
            days.discard(int(text[1]))
        return draft.model_copy(update={"weekdays": tuple(sorted(days))})
    days_read = read_weekdays(text, language=language)
    return draft.model_copy(update={"weekdays": days_read, "has_days": True}) if days_read else "unread"


def answer_themes(draft: ReminderDraft, text: str, themes: Sequence[str]) -> ReminderDraft | Problem:
    """-3 leaves the theme with index 3 out, +3 takes it in again; READY at the end."""
    if text == READY:
        return draft.model_copy(update={"has_themes": True})
    if not re.fullmatch("[+-][0-9]{1,2}", text) or int(text[1:]) >= len(themes):
        return "unread"
    theme, left_out = themes[int(text[1:])], set(draft.left_out)
    if text[0] == "-":
        left_out.add(theme)
    else:
        left_out.discard(theme)
    return draft.model_copy(update={"left_out": tuple(sorted(left_out))})


def answer_look(draft: ReminderDraft, text: str) -> ReminderDraft | Problem:
    """Words or pictures."""
    return draft.model_copy(update={"shows_pictures": text == PICTURES}) if text in (WORDS, PICTURES) else "unread"
