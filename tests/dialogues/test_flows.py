"""The flow engine: each kind of step, each way out, and nothing that anyone can do leads astray."""

from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import Catalogue
from bot.dialogues import flows
from bot.dialogues.flows import IDLE, Chose, Key, Line, Mode, Opens, Position, Turn, Visited, key_of
from tests.dialogues.book import BOOK, EXERCISE, begun, place, said, tapped


def test_a_flow_begins_with_its_first_step_and_the_ways_out() -> None:
    turn = begun()
    assert said(turn) == [("Which?",)]
    assert [each.label or each.key for each in turn.says[0].offers] == [
        *("Look", "Write", "You choose", "Copy", "People", "Enough", "minute", "out")
    ]
    assert (turn.actions, turn.wait) == ((Visited("exercise"),), IDLE)


def test_a_second_visit_does_not_read_the_same() -> None:
    assert [said(begun(exercise=visit)) for visit in range(3)] == [[("Which?",)], [("Which one?",)], [("Which?",)]]


def test_a_called_flow_comes_back_and_what_is_only_said_is_said_on_the_way() -> None:
    turn = tapped(place(begun()), "Look")
    assert said(turn) == [("Look.",)]
    assert turn.actions == (Chose("exercise", key_of(EXERCISE.steps["menu"].buttons[0])), Visited("looking"))
    turn = tapped(place(turn), "Go on")
    assert said(turn) == [("That was it.",)]
    assert turn.position is None


def test_what_was_chosen_last_stands_first() -> None:
    chosen = {"exercise": key_of(EXERCISE.steps["menu"].buttons[1])}
    turn = flows.begin(BOOK, "exercise", visits={}, chosen=chosen)
    assert [each.label for each in turn.says[0].offers][:3] == ["Write", "Look", "You choose"]


def test_where_the_bot_chooses_visits_take_turns() -> None:
    assert [said(tapped(place(begun(exercise=visit)), "You choose")) for visit in range(2)] == [
        [("Look.",)],
        [("What is it?",)],
    ]


def test_words_are_thanked_for_and_a_question_can_be_skipped() -> None:
    asked = place(tapped(place(begun()), "Write"))
    turn = flows.take_typed_text(BOOK, asked)
    assert turn
    assert (said(turn), turn.wait) == ([(Line.THANKS, "Quiet.")], 40)
    turn = tapped(asked, Key.SKIP)
    assert said(turn) == [("Quiet.",)]


def test_words_that_nobody_asked_for_change_nothing() -> None:
    position = place(begun())
    turn = flows.take_typed_text(BOOK, position)
    assert turn
    assert (said(turn), turn.position, turn.is_again) == ([(Line.NOT_ASKED,)], position, True)
    assert turn.says[0].offers == begun().says[0].offers


def test_a_wait_goes_on_by_itself_to_the_end() -> None:
    waiting = place(tapped(place(tapped(place(begun()), "Write")), Key.SKIP))
    turn = flows.wake(BOOK, waiting)
    assert (said(turn), turn.position) == ([("That was it.",)], None)


def test_a_minute_comes_back_softly_and_can_be_asked_for_again() -> None:
    resting = tapped(place(begun()), Key.MINUTE)
    assert (said(resting), resting.wait) == ([(Line.RESTING,)], flows.A_MINUTE)
    again = tapped(place(resting), Key.MINUTE)
    assert (said(again), again.wait) == ([(Line.RESTING,)], flows.A_MINUTE)
    back = flows.wake(BOOK, place(again))
    assert said(back) == [(Line.RESTED, "Which?")]
    assert said(tapped(place(tapped(place(back), Key.MINUTE)), Key.ON)) == [("Which?",)]


def test_after_long_silence_it_closes_once_and_can_be_opened_again() -> None:
    begun_at = place(begun())
    closed = flows.wake(BOOK, begun_at)
    assert (said(closed), closed.wait, place(closed).mode) == ([(Line.CLOSED,)], None, Mode.CLOSED)
    assert flows.take_typed_text(BOOK, place(closed)) is None
    assert said(tapped(place(closed), Key.ON)) == [("Which?",)]
    assert said(tapped(place(closed), "Look")) == [("Look.",)]  # a button that was on the screen when it closed


