"""A person said something: load where they are, advance, save. `rows` for any question, the others for flows."""

from bot.usecases.conversations.rows import (
    ABANDONED_AFTER,
    advance,
    begin,
    clear_abandoned,
    end,
    end_all,
    list_open,
    open_by,
)

__all__ = ["ABANDONED_AFTER", "advance", "begin", "clear_abandoned", "end", "end_all", "list_open", "open_by"]
