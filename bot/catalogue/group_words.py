"""What is said for all in a group or a channel: a part of the interface."""

from typing import Annotated

from bot.catalogue.flow_words import Variants
from bot.catalogue.words import Counted, Label, Text, Toast, Words, counted, holds


class Posts(Words):
    """Under posts in groups and channels."""

    me_too: Label
    me_too_count: Annotated[str, holds("count", limit=40)]
    counted: Toast
    taken_back: Toast
    too_old: Toast


class Circle(Words):
    """/circle in a group. How it begins is a flow."""

    stop: Label
    invitation: Variants
    here: Label
    here_count: Annotated[str, holds("count", limit=40)]
    close: Label
    were_here: Annotated[Counted, counted("count", limit=200)]
    closing: Variants
    stopped: Variants
    over: Toast
    in_groups: Text
