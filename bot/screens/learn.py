"""/learn: themes, the questions of a theme, one answer with its source. One message, edited in place."""

from bot.content.affirmations import Source
from bot.content.explainers import Explainer, Theme
from bot.content.interface import LearnTexts
from bot.content.load import Catalogue
from bot.screens.callback_data import LEARN, LEARN_THEMES
from bot.screens.outgoing import Button, OutgoingMessage, Rows, paired


def theme_list(catalogue: Catalogue) -> OutgoingMessage:
    """All themes, two short ones in a row."""
    buttons = [Button(theme.name, LEARN.build("t", theme.id)) for theme in catalogue.explainers.themes]
    return OutgoingMessage(catalogue.interface.learn.title, paired(buttons))


def question_list(catalogue: Catalogue, theme: Theme) -> OutgoingMessage:
    """The questions of one theme."""
    texts = catalogue.interface.learn
    within = catalogue.explainers.within(theme.id)
    rows = tuple((Button(explainer.question, LEARN.build("e", explainer.id)),) for explainer in within)
    return OutgoingMessage(texts.question.format(theme=theme.name), (*rows, (Button(texts.back, LEARN_THEMES),)))


def answer(catalogue: Catalogue, explainer: Explainer) -> OutgoingMessage:
    """One explainer: question, answer, sources, and buttons to the next one and back."""
    texts = catalogue.interface.learn
    parts = [explainer.question, explainer.text, *([texts.contested] if explainer.contested else [])]
    return OutgoingMessage("\n\n".join((*parts, _credits(catalogue, explainer))), _ways_on(catalogue, texts, explainer))


def credit(texts: LearnTexts, source: Source) -> str:
    """Names the article that a text was drawn from."""
    if source.author:
        return texts.source.format(title=source.title, author=source.author)
    return texts.source_alone.format(title=source.title)


def _credits(catalogue: Catalogue, explainer: Explainer) -> str:
    texts = catalogue.interface.learn
    credited = credit(texts, catalogue.explainers.sources[explainer.source])
    papers = texts.papers.format(papers="; ".join(explainer.also)) if explainer.also else ""
    return "\n".join(filter(None, (credited, papers)))


def _ways_on(catalogue: Catalogue, texts: LearnTexts, explainer: Explainer) -> Rows:
    following = catalogue.explainers.after(explainer)
    onward = ((Button(texts.next, LEARN.build("e", following.id)),),) if following else ()
    back = Button(texts.back_to_theme, LEARN.build("t", explainer.theme))
    return (*onward, (back, Button(texts.themes, LEARN_THEMES)))
