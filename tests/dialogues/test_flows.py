"""The flow engine: each kind of step, each way out; no sequence of taps and texts raises or loses the way out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.content.flows import Flows
from bot.content.load import Catalogue
from bot.dialogues import flows
from bot.dialogues.flows import IDLE, Chose, Key, Line, Mode, Opens, Position, Turn, Visited, key_of
from tests.dialogues.example_flows import EXERCISE, FLOWS, begun, position_of, tapped, texts_of


def test_a_flow_begins_with_its_first_step_and_the_ways_out() -> None:
    turn = begun()
    assert texts_of(turn) == [("Which?",)]
    assert [offer.label or offer.key for offer in turn.says[0].offers] == [
        *("Look", "Write", "You choose", "Copy", "People", "Enough", "minute", "out")
    ]
    assert (turn.actions, turn.wait) == ((Visited("exercise"),), IDLE)


def test_a_second_visit_does_not_read_the_same() -> None:
    assert [texts_of(begun(exercise=visit)) for visit in range(3)] == [[("Which?",)], [("Which one?",)], [("Which?",)]]


def test_a_called_flow_returns_and_steps_without_buttons_are_shown_on_the_way() -> None:
    turn = tapped(position_of(begun()), "Look")
    assert texts_of(turn) == [("Look.",)]
    assert turn.actions == (Chose("exercise", key_of(EXERCISE.steps["menu"].buttons[0])), Visited("looking"))
    turn = tapped(position_of(turn), "Go on")
    assert texts_of(turn) == [("That was it.",)]
    assert turn.position is None


def test_what_was_chosen_last_stands_first() -> None:
    chosen = {"exercise": key_of(EXERCISE.steps["menu"].buttons[1])}
    turn = flows.begin(FLOWS, "exercise", visits={}, chosen=chosen)
    assert [offer.label for offer in turn.says[0].offers][:3] == ["Write", "Look", "You choose"]


def test_where_the_bot_chooses_visits_take_turns() -> None:
    assert [texts_of(tapped(position_of(begun(exercise=visit)), "You choose")) for visit in range(2)] == [
        [("Look.",)],
        [("What is it?",)],
    ]


def test_a_typed_answer_is_thanked_for_and_a_question_can_be_skipped() -> None:
    asked = position_of(tapped(position_of(begun()), "Write"))
    turn = flows.take_typed_text(FLOWS, asked)
    assert turn
    assert (texts_of(turn), turn.wait) == ([(Line.THANKS, "Quiet.")], 40)
    turn = tapped(asked, Key.SKIP)
    assert texts_of(turn) == [("Quiet.",)]


def test_typed_text_without_a_question_changes_nothing() -> None:
    position = position_of(begun())
    turn = flows.take_typed_text(FLOWS, position)
    assert turn
    assert (texts_of(turn), turn.position, turn.is_again) == ([(Line.NOT_ASKED,)], position, True)
    assert turn.says[0].offers == begun().says[0].offers


def test_a_wait_goes_on_by_itself_to_the_end() -> None:
    waiting = position_of(tapped(position_of(tapped(position_of(begun()), "Write")), Key.SKIP))
    turn = flows.wake(FLOWS, waiting)
    assert (texts_of(turn), turn.position) == ([("That was it.",)], None)


def test_a_minute_comes_back_softly_and_can_be_asked_for_again() -> None:
    resting = tapped(position_of(begun()), Key.MINUTE)
    assert (texts_of(resting), resting.wait) == ([(Line.RESTING,)], flows.A_MINUTE)
    again = tapped(position_of(resting), Key.MINUTE)
    assert (texts_of(again), again.wait) == ([(Line.RESTING,)], flows.A_MINUTE)
    back = flows.wake(FLOWS, position_of(again))
    assert texts_of(back) == [(Line.RESTED, "Which?")]
    assert texts_of(tapped(position_of(tapped(position_of(back), Key.MINUTE)), Key.ON)) == [("Which?",)]


def test_after_long_silence_it_closes_once_and_can_be_opened_again() -> None:
    begun_at = position_of(begun())
    closed = flows.wake(FLOWS, begun_at)
    assert (texts_of(closed), closed.wait, position_of(closed).mode) == ([(Line.CLOSED,)], None, Mode.CLOSED)
    assert flows.take_typed_text(FLOWS, position_of(closed)) is None
    assert texts_of(tapped(position_of(closed), Key.ON)) == [("Which?",)]
    assert texts_of(tapped(position_of(closed), "Look")) == [
        ("Look.",)
    ]  # a button that was on the screen when it closed


def test_one_flow_over_another_leads_back() -> None:
    writing = position_of(tapped(position_of(begun()), "Write"))
    over = flows.begin(FLOWS, "looking", visits={}, chosen={}, over=writing)
    assert texts_of(over) == [("Look.",)]
    ended = tapped(position_of(over), "Go on")
    assert texts_of(ended) == [(Line.ENDED, Line.WAY_BACK)]
    assert ended.says[0].title == "An exercise"
    assert texts_of(tapped(position_of(ended), Key.ON)) == [("What is it?",)]
    left = tapped(position_of(over), Key.OUT)
    assert texts_of(left) == [(Line.LEFT, Line.WAY_BACK)]
    out = tapped(position_of(left), Key.OUT)
    assert (texts_of(out), out.position) == ([(Line.LEFT,)], None)


def test_the_same_flow_again_begins_anew() -> None:
    over = flows.begin(FLOWS, "exercise", visits={}, chosen={}, over=position_of(begun()))
    assert len(position_of(over).frames) == 1


def test_old_buttons_change_nothing_but_the_way_out_always_works() -> None:
    first = position_of(begun())
    now = position_of(tapped(first, "Write"))
    assert flows.tap(FLOWS, now, first.turn, Key.SKIP) is None
    assert flows.tap(FLOWS, now, now.turn, "00000000") is None
    left = flows.tap(FLOWS, now, first.turn, Key.OUT)
    assert left
    assert left.position is None


def test_something_opened_over_a_step_leaves_it_as_it_is() -> None:
    position = position_of(begun())
    turn = tapped(position, "People")
    assert (turn.says, turn.position, turn.actions, turn.is_again) == ((), position, (Opens("support"),), True)


def test_a_flow_that_was_changed_meanwhile_ends_kindly() -> None:
    position = position_of(tapped(position_of(begun()), "Look"))
    for turn in (
        flows.wake({}, position),
        flows.tap({}, position, position.turn, Key.MINUTE),
        flows.take_typed_text({}, position),
        flows.say_again({"exercise": EXERCISE}, position),
    ):
        assert turn
        assert (texts_of(turn), turn.position) == ([(Line.CHANGED,)], None)


def test_a_button_that_leads_to_the_end_is_answered() -> None:
    assert texts_of(tapped(position_of(begun()), "Enough")) == [(Line.ENDED,)]


Action = tuple[str, int]
actions = st.lists(
    st.tuples(st.sampled_from(["tap", "old", "forged", "words", "wake", "begin", "again"]), st.integers(0, 40))
)


@given(actions, st.integers(0, 5))
def test_no_sequence_of_anything_raises_or_loses_the_way_out(
    catalogue: Catalogue, actions: list[Action], visit: int
) -> None:
    all_flows, names = catalogue.flows, sorted(catalogue.flows)
    turn = flows.begin(all_flows, "grounding", visits={"grounding": visit}, chosen={})
    for action, number in actions:
        if turn.position is None:
            turn = flows.begin(all_flows, names[number % len(names)], visits={}, chosen={})
        turn = _do(all_flows, names, turn, action, number)
        _has_a_way_out(turn)


def _do(all_flows: Flows, names: list[str], turn: Turn, action: str, number: int) -> Turn:
    position = Position.model_validate_json(position_of(turn).model_dump_json())  # as after a restart
    offers = [
        offer for message in flows.say_again(all_flows, position).says for offer in message.offers if not offer.copy
    ]
    match action:
        case "tap":
            after = flows.tap(all_flows, position, position.turn, offers[number % len(offers)].key)
        case "old":
            after = flows.tap(all_flows, position, position.turn - 1, offers[number % len(offers)].key)
        case "forged":
            after = flows.tap(all_flows, position, position.turn, f"{number:08x}")
        case "words":
            after = flows.take_typed_text(all_flows, position)
        case "wake":
            after = flows.wake(all_flows, position) if position.mode is not Mode.CLOSED else None
        case "begin":
            name = names[number % len(names)]
            after = flows.begin(all_flows, name, visits=position.visits, chosen=position.chosen, over=position)
        case _:
            after = flows.say_again(all_flows, position)
    return after or flows.say_again(all_flows, position)


def _has_a_way_out(turn: Turn) -> None:
    if turn.position is None:
        assert turn.says
        return
    keys = {offer.key for message in turn.says for offer in message.offers}
    assert turn.says == () or keys & {Key.OUT, Key.ON}
    if turn.position.mode is Mode.OPEN and turn.says:
        assert {Key.OUT, Key.MINUTE} <= keys
        assert turn.wait
