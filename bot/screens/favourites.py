"""The buttons under an affirmation, and /kept: pages of favourites, each of which can be copied or removed."""

from collections.abc import Sequence
from dataclasses import replace

from bot.content.affirmations import Affirmation
from bot.content.interface import FavouriteTexts, Interface
from bot.screens.callback_data import AFFIRM_NOW, FAVOURITES, NOT_FOR_ME
from bot.screens.outgoing import Button, OutgoingMessage, Rows

PAGE = 5  # favourites on a page


def row_under(interface: Interface, affirmation_id: str, *, is_kept: bool = False) -> tuple[Button, ...]:
    """Returns the buttons under an affirmation in a private chat: keep it, another one, not for me."""
    return (
        Button(interface.kept.is_kept if is_kept else interface.kept.keep, FAVOURITES.build("keep", affirmation_id)),
        Button(interface.kept.another, AFFIRM_NOW),
        Button(interface.tastes.not_for_me, NOT_FOR_ME.build("hide", affirmation_id)),
    )


def marked_as_kept(interface: Interface, rows: Rows, affirmation_id: str) -> Rows:
    """Returns the rows under an affirmation with a button that says that it is kept; all others stay as they are."""
    keep = FAVOURITES.build("keep", affirmation_id)
    return tuple(
        tuple(replace(button, label=interface.kept.is_kept) if button.data == keep else button for button in row)
        for row in rows
    )


def favourites_page(texts: FavouriteTexts, kept: Sequence[Affirmation], page: int) -> OutgoingMessage:
    """One page of favourites, newest first. `page` counts from 0; if it does not exist, the nearest page is shown."""
    if not kept:
        return OutgoingMessage(texts.none)
    last = (len(kept) - 1) // PAGE
    page = max(0, min(page, last))
    shown = list(enumerate(kept))[page * PAGE : (page + 1) * PAGE]
    lines = [texts.line.format(number=index + 1, text=affirmation.text) for index, affirmation in shown]
    picks = tuple(Button(str(index + 1), FAVOURITES.build("show", affirmation.id)) for index, affirmation in shown)
    turns = []
    if page > 0:
        turns.append(Button(texts.newer, FAVOURITES.build("page", page - 1)))
    if page < last:
        turns.append(Button(texts.older, FAVOURITES.build("page", page + 1)))
    rows = (picks, tuple(turns)) if turns else (picks,)
    return OutgoingMessage("\n\n".join((texts.title, *lines)), rows)


def one_favourite(texts: FavouriteTexts, affirmation: Affirmation) -> OutgoingMessage:
    """One favourite with buttons to copy it, to get it as a picture for stories, to remove it and to go back."""
    copy = Button(texts.copy_text, copy=affirmation.text)
    return OutgoingMessage(
        affirmation.text,
        (
            (copy,),
            (Button(texts.story, FAVOURITES.build("story", affirmation.id)),),
            (
                Button(texts.remove, FAVOURITES.build("remove", affirmation.id)),
                Button(texts.back, FAVOURITES.build("page", 0)),
            ),
        ),
    )
