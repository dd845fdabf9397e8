"""The flow engine: each turn as a whole: what it says, where it leads, how long it waits and what it counts."""

from dataclasses import replace

import pytest

from bot.content.flows import Flow, FlowButton
from bot.dialogues import flows
from bot.dialogues.flows import IDLE, Chose, Key, Line, Mode, Offer, Opens, Position, Said, Turn, Visited, key_of
from bot.dialogues.flows.types import Frame
from tests.dialogues.example_flows import (
    EXERCISE,
    FLOWS,
    GO_ON,
    LOOK_OFFERS,
    MINUTE_AND_OUT,
    PICTURE,
    REST_OFFERS,
    begun,
    position_of,
    start,
    tapped,
    texts_of,
)


def test_a_key_depends_on_the_label_alone_and_is_the_same_in_every_version() -> None:
    """Buttons of old messages carry it."""
    looks = [FlowButton(label="Look", next=("look",)), FlowButton(label="Look", opens="support")]
    assert [key_of(choice) for choice in looks] == ["8b087b3c", "8b087b3c"]
    assert key_of(FlowButton(label="Write", next=("x",))) != "8b087b3c"
    assert all(len(key_of(FlowButton(label=f"Button {number}", next=("x",)))) == 8 for number in range(99))


def test_a_turn_says_all_up_to_a_step_that_waits_and_counts_each_visit() -> None:
    assert start("rounds", looking=1) == Turn(
        (Said(("Hello.",)), Said(("Now we look.",)), Said(("Look again.",), offers=LOOK_OFFERS)),
        Position(
            frames=(Frame(flow="rounds", step="twice"), Frame(flow="looking", step="around", visit=1)),
            turn=1,
            visits={"rounds": 1, "looking": 2},
        ),
        IDLE,
        (Visited("rounds"), Visited("looking")),
    )


def test_a_flow_that_is_called_twice_is_another_visit_and_its_end_is_the_end() -> None:
    second = flows.tap(FLOWS, position_of(start("rounds")), 1, GO_ON)
    assert second == Turn(
        (Said(("Look again.",), offers=LOOK_OFFERS),),
        Position(
            frames=(Frame(flow="rounds", step="last"), Frame(flow="looking", step="around", visit=1)),
            turn=2,
            visits={"rounds": 1, "looking": 2},
        ),
        IDLE,
        (Visited("looking"),),
    )
    assert flows.tap(FLOWS, position_of(second), 2, GO_ON) == Turn((Said((Line.ENDED,)),), None)


def test_a_picture_and_a_text_to_copy_come_along() -> None:
    shown = start("picture")
    assert (shown.says, shown.wait) == ((Said(("See.",), "wave.gif", MINUTE_AND_OUT),), 9)
    asked = flows.wake(FLOWS, position_of(shown))
    take, done = (key_of(button) for button in PICTURE.steps["asked"].buttons)
    assert (position_of(asked).turn, asked.says) == (
        2,
        (Said(("And?",), offers=(Offer(take, "Take", "Words to keep."), Offer(done, "Done"), *MINUTE_AND_OUT)),),
    )
    assert flows.tap(FLOWS, position_of(asked), 2, take) is None  # Telegram copies it; there is nothing to answer


def test_a_question_can_be_skipped_and_what_is_no_question_cannot() -> None:
    asked = tapped(position_of(begun()), "Write")
    assert asked.says[0].offers == (Offer(Key.SKIP), *MINUTE_AND_OUT)
    for position in (
        position_of(begun()),
        position_of(start("picture")),
        position_of(tapped(position_of(asked), Key.SKIP)),
    ):
        assert flows.tap(FLOWS, position, position.turn, Key.SKIP) is None


def test_what_was_chosen_is_remembered_where_the_last_choice_comes_first_and_only_there() -> None:
    look = key_of(EXERCISE.steps["menu"].buttons[0])
    turn = tapped(position_of(begun()), "Look")
    assert position_of(turn).chosen == {"exercise": look}
    assert [
        offer.label
        for offer in flows.begin(FLOWS, "exercise", visits={}, chosen=position_of(turn).chosen).says[0].offers[:2]
    ] == ["Look", "Write"]
    went_on = flows.tap(FLOWS, position_of(start("rounds")), 1, GO_ON)
    assert (position_of(went_on).chosen, went_on and went_on.actions) == ({}, (Visited("looking"),))


