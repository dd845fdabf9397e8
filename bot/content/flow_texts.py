"""The texts around the steps of every flow, and in its diagram. Part of `interface`."""

from typing import Annotated

from bot.content.texts import Label, Text, Texts, entries, holds

Word = Annotated[str, holds(limit=20)]
LineVariants = Annotated[tuple[Annotated[str, holds(limit=300)], ...], entries(1)]


class FlowTexts(Texts):
    """The texts around the steps of every flow. Of several variants, visits take turns."""

    minute: Label
    out: Label
    skip: Label
    go_on: Label
    entry: Label
    another_minute: Label
    resting: LineVariants
    rested: LineVariants
    thanks: LineVariants
    people: Label
    no_back: Text
    not_asked: LineVariants
    left: LineVariants
    ended: LineVariants
    closed: LineVariants
    way_back: Annotated[str, holds("title", limit=200)]
    changed: Text
    first_time: Text
    breath_words: Annotated[tuple[Word, ...], entries(1)]


class DiagramTexts(Texts):
    """The texts in the diagram of a flow, for its author."""

    description: Annotated[str, holds("title")]
    every_step: Annotated[str, holds("minute", "out")]
    variants: Annotated[str, holds("count")]
    calls: Annotated[str, holds("flow")]
    collects: Text
    waits: Annotated[str, holds("seconds")]
    shows: Annotated[str, holds("picture")]
    breath: Text
    last_first: Text
    copies: Annotated[str, holds("label", "text")]
    opens: Annotated[str, holds("label", "what")]
    then: Label
    end: Label
