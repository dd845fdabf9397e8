"""The row under a sentence, and /kept: pages of what was kept, each of which can be copied or removed."""

from collections.abc import Sequence

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface, Kept
from bot.screens.callback_data import AFFIRM_NOW, FAVOURITES, NOT_FOR_ME
from bot.screens.outgoing import Button, OutgoingMessage

PAGE = 5  # sentences that are read at once


def row_under(words: Interface, affirmation_id: str) -> tuple[Button, ...]:
    """Quiet, and always the same."""
    return (
        Button(words.kept.keep, FAVOURITES.build("keep", affirmation_id)),
        Button(words.kept.another, AFFIRM_NOW),
        Button(words.tastes.not_for_me, NOT_FOR_ME.build("hide", affirmation_id)),
    )


def kept_page(words: Kept, kept: Sequence[Affirmation], page: int) -> OutgoingMessage:
    """One page, the newest first; `page` counts from 0 and is brought into bounds."""
    if not kept:
        return OutgoingMessage(words.none)
    last = (len(kept) - 1) // PAGE
    page = max(0, min(page, last))
    shown = list(enumerate(kept))[page * PAGE : (page + 1) * PAGE]
    lines = [words.line.format(number=index + 1, text=each.text) for index, each in shown]
    picks = tuple(Button(str(index + 1), FAVOURITES.build("show", each.id)) for index, each in shown)
    turns = []
    if page > 0:
        turns.append(Button(words.newer, FAVOURITES.build("page", page - 1)))
    if page < last:
        turns.append(Button(words.older, FAVOURITES.build("page", page + 1)))
    rows = (picks, tuple(turns)) if turns else (picks,)
    return OutgoingMessage("\n\n".join((words.title, *lines)), rows)


def kept_one(words: Kept, affirmation: Affirmation) -> OutgoingMessage:
    """One sentence by itself, to copy and pass on, or to remove."""
    copy = Button(words.copy_text, copy=affirmation.text)
    return OutgoingMessage(
        affirmation.text,
        (
            (copy,),
            (
                Button(words.remove, FAVOURITES.build("remove", affirmation.id)),
                Button(words.back, FAVOURITES.build("page", 0)),
            ),
        ),
    )