def test_one_flow_over_another_leads_back() -> None:
    writing = place(tapped(place(begun()), "Write"))
    over = flows.begin(BOOK, "looking", visits={}, chosen={}, over=writing)
    assert said(over) == [("Look.",)]
    ended = tapped(place(over), "Go on")
    assert said(ended) == [(Line.ENDED, Line.WAY_BACK)]
    assert ended.says[0].title == "An exercise"
    assert said(tapped(place(ended), Key.ON)) == [("What is it?",)]
    left = tapped(place(over), Key.OUT)
    assert said(left) == [(Line.LEFT, Line.WAY_BACK)]
    out = tapped(place(left), Key.OUT)
    assert (said(out), out.position) == ([(Line.LEFT,)], None)


def test_the_same_flow_again_begins_anew() -> None:
    over = flows.begin(BOOK, "exercise", visits={}, chosen={}, over=place(begun()))
    assert len(place(over).frames) == 1


def test_old_buttons_change_nothing_but_the_way_out_always_works() -> None:
    first = place(begun())
    now = place(tapped(first, "Write"))
    assert flows.tap(BOOK, now, first.turn, Key.SKIP) is None
    assert flows.tap(BOOK, now, now.turn, "00000000") is None
    left = flows.tap(BOOK, now, first.turn, Key.OUT)
    assert left
    assert left.position is None


def test_something_opened_over_a_step_leaves_it_as_it_is() -> None:
    position = place(begun())
    turn = tapped(position, "People")
    assert (turn.says, turn.position, turn.actions, turn.is_again) == ((), position, (Opens("support"),), True)


def test_words_that_changed_meanwhile_end_it_kindly() -> None:
    position = place(tapped(place(begun()), "Look"))
    for turn in (
        flows.wake({}, position),
        flows.tap({}, position, position.turn, Key.MINUTE),
        flows.take_typed_text({}, position),
        flows.say_again({"exercise": EXERCISE}, position),
    ):
        assert turn
        assert (said(turn), turn.position) == ([(Line.CHANGED,)], None)


def test_a_choice_without_words_for_the_end_is_answered_softly() -> None:
    assert said(tapped(place(begun()), "Enough")) == [(Line.ENDED,)]


Deed = tuple[str, int]
deeds = st.lists(
    st.tuples(st.sampled_from(["tap", "old", "forged", "words", "wake", "begin", "again"]), st.integers(0, 40))
)


@given(deeds, st.integers(0, 5))
def test_no_sequence_of_anything_raises_or_loses_the_way_out(
    catalogue: Catalogue, deeds: list[Deed], visit: int
) -> None:
    book, names = catalogue.flows, sorted(catalogue.flows)
    turn = flows.begin(book, "grounding", visits={"grounding": visit}, chosen={})
    for deed, number in deeds:
        if turn.position is None:
            turn = flows.begin(book, names[number % len(names)], visits={}, chosen={})
        turn = _do(book, names, turn, deed, number)
        _has_a_way_out(turn)


def _do(book: flows.Flows, names: list[str], turn: Turn, deed: str, number: int) -> Turn:
    position = Position.model_validate_json(place(turn).model_dump_json())  # as after a restart
    offers = [offer for each in flows.say_again(book, position).says for offer in each.offers if not offer.copy]
    match deed:
        case "tap":
            after = flows.tap(book, position, position.turn, offers[number % len(offers)].key)
        case "old":
            after = flows.tap(book, position, position.turn - 1, offers[number % len(offers)].key)
        case "forged":
            after = flows.tap(book, position, position.turn, f"{number:08x}")
        case "words":
            after = flows.take_typed_text(book, position)
        case "wake":
            after = flows.wake(book, position) if position.mode is not Mode.CLOSED else None
        case "begin":
            name = names[number % len(names)]
            after = flows.begin(book, name, visits=position.visits, chosen=position.chosen, over=position)
        case _:
            after = flows.say_again(book, position)
    return after or flows.say_again(book, position)


def _has_a_way_out(turn: Turn) -> None:
    if turn.position is None:
        assert turn.says
        return
    keys = {offer.key for each in turn.says for offer in each.offers}
    assert turn.says == () or keys & {Key.OUT, Key.ON}
    if turn.position.mode is Mode.OPEN and turn.says:
        assert {Key.OUT, Key.MINUTE} <= keys
        assert turn.wait
