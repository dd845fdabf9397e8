"""Conversations: load where a person is, advance, save. `rows` is for any question, the other modules for flows."""

from bot.usecases.conversations.rows import (
    ABANDONED_AFTER,
    QUESTIONS,
    advance,
    begin,
    clear_abandoned,
    close_to_words,
    end,
    end_one,
    leave,
    list_open,
    open_by,
)

__all__ = [
    "ABANDONED_AFTER",
    "QUESTIONS",
    "advance",
    "begin",
    "clear_abandoned",
    "close_to_words",
    "end",
    "end_one",
    "leave",
    "list_open",
    "open_by",
]
