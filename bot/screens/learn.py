"""/learn: themes, the questions of a theme, one answer with its source; one message, edited in place."""

from bot.content.affirmations import Source
from bot.content.explainers import Explainer, Theme
from bot.content.interface import Learn
from bot.content.load import Catalogue
from bot.screens.callback_data import LEARN, LEARN_THEMES
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired


def theme_list(catalogue: Catalogue) -> OutgoingMessage:
    buttons = [Button(theme.name, LEARN.build("t", theme.id)) for theme in catalogue.explainers.themes]
    return OutgoingMessage(catalogue.interface.learn.title, paired(buttons))


def question_list(catalogue: Catalogue, theme: Theme) -> OutgoingMessage:
    words = catalogue.interface.learn
    within = catalogue.explainers.within(theme.id)
    rows = tuple((Button(each.question, LEARN.build("e", each.id)),) for each in within)
    return OutgoingMessage(words.question.format(theme=theme.name), (*rows, (Button(words.back, LEARN_THEMES),)))


def answer(catalogue: Catalogue, explainer: Explainer) -> OutgoingMessage:
    words = catalogue.interface.learn
    parts = [explainer.question, explainer.text, *([words.contested] if explainer.contested else [])]
    return OutgoingMessage("\n\n".join((*parts, _credits(catalogue, explainer))), _ways_on(catalogue, words, explainer))


def credit(words: Learn, source: Source) -> str:
    """Which article something was drawn from."""
    if source.author:
        return words.source.format(title=source.title, author=source.author)
    return words.source_alone.format(title=source.title)


def _credits(catalogue: Catalogue, explainer: Explainer) -> str:
    words = catalogue.interface.learn
    credited = credit(words, catalogue.explainers.sources[explainer.source])
    papers = words.papers.format(papers="; ".join(explainer.also)) if explainer.also else ""
    return "\n".join(filter(None, (credited, papers)))


def _ways_on(catalogue: Catalogue, words: Learn, explainer: Explainer) -> Rows:
    following = catalogue.explainers.after(explainer)
    onward = ((Button(words.next, LEARN.build("e", following.id)),),) if following else ()
    back = Button(words.back_to_theme, LEARN.build("t", explainer.theme))
    return (*onward, (back, Button(words.themes, LEARN_THEMES)))
