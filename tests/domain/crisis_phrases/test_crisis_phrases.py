import pytest

from bot.domain.crisis_phrases import CrisisPhrases


def phrases(**parts: object) -> CrisisPhrases:
    return CrisisPhrases({"first": ["take pills"], "second": ["die"]}, **parts)  # type: ignore[arg-type]  # as YAML has it


def test_the_first_kind_goes_first() -> None:
    assert phrases().find("I die and take pills") == "first"


def test_a_look_alike_hides_only_itself() -> None:
    known = phrases(look_alikes=["die laughing"])
    assert known.find("I die laughing") is None
    assert known.find("I die laughing and die") == "second"


def test_a_denial_counts_unless_a_but_follows() -> None:
    known = phrases(denials=["not die"], but=["but"])
    assert known.find("I will not die") is None
    assert known.find("I will not die but") == "second"
    assert known.find("but I will not die") is None


def test_a_grave_word_anywhere_keeps_look_alikes_from_hiding() -> None:
    known = phrases(look_alikes=["die laughing"], grave=["mean it"])
    assert known.find("I die laughing") is None
    assert known.find("I die laughing and I mean it") == "second"
    assert known.find("I mean it, I die laughing") == "second"


def test_what_is_certain_is_not_hidden() -> None:
    known = phrases(certain={"third": ["die laughing alone"]}, look_alikes=["die laughing"])
    assert known.find("die laughing alone") == "third"


def test_alone_is_the_whole_message_and_no_look_alike_hides_it() -> None:
    known = phrases(alone={"third": ["pills tonight?", "the end"]}, look_alikes=["the end"], fillers=["just"])
    assert known.find("just pills!") == "third"
    assert known.find("Pills tonight") == "third"
    assert known.find("the end") == "third"
    assert known.find("my pills") is None
    assert known.find("pills tonight please") is None


def test_a_denial_that_is_reopened_does_not_reopen_another() -> None:
    known = phrases(denials=["not die"], but=["but"], look_alikes=["take pills daily"])
    assert known.find("I will not die but take pills daily") == "second"
    assert known.find("I take pills daily and will not die") is None


def test_words_are_read_before_they_are_searched() -> None:
    known = phrases(
        spellings={"dont": "do not", "tablets": "pills", "pass away": "die"},
        fillers=["just"],
        key_words=["pills"],
        ordinary=["pill"],
        lists={"much": ["many", "too many"]},
        look_alikes=["take {much} pills"],
    )
    assert known.find("TAKE just tablets") == "first"
    assert known.find("take pilsl") == "first"
    assert known.find("takepills") == "first"
    assert known.find("take pill") is None
    assert known.find("I pass away") == "second"
    assert known.find("take too many tablets") is None


def test_patterns_are_read_as_messages_are() -> None:
    known = CrisisPhrases({"first": ["don't wanna live"]}, spellings={"dont": "do not", "wanna": "want to"})
    assert known.find("I do not want to live") == "first"
    assert known.find("I dont wanna live") == "first"


def test_some_words_are_no_danger_as_a_whole_message() -> None:
    known = phrases(not_alone=["I die"])
    assert known.find("i die!") is None
    assert known.find("I die now") == "second"


def test_every_kind_of_pattern_names_word_lists() -> None:
    lists = {"end": ["die", "be gone"]}
    known = CrisisPhrases(
        {"first": ["want to {end}"]}, certain={"second": ["will {end}"]}, denials=["not want to {end}"], lists=lists
    )
    assert known.find("I want to be gone") == "first"
    assert known.find("I will be gone") == "second"
    assert known.find("I do not want to be gone") is None


def test_a_filler_cannot_stand_in_a_pattern() -> None:
    with pytest.raises(ValueError, match="'take pills' holds 'take', which is passed over"):
        phrases(fillers=["take"])


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"fillers": ["almost never"]}, "'almost never' is read as almost never; one word can stand here"),
        ({"but": ["but then"]}, "'but then' is read as but then; one word can stand here"),
        ({"but": ["!"]}, "'!' is read as nothing; one word can stand here"),
    ],
)
def test_a_filler_and_a_but_are_one_word(parts: dict[str, list[str]], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        phrases(**parts)
