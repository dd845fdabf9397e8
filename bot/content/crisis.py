"""The models of the folder crisis/: the plain words of danger that open the support card. Called by `load`."""

from functools import cached_property
from typing import Annotated, Literal, get_args

from bot.content.texts import InUse, Texts, entries
from bot.domain.crisis_phrases import CrisisPhrases

# What is in danger, the most urgent first: this one decides which line comes first on the card. `breath` may be panic.
Danger = Literal["medical", "breath", "from_others", "somebody_else", "to_others", "oneself"]
DANGERS: tuple[Danger, ...] = get_args(Danger)
Patterns = Annotated[tuple[str, ...], entries(1)]
_in_use = InUse[CrisisPhrases]()


class Subject(Texts):
    """One file of crisis/: patterns of one danger.

    `certain` are those that no look-alike hides, `alone` those that are danger only as the whole message.
    """

    opens: Danger
    certain: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    patterns: Patterns
    look_alikes: tuple[str, ...] = ()


class LookAlikes(Texts):
    """crisis/look_alikes.yaml: what only looks like danger, what denies it, and what makes either grave."""

    look_alikes: tuple[str, ...]
    grave: tuple[str, ...] = ()
    denials: tuple[str, ...]
    but: tuple[str, ...]
    not_alone: tuple[str, ...]


class WordLists(Texts):
    """crisis/word_lists.yaml: the lists that patterns name."""

    word_lists: dict[str, Patterns]


class Spelling(Texts):
    """crisis/spelling.yaml: how words are read."""

    spellings: dict[str, str]
    fillers: tuple[str, ...]
    key_words: tuple[str, ...]
    ordinary: tuple[str, ...]


# The files that serve all subjects; every other one is a subject.
PARTS: dict[str, type[Texts]] = {"look_alikes": LookAlikes, "spelling": Spelling, "word_lists": WordLists}


class Crisis(Texts):
    """All files of crisis/; `domain.crisis_phrases` says what each part does."""

    subjects: dict[str, Subject]
    look_alikes: LookAlikes
    word_lists: WordLists
    spelling: Spelling

    @cached_property
    def phrases(self) -> CrisisPhrases:
        """The patterns, ready to be searched. Raises ValueError for one that cannot be read."""
        return _in_use.made_of(self, self._read)

    def _read(self) -> CrisisPhrases:
        subjects, looks, spelling = self.subjects.values(), self.look_alikes, self.spelling
        own = (pattern for subject in subjects for pattern in subject.look_alikes)
        return CrisisPhrases(
            {
                name: [one for subject in subjects if subject.opens == name for one in subject.patterns]
                for name in DANGERS
            },
            certain={
                name: [one for subject in subjects if subject.opens == name for one in subject.certain]
                for name in DANGERS
            },
            alone={
                name: [one for subject in subjects if subject.opens == name for one in subject.alone]
                for name in DANGERS
            },
            look_alikes=(*looks.look_alikes, *own),
            grave=looks.grave,
            denials=looks.denials,
            but=looks.but,
            not_alone=looks.not_alone,
            lists=self.word_lists.word_lists,
            spellings=spelling.spellings,
            fillers=spelling.fillers,
            key_words=spelling.key_words,
            ordinary=spelling.ordinary,
        )
