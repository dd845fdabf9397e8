"""Reads a typed message as plain words: what is misspelled, run together or disguised becomes the word that was meant.

Only words that the patterns know are ever restored; every other word stays as it was typed.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.folding import fold
from bot.domain.slips import is_slip

# A word; a star, an @ or a $ inside it stands for a letter: "k*ll", "su1c1de", "$uicide".
WORD = re.compile(r"[@$]?[^\W_]+(?:[*@$!]+[^\W_]+)*")
RUN = re.compile(r"(.)\1+")
DRAWN_OUT = re.compile(r"(.)\1{2,}")
LEET = str.maketrans("013457@$!", "oieastasi")
MAX_MESSAGE_CHARACTERS = 4_096  # Telegram's limit for a message; the rest of a longer text is ignored
SHORTEST_RUN_TOGETHER, LONGEST_RUN_TOGETHER = 6, 40  # letters
SHORTEST_SLIP = 4  # letters; shorter words are one slip away from too many others
SHORTEST_WRONG_LETTER = 6  # letters; in shorter words a wrong letter makes another word too often


@dataclass(frozen=True)
class Spelling:
    """How words are read. `spellings` maps a word to the words that it means; `fillers` are left out.

    `vocabulary` are the words of the patterns. A slip of one letter is mended in those of them that are `key_words`,
    unless the typed word is among `ordinary`.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)
    fillers: Collection[str] = ()
    vocabulary: Collection[str] = ()
    key_words: Collection[str] = ()
    ordinary: Collection[str] = ()

    @cached_property
    def _without_runs(self) -> dict[str, str]:
        return {RUN.sub(r"\1", known): known for known in reversed(list(self.key_words))}

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """The key words by their first letter."""
        by_letter: dict[str, list[str]] = {}
        for known in self.key_words:
            by_letter.setdefault(known[0], []).append(known)
        return by_letter

    def words(self, text: str) -> list[str]:
        """Returns the message's words."""
        text = text[:MAX_MESSAGE_CHARACTERS]
        if text.isascii() and text.isalpha():  # one plain word, as nearly all are that patterns name
            found = self._read(text.lower())
        else:
            found = self._read_all(_join_letters(WORD.findall(fold(text).replace("'", ""))))
        return [word for word in found if word not in self.fillers]

    def _read_all(self, typed: Sequence[str]) -> list[str]:
        found: list[str] = []
        read: dict[str, list[str]] = {}  # a word of this message is read once
        index = 0
        while index < len(typed):
            pair = " ".join(typed[index : index + 2])
            if meant := self.spellings.get(pair):  # "my self"
                found += meant.split()
                index += 2
            else:
                word = typed[index]
                found += read[word] if word in read else read.setdefault(word, self._read(word))
                index += 1
        return found

    def _read(self, word: str) -> list[str]:
        if meant := self._known(word):
            return meant
        if (plain := DRAWN_OUT.sub(r"\1", word)) != word and (meant := self._known(plain)):
            return meant
        if not self.key_words:  # only they are restored
            return [word]
        if "*" in word:
            return self._unmask(word)
        if not word.isalpha() and not word.isdecimal() and (meant := self._known(word.translate(LEET))):
            return meant
        word = DRAWN_OUT.sub(r"\1", word)
        return self._without_doubling(word) or self._split(word) or self._without_slip(word) or [word]

    def _known(self, word: str) -> list[str] | None:
        if word in self.spellings:
            return self.spellings[word].split()
        return [word] if word in self.vocabulary or word in self.fillers or word in self.ordinary else None

    def _unmask(self, word: str) -> list[str]:
        pattern = re.escape(word.translate(LEET)).replace(r"\*", ".")
        masked = re.compile(pattern)
        return next(([known] for known in sorted(self.key_words) if masked.fullmatch(known)), [word])

    def _without_doubling(self, word: str) -> list[str] | None:
        """A letter doubled or not doubled by mistake: "kil", "dyiing"."""
        if len(word) < SHORTEST_SLIP - 1:
            return None
        known = self._without_runs.get(RUN.sub(r"\1", word))
        return [known] if known else None

    def _split(self, word: str) -> list[str] | None:
        """Words that are run together: "iwanttodie". Only if all of it is words of the patterns."""
        if not SHORTEST_RUN_TOGETHER <= len(word) <= LONGEST_RUN_TOGETHER:
            return None
        ways: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(end):
                before, meant = ways[start], self._known(word[start:end])
                if before is None or meant is None or (end - start < 2 and word[start:end] not in self.vocabulary):
                    continue
                if ways[end] is None or len(before) + 1 < len(ways[end] or ()):
                    ways[end] = [*before, word[start:end]]
        parts = ways[-1]
        if parts is None:
            return None
        meant = [known for part in parts for known in self._known(part) or ()]
        return meant if any(known in self.key_words for known in meant) else None

    def _without_slip(self, word: str) -> list[str] | None:
        """One letter too many, missing, wrong, or two changed places: "wnat", "sucide". The first letter is right."""
        if len(word) < SHORTEST_SLIP:
            return None
        for known in self._by_letter.get(word[0], ()):
            if abs(len(word) - len(known)) > 1:
                continue
            is_wrong_letter = len(word) == len(known) and sorted(word) != sorted(known)
            shortest = SHORTEST_WRONG_LETTER if is_wrong_letter else SHORTEST_SLIP
            if len(known) >= shortest and is_slip(word, known):
                return [known]
        return None


def fold_spellings(spellings: Mapping[str, str]) -> dict[str, str]:
    """Returns the spellings as words are read in a message: without case, accents and apostrophes."""
    plain = Spelling()
    return {" ".join(plain.words(word)): " ".join(plain.words(meant)) for word, meant in spellings.items()}


def _join_letters(words: Iterable[str]) -> list[str]:
    """Letters that stand alone, three or more in a row, are a word: "k m s", "d i e"."""
    joined: list[str] = []
    letters: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            letters.append(word)
            continue
        joined += ["".join(letters)] if len(letters) > 2 else letters
        letters = []
        joined.append(word)
    return joined[:-1]
