"""Finds affirmations that say much the same: by their letters, or by the words they share that few others have.

Called by `lint`. Of meaning a program sees only this much: two texts that say one thing in other words stay apart.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.domain.folding import fold

WORD = re.compile(r"[^\W_]+")
STEM = 5  # letters; what comes after them is mostly an ending


def twins(texts: Sequence[str], *, most_letters: float, most_words: float) -> Iterator[tuple[int, int]]:
    """Yields the indexes of two texts that share more than the shares say (0 to 1), each pair once, the later first.

    Letters: the runs of three (Jaccard). Words: their stems, each weighing log(texts / texts that have it), so that
    "tears" and "can" weigh little where most texts have them.
    """
    letters = [_trigrams(text) for text in texts]
    stems = [frozenset(word[:STEM] for word in WORD.findall(fold(text))) for text in texts]
    having = Counter(stem for found in stems for stem in found)
    weights = {stem: math.log(len(texts) / count) for stem, count in having.items()}
    for first, second in combinations(range(len(texts)), 2):
        shared_letters = len(letters[first] & letters[second]) / (len(letters[first] | letters[second]) or 1)
        shared_words = _weight(stems[first] & stems[second], weights) / (
            _weight(stems[first] | stems[second], weights) or 1
        )
        if shared_letters > most_letters or shared_words > most_words:
            yield second, first


def _trigrams(text: str) -> frozenset[str]:
    plain = f"  {' '.join(WORD.findall(text.casefold()))} "
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


def _weight(stems: frozenset[str], weights: dict[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
