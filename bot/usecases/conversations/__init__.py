"""Conversations: load where a person is, advance, save. `rows` is for any question, the other modules for flows."""

from bot.usecases.conversations.rows import (
    ABANDONED_AFTER,
    advance,
    begin,
    clear_abandoned,
    end,
    end_one,
    leave,
    list_open,
    open_by,
)

__all__ = [
    "ABANDONED_AFTER",
    "advance",
    "begin",
    "clear_abandoned",
    "end",
    "end_one",
    "leave",
    "list_open",
    "open_by",
]