def test_what_a_conversation_knows_is_kept_and_the_given_counts_are_not_changed() -> None:
    visits, chosen = {"exercise": 3}, {"exercise": "00000000"}
    turn = flows.begin(FLOWS, "exercise", visits=visits, chosen=chosen)
    assert (position_of(turn).visits, position_of(turn).chosen) == ({"exercise": 4}, chosen)
    looked = tapped(position_of(turn), "Look")
    assert position_of(looked).visits == {"exercise": 4, "looking": 1}
    assert (visits, chosen) == ({"exercise": 3}, {"exercise": "00000000"})


def test_a_minute_keeps_the_step_and_its_buttons_wait() -> None:
    position = position_of(tapped(position_of(begun()), "Write"))
    resting = tapped(position, Key.MINUTE)
    kept = position.model_copy(update={"mode": Mode.RESTING, "turn": position.turn + 1})
    assert resting == Turn((Said((Line.RESTING,), offers=REST_OFFERS),), kept, flows.A_MINUTE)
    assert flows.tap(FLOWS, kept, kept.turn, Key.SKIP) is None
    assert flows.take_typed_text(FLOWS, kept) == Turn(
        (Said((Line.NOT_ASKED,), offers=REST_OFFERS),), kept, flows.A_MINUTE, is_again=True
    )
    back = flows.wake(FLOWS, kept)
    opened = position.model_copy(update={"turn": kept.turn + 1})
    said_again = Said((Line.RESTED, "What is it?"), offers=(Offer(Key.SKIP), *MINUTE_AND_OUT))
    assert back == Turn((said_again,), opened, IDLE)


def test_a_step_can_be_said_again_in_every_mode_and_nothing_changes() -> None:
    position = position_of(start("picture"))
    step = Said(("See.",), "wave.gif", MINUTE_AND_OUT)
    resting = position_of(flows.tap(FLOWS, position, position.turn, Key.MINUTE))
    closed = position_of(flows.close(position))
    assert flows.say_again(FLOWS, position) == Turn((step,), position, 9, is_again=True)
    assert flows.tap(FLOWS, position, position.turn - 1, Key.ON) == flows.say_again(FLOWS, position)
    assert flows.say_again(FLOWS, resting) == Turn(
        (Said((Line.RESTING,), offers=REST_OFFERS),), resting, flows.A_MINUTE, is_again=True
    )
    assert flows.say_again(FLOWS, closed) == Turn(
        (Said((Line.CLOSED,), offers=(Offer(Key.ON),)),), closed, None, is_again=True
    )


def test_text_that_nobody_asked_for_leaves_the_wait_of_the_step_as_it_is() -> None:
    position = position_of(start("picture"))
    turn = flows.take_typed_text(FLOWS, position)
    assert turn == Turn((Said((Line.NOT_ASKED,), offers=MINUTE_AND_OUT),), position, 9, is_again=True)


def test_a_conversation_closes_where_it_is_and_opens_there() -> None:
    position = position_of(tapped(position_of(begun()), "Write"))
    closed = flows.wake(FLOWS, position)
    kept = position.model_copy(update={"mode": Mode.CLOSED})
    assert closed == flows.close(position) == Turn((Said((Line.CLOSED,), offers=(Offer(Key.ON),)),), kept)
    opened = tapped(kept, Key.ON)
    assert (texts_of(opened), position_of(opened)) == (
        [("What is it?",)],
        position.model_copy(update={"turn": kept.turn + 1}),
    )


def test_a_closed_conversation_is_left_once() -> None:
    closed = position_of(flows.close(position_of(begun())))
    assert flows.tap(FLOWS, closed, closed.turn - 1, Key.OUT) is None
    assert tapped(closed, Key.OUT) == Turn((Said((Line.LEFT,)),), None)


def test_a_button_that_opens_something_leaves_the_wait_and_the_buttons_as_they_are() -> None:
    position = position_of(begun())
    assert tapped(position, "People") == Turn((), position, IDLE, (Opens("support"),), is_again=True)


def test_a_flow_over_another_goes_back_to_its_very_step() -> None:
    writing = position_of(tapped(position_of(begun()), "Write"))
    over = start("looking", writing)
    above = Frame(flow="looking", step="around", is_over=True)
    assert position_of(over) == Position(frames=(*writing.frames, above), turn=writing.turn + 1, visits={"looking": 1})
    back = Said((Line.ENDED, Line.WAY_BACK), "", (Offer(Key.ON), Offer(Key.OUT)), "An exercise")
    kept = Position(frames=writing.frames, mode=Mode.CLOSED, turn=writing.turn + 2, visits={"looking": 1})
    assert tapped(position_of(over), "Go on") == Turn((back,), kept)
    assert tapped(position_of(over), Key.OUT).says == (replace(back, parts=(Line.LEFT, Line.WAY_BACK)),)


