"""The row under a sentence, and /kept: pages of what was kept, each of which can be copied or removed."""

from collections.abc import Sequence

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface, Kept
from bot.screens.outgoing import Button, OutgoingMessage

PAGE = 5  # sentences that are read at once


def row_under(words: Interface, affirmation_id: str) -> tuple[Button, ...]:
    """Quiet, and always the same."""
    return (
        Button(words.kept.keep, f"k:keep:{affirmation_id}"),
        Button(words.kept.another, "affirm"),
        Button(words.tastes.not_for_me, f"n:hide:{affirmation_id}"),
    )


def kept_page(words: Kept, kept: Sequence[Affirmation], page: int) -> OutgoingMessage:
    """One page, the newest first; `page` counts from 0 and is brought into bounds."""
    if not kept:
        return OutgoingMessage(words.none)
    last = (len(kept) - 1) // PAGE
    page = max(0, min(page, last))
    shown = list(enumerate(kept))[page * PAGE : (page + 1) * PAGE]
    lines = [words.line.format(number=index + 1, text=each.text) for index, each in shown]
    picks = tuple(Button(str(index + 1), f"k:show:{each.id}") for index, each in shown)
    turns = []
    if page > 0:
        turns.append(Button(words.newer, f"k:page:{page - 1}"))
    if page < last:
        turns.append(Button(words.older, f"k:page:{page + 1}"))
    rows = (picks, tuple(turns)) if turns else (picks,)
    return OutgoingMessage("\n\n".join((words.title, *lines)), rows)


def kept_one(words: Kept, affirmation: Affirmation) -> OutgoingMessage:
    """One sentence by itself, to copy and pass on, or to remove."""
    copy = Button(words.copy_text, copy=affirmation.text)
    return OutgoingMessage(
        affirmation.text,
        ((copy,), (Button(words.remove, f"k:remove:{affirmation.id}"), Button(words.back, "k:page:0"))),
    )
