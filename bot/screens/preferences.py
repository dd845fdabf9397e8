"""What comes and what does not: the buttons after "Not for me", and the list of themes."""

from collections.abc import Collection, Mapping

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface
from bot.screens.callback_data import AFFIRM_NOW, NOT_FOR_ME, THEMES, THEMES_ALL, THEMES_UNHIDE
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired
from bot.screens.times import say_count


def rows_after_hiding(words: Interface, affirmation: Affirmation, themes: Mapping[str, str]) -> Rows:
    """In place of the quiet row: take it back, or say no to a theme of it as a whole.

    `themes` has the names of those that are not left out yet.
    """
    out = [
        (Button(words.tastes.leave_out.format(theme=themes[theme]), NOT_FOR_ME.build("out", number, affirmation.id)),)
        for number, theme in enumerate(affirmation.themes)
        if theme in themes
    ]
    last = (Button(words.kept.another, AFFIRM_NOW), entry(words.flows.entry, "grounding"))
    return ((Button(words.tastes.bring_back, NOT_FOR_ME.build("back", affirmation.id)),), *out, last)


def theme_list(
    words: Interface, themes: Mapping[str, str], left_out: Collection[str], *, coming: int, hidden: int
) -> OutgoingMessage:
    """Each theme a button that says how things would be after it, so that a double tap changes nothing more."""
    tastes = words.tastes
    buttons = [
        Button(tastes.theme_off.format(theme=name), THEMES.build("in", theme))
        if theme in left_out
        else Button(tastes.theme_on.format(theme=name), THEMES.build("out", theme))
        for theme, name in themes.items()
    ]
    rows = paired(buttons)
    if left_out:
        rows = (*rows, (Button(tastes.all, THEMES_ALL),))
    if hidden:
        rows = (*rows, (Button(say_count(words.times, tastes.hidden_ones, hidden, count=hidden), THEMES_UNHIDE),))
    count = say_count(words.times, tastes.coming, coming, count=coming)
    return OutgoingMessage(f"{tastes.title}\n\n{count}", rows)
