"""The buttons after "Not for me", and the list of themes."""

from collections.abc import Collection, Mapping

from bot.content.affirmations import Affirmation
from bot.content.interface import Interface
from bot.screens.callback_data import AFFIRM_NOW, NOT_FOR_ME, SETTINGS_SHOW, THEMES, THEMES_ALL, THEMES_UNHIDE
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired
from bot.screens.times import count_text


def rows_after_hiding(interface: Interface, affirmation: Affirmation, themes: Mapping[str, str]) -> Rows:
    """Returns the buttons under an affirmation that was just hidden: bring it back, or leave out one of its themes.

    `themes` maps the themes that are not left out yet to their names.
    """
    out = [
        (
            Button(
                interface.tastes.leave_out.format(theme=themes[theme]), NOT_FOR_ME.build("out", number, affirmation.id)
            ),
        )
        for number, theme in enumerate(affirmation.themes)
        if theme in themes
    ]
    last = (Button(interface.kept.another, AFFIRM_NOW), entry(interface.flows.entry, "grounding"))
    return ((Button(interface.tastes.bring_back, NOT_FOR_ME.build("back", affirmation.id)),), *out, last)


def theme_list(
    interface: Interface, themes: Mapping[str, str], left_out: Collection[str], *, coming: int, hidden: int
) -> OutgoingMessage:
    """A button for each theme. Its data holds the state after the tap, so that a double tap changes nothing more.

    `coming` is how many affirmations can come, `hidden` how many are hidden.
    """
    tastes = interface.tastes
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
        rows = (
            *rows,
            (Button(count_text(interface.times, tastes.hidden_ones, hidden, count=hidden), THEMES_UNHIDE),),
        )
    rows = (*rows, (Button(interface.settings.title, SETTINGS_SHOW),))
    count = count_text(interface.times, tastes.coming, coming, count=coming)
    return OutgoingMessage(f"{tastes.title}\n\n{count}", rows)