def test_the_way_back_stands_under_the_last_words_of_the_flow_above() -> None:
    looking = position_of(start("rounds"))
    over = position_of(start("exercise", looking))
    write = key_of(EXERCISE.steps["menu"].buttons[1])
    asked = position_of(flows.tap(FLOWS, over, over.turn, write))
    quiet = position_of(flows.tap(FLOWS, asked, asked.turn, Key.SKIP))
    ended = flows.wake(FLOWS, quiet)
    assert (texts_of(ended), ended.says[-1].title) == ([("That was it.", Line.WAY_BACK)], "Looking")
    assert position_of(ended).frames == looking.frames
    assert texts_of(flows.wake(FLOWS, position_of(tapped(quiet, Key.MINUTE)))) == [(Line.RESTED, "Quiet.")]


def test_a_choice_that_ends_a_flow_is_remembered_too() -> None:
    enough = Chose("exercise", key_of(EXERCISE.steps["menu"].buttons[5]))
    assert tapped(position_of(begun()), "Enough").actions == (enough,)
    over = position_of(start("exercise", position_of(start("rounds"))))
    assert tapped(over, "Enough").actions == (enough,)


def test_thanks_come_before_the_first_words_that_follow_and_only_there() -> None:
    question = Flow.model_validate(
        {
            "title": "A question",
            "first": "asked",
            "steps": {
                "asked": {"say": "What?", "collect": True, "next": "one"},
                "one": {"say": "One.", "next": "two"},
                "two": {"say": "Two.", "next": "END"},
            },
        }
    )
    thanked = flows.take_typed_text(
        {"q": question}, position_of(flows.begin({"q": question}, "q", visits={}, chosen={}))
    )
    assert thanked == Turn((Said((Line.THANKS, "One.")), Said(("Two.",))), None)


def test_thanks_and_an_end_in_one_are_said_together() -> None:
    asked = {"say": "What?", "collect": True, "next": "END"}
    questions = {"q": Flow.model_validate({"title": "A question", "first": "asked", "steps": {"asked": asked}})}
    thanked = flows.take_typed_text(questions, position_of(flows.begin(questions, "q", visits={}, chosen={})))
    assert thanked == Turn((Said((Line.THANKS, Line.ENDED)),), None)


def test_a_flow_over_one_that_is_over_another_takes_its_place() -> None:
    writing = position_of(tapped(position_of(begun()), "Write"))
    second = position_of(start("looking", writing))
    third = position_of(start("picture", second))
    assert third.frames == (*writing.frames, Frame(flow="picture", step="shown", is_over=True))
    assert third.turn == second.turn + 1
    assert texts_of(tapped(third, Key.OUT)) == [(Line.LEFT, Line.WAY_BACK)]
    back_to_it = position_of(start("exercise", second))
    assert back_to_it.frames == (Frame(flow="exercise", step="menu"),)


def test_what_the_flow_above_had_called_is_left_with_it() -> None:
    writing = position_of(tapped(position_of(begun()), "Write"))
    over = position_of(start("rounds", writing))
    assert [frame.is_over for frame in over.frames] == [False, True, False]
    assert position_of(tapped(over, Key.OUT)).frames == writing.frames
    assert start("rounds").position == position_of(start("rounds", position_of(flows.close(writing)))).model_copy(
        update={"turn": 1}
    )


def test_a_flow_begins_by_itself_over_one_that_is_closed_or_whose_words_are_gone() -> None:
    writing = position_of(tapped(position_of(begun()), "Write"))
    gone = writing.model_copy(update={"frames": (Frame(flow="gone", step="menu"),)})
    for over in (position_of(flows.close(writing)), gone):
        assert position_of(start("looking", over)) == position_of(start("looking"))


@pytest.mark.parametrize("frame", [Frame(flow="exercise", step="gone"), Frame(flow="gone", step="menu")])
def test_a_step_or_a_flow_that_is_gone_ends_it_kindly(frame: Frame) -> None:
    position = Position(frames=(Frame(flow="exercise", step="look"), frame), turn=1)
    changed = Turn((Said((Line.CHANGED,)),), None)
    assert flows.tap(FLOWS, position, 1, Key.MINUTE) == changed
    assert flows.take_typed_text(FLOWS, position) == changed
    assert flows.say_again(FLOWS, position) == changed
    assert flows.wake(FLOWS, position) == changed
