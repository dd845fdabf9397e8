"""What comes and what does not: the buttons after "Not for me", and the list of themes."""

from collections.abc import Collection, Mapping

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired
from bot.screens.times import say_count

HIDE, BACK, THEME = "n:hide:", "n:back:", "n:out:"
OUT, IN, ALL, UNHIDE = "t:out:", "t:in:", "t:all", "t:unhide"


def rows_after_hiding(words: Interface, affirmation: Affirmation, themes: Mapping[str, str]) -> Rows:
    """In place of the quiet row: take it back, or say no to a theme of it as a whole.

    `themes` has the names of those that are not left out yet.
    """
    out = [
        (Button(words.tastes.leave_out.format(theme=themes[theme]), f"{THEME}{number}:{affirmation.id}"),)
        for number, theme in enumerate(affirmation.themes)
        if theme in themes
    ]
    last = (Button(words.kept.another, "affirm"), entry(words.flows.entry, "grounding"))
    return ((Button(words.tastes.bring_back, f"{BACK}{affirmation.id}"),), *out, last)


def theme_list(
    words: Interface, themes: Mapping[str, str], left_out: Collection[str], *, coming: int, hidden: int
) -> OutgoingMessage:
    """Each theme a button that says how things would be after it, so that a double tap changes nothing more."""
    tastes = words.tastes
    buttons = [
        Button(tastes.theme_off.format(theme=name), f"{IN}{theme}")
        if theme in left_out
        else Button(tastes.theme_on.format(theme=name), f"{OUT}{theme}")
        for theme, name in themes.items()
    ]
    rows = paired(buttons)
    if left_out:
        rows = (*rows, (Button(tastes.all, ALL),))
    if hidden:
        rows = (*rows, (Button(say_count(words.times, tastes.hidden_ones, hidden, count=hidden), UNHIDE),))
    count = say_count(words.times, tastes.coming, coming, count=coming)
    return OutgoingMessage(f"{tastes.title}\n\n{count}", rows)
