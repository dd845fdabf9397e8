import pytest

from bot.domain.crisis_phrases.patterns import BREAK, PatternReader, Patterns, words_of

LISTS = {"die": ["die", "end my life", "be dead|gone"], "wish": ["want to", "would? like to"], "soon": ["right? now"]}


def patterns(*written: str) -> Patterns:
    return Patterns(written, PatternReader(LISTS, str.split))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("want to die", "i want to die now"),
        ("want|wish to die", "i wish to die"),
        ("{wish} {die}", "i would like to end my life"),
        ("{wish} {die}", "like to be gone"),
        ("i? want to die", "want to die"),
        ("want .. die", "want to really just die"),
        ("want ... die", "want a b c d e f g h die"),
        ("want .. die", "want die"),
        ("by_accident|cooking done", "by accident done"),
        ("{die}|sleep now", "sleep now"),
        ("a b? b c", "a b c"),
        ("want to? die", "want to die"),
        ("die {soon} alone", "die right now alone"),
        ("want .. now? die", f"want die {BREAK}"),
    ],
)
def test_a_pattern_is_found(pattern: str, words: str) -> None:
    assert patterns("nothing like it", pattern).are_in(words.split())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("want to die", "want to diet"),
        ("want to die", "want die"),
        ("want to die", "want so to die"),
        ("want .. die", "want a b c d die"),
        ("want .. die", f"want {BREAK} die"),
        ("want ... die", "want a b c d e f g h i die"),
        ("by_accident|cooking", "by"),
        ("{wish} {die}", "want to end my"),
        ("want to", ""),
    ],
)
def test_anything_else_is_not(pattern: str, words: str) -> None:
    assert not patterns(pattern).are_in(words.split())


@pytest.mark.parametrize(
    ("pattern", "words", "is_whole"),
    [
        ("take pills", "take pills", True),
        ("take pills now?", "take pills", True),
        ("now? take pills", "take pills", True),
        ("take pills|pills_now", "take pills now", True),
        ("take .. pills", "take all the pills", True),
        ("take pills", "i take pills", False),
        ("take pills", "take pills now", False),
        ("take pills", "", False),
    ],
)
def test_a_pattern_takes_in_all_words_or_not(pattern: str, words: str, is_whole: bool) -> None:
    assert patterns(pattern).are_whole(words.split()) == is_whole


def test_without_patterns_nothing_is_found() -> None:
    assert not patterns().are_in(["die"])


def test_every_match_is_taken_out_and_what_is_around_it_stays() -> None:
    assert patterns("die laughing").take_out(["i", "die", "laughing", "or", "die", "laughing", "or", "die"]) == [
        *("i", BREAK, "or", BREAK, "or", "die"),
    ]


def test_a_match_stays_if_the_words_after_it_say_so() -> None:
    words = ["not", "die", "not", "die", "but"]
    assert patterns("not die").take_out(words, lambda after: after == ["but"]) == [BREAK, "not", "die", "but"]


def test_the_words_of_patterns_are_those_that_stand_in_them() -> None:
    assert words_of(["i? want|by_accident .. {die}", "OX"], {"die": ["end it"]}, str.split) == {
        *("i", "want", "by", "accident", "end", "it", "OX"),
    }


@pytest.mark.parametrize(
    ("pattern", "lists", "error"),
    [
        ("{nowhere} die", LISTS, "'{nowhere} die' names the word list nowhere; known are die, wish"),
        ("..", LISTS, "begins or ends with a gap"),
        (".. die", LISTS, "'.. die' begins or ends with a gap"),
        ("die ...", LISTS, "begins or ends with a gap"),
        ("", LISTS, "is no pattern"),
        ("i?", LISTS, "'i\\?' is no pattern"),
        ("{die}", {"die": ["{die}"]}, "the word list die has '{die}'; write words there, no gaps and no other lists"),
        ("{die}", {"die": ["end .. life"]}, "no gaps and no other lists"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_named(pattern: str, lists: dict[str, list[str]], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        Patterns([pattern], PatternReader(lists, str.split))


def test_a_word_that_messages_pass_over_cannot_stand_in_a_pattern() -> None:
    def read(word: str) -> list[str]:
        return [] if word == "just" else [word]

    with pytest.raises(ValueError, match="'just die' holds 'just', which is passed over"):
        Patterns(["just die"], PatternReader({}, read))
    with pytest.raises(ValueError, match="'just now' holds 'just', which is passed over"):
        Patterns(["die {soon}"], PatternReader({"soon": ["just now"]}, read))
