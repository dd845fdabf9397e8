"""The model of rules.yaml: forbidden words, grade level, emoji and themes. Called by `load`, `lint` and `library`."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.content.affirmations import Identifier
from bot.content.texts import Label, Texts, entries

Part = Literal["affirmations", "flows", "explainers", "support", "interface"]
Phrase = Annotated[str, Field(min_length=1)]
GROUPS = ("group", "supergroup")  # Telegram's kinds of chats that are groups


class WordRule(Texts):
    """Words that are forbidden in some parts, except within one of the phrases in `unless`.

    `opens` are forbidden at the beginning of a sentence, where a verb is an order.
    """

    rule: Annotated[str, Field(min_length=1)]
    where: Annotated[tuple[Part | Literal["everywhere"], ...], entries(1)]
    words: tuple[Phrase, ...] = ()
    opens: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    cure: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _names_words(self) -> Self:
        if not (self.words or self.opens):
            raise ValueError("names no words; write some under `words`, or under `opens`")
        return self


class ThemesFor(Texts):
    """Themes that come only to those who said that they are in therapy, or in a group: others may see a lock screen."""

    therapy: tuple[Identifier, ...] = ()
    group: tuple[Identifier, ...] = ()

    def unasked(self, *, in_therapy: bool = False, in_group: bool = False) -> frozenset[str]:
        """Returns the themes that do not come to someone who is in these."""
        return frozenset((*(() if in_therapy else self.therapy), *(() if in_group else self.group)))

    def unasked_in(self, kind: str) -> frozenset[str]:
        """Returns the themes that a new chat of this kind (Telegram's word, such as "private") does not get."""
        return self.unasked(in_group=kind in GROUPS)


class Rules(Texts):
    """All of rules.yaml. `reading_grade` is in years of school; `similarity` is a share of common trigrams,
    `shared_words` one of common stems (`twins`).

    `most_words_in_a_step` is of one text of a flow: in a hard moment reading is work. `example` is the id of the
    affirmation that /start shows.
    """

    reading_measure: Literal["flesch-kincaid", "crawford"] = "flesch-kincaid"
    reading_grade: Annotated[float, Field(ge=1, le=20)]
    similarity: Annotated[float, Field(gt=0, le=1)]
    shared_words: Annotated[float, Field(gt=0, le=1)] = 0.3
    least_in_a_theme: Annotated[int, Field(ge=1)]
    most_words_in_a_step: Annotated[int, Field(ge=1)] = 45
    themes: Annotated[dict[Identifier, Label], Field(min_length=1)]
    themes_for: ThemesFor = ThemesFor()
    example: Identifier | None = None
    words: tuple[WordRule, ...]
    emoji: dict[Part, Annotated[int, Field(ge=0)]]
