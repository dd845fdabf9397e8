"""A safety plan as a value: its parts in order, their lengths as Telegram counts, and plans of older versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.safety_plan import LONGEST_PART, LONGEST_PLAN, OWN, PARTS, Plan, units

TEXTS = st.text(min_size=1)
PLANS = st.dictionaries(st.sampled_from(PARTS), TEXTS).map(Plan)


def test_the_parts_stand_in_the_order_of_their_source() -> None:
    assert PARTS == ("signs", "alone", "around", "people", "professionals", "safer", "own")
    plan = Plan().with_part("own", "the sea").with_part("people", "Mara").with_part("signs", "I stop eating")
    assert plan.written() == [("signs", "I stop eating"), ("people", "Mara"), ("own", "the sea")]


@given(plan=PLANS, part=st.sampled_from(PARTS), text=st.text())
def test_changing_a_part_leaves_the_others(plan: Plan, part: str, text: str) -> None:
    changed = plan.with_part(part, text)
    assert dict(changed.written()) == {**dict(plan.written()), part: text} if text else part not in changed.parts
    assert [each for each in changed.written() if each[0] != part] == [
        each for each in plan.written() if each[0] != part
    ]


@given(PLANS)
def test_what_is_stored_is_read_again(plan: Plan) -> None:
    assert Plan.from_stored(plan.to_json()) == plan


@pytest.mark.parametrize(
    "stored", ["Mara, 0123 456", "{", "[]", "17", '"Mara"', '{"mum": "0123"}', '{"signs": 3}', "null"]
)
def test_a_plan_from_before_it_had_parts_is_whole(stored: str) -> None:
    assert Plan.from_stored(stored) == Plan({OWN: stored})


def test_lengths_are_utf_16_units() -> None:
    assert units("a\N{BUBBLES}") == 3


def test_a_part_has_the_room_that_the_others_leave() -> None:
    assert Plan().room_for("signs") == LONGEST_PART
    old = Plan({OWN: "\N{BUBBLES}" * 950})
    assert old.room_for("signs") == LONGEST_PLAN - 1_900
    assert old.room_for(OWN) == LONGEST_PART
    assert Plan({OWN: "x" * (LONGEST_PLAN + 1)}).room_for("signs") == 0
