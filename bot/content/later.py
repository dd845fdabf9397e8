"""The models of the texts around what comes by itself: later, skip the next, and a return. Part of `interface`."""

from typing import Annotated, Literal

from bot.content.texts import Label, Text, Texts, Toast, holds


class LaterTexts(Texts):
    """Under an affirmation that came by itself."""

    hard_moment: Label
    more: Label
    less: Label
    soon: Label
    evening: Annotated[str, holds("time", limit=40)]
    morning: Annotated[str, holds("time", limit=40)]
    skip: Annotated[str, holds("moment", limit=60)]
    comes: Annotated[str, holds("moment", limit=60)]
    skips: Annotated[str, holds("moment", limit=60)]
    comes_toast: Annotated[str, holds("moment", limit=150)]
    on_its_way: Toast
    turned_off: Toast
    taken_back: Toast
    skips_toast: Annotated[str, holds("moment", limit=100)]
    already_skipped: Annotated[str, holds("moment", limit=100)]
    nothing_to_skip: Toast
    not_skipped: Annotated[str, holds("moment", limit=100)]


class PresenceTexts(Texts):
    """After months of silence, and after a return."""

    question: Text
    go_on: Label
    less_often: Label
    rest: Label
    goes_on: Text
    comes_less_often: Text
    resting: Text
    bring_back: Label
    back_from_rest: Annotated[str, holds("next")]
    back_from: dict[Literal["block", "silence"], Annotated[str, holds(limit=200)]]
