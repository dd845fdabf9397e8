"""Rotation: each affirmation once before any comes twice, in the chat's own order, from only two stored numbers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rotation import Choice, Rotation, next_affirmation

NAMES = tuple(f"text-{number}" for number in range(60))


def choose_many(names: tuple[str, ...], rotation: Rotation, count: int) -> tuple[list[str], Rotation]:
    chosen = []
    for _ in range(count):
        name, rotation = next_affirmation(Choice(names), rotation)
        chosen.append(name)
    return chosen, rotation


@given(seed=st.integers(0, 2**31), size=st.integers(1, 80))
def test_each_comes_once_before_any_comes_again(seed: int, size: int) -> None:
    names = tuple(f"text-{number}" for number in range(size))
    chosen, rotation = choose_many(names, Rotation(seed), size)
    again, _ = choose_many(names, rotation, size)
    assert sorted(chosen) == sorted(names)
    assert sorted(again) == sorted(names)


@given(seed=st.integers(0, 2**31), size=st.integers(2, 40))
def test_two_in_a_row_are_never_the_same(seed: int, size: int) -> None:
    chosen, _ = choose_many(NAMES[:size], Rotation(seed), size * 5)
    assert all(first != second for first, second in itertools.pairwise(chosen))


def test_each_chat_has_its_own_order() -> None:
    orders = {tuple(choose_many(NAMES, Rotation(seed), len(NAMES))[0]) for seed in range(2_000)}
    assert len(orders) == 2_000


def test_the_second_time_through_is_another_order() -> None:
    first, rotation = choose_many(NAMES, Rotation(7), len(NAMES))
    second, _ = choose_many(NAMES, rotation, len(NAMES))
    assert first != second


@given(seed=st.integers(0, 2**31), before=st.integers(0, 59), gone=st.sets(st.sampled_from(NAMES), max_size=20))
def test_affirmations_removed_or_added_midway_repeat_nothing(seed: int, before: int, gone: set[str]) -> None:
    chosen, rotation = choose_many(NAMES, Rotation(seed), before)
    left = (*tuple(name for name in NAMES if name not in gone), "new-one")
    still_to_come = set(left) - set(chosen) - {"new-one"}
    later, _ = choose_many(left, rotation, len(still_to_come))
    assert not set(later) & set(chosen)


def test_every_text_opens_some_chats_order_about_equally_often() -> None:
    first = [next_affirmation(Choice(NAMES), Rotation(seed))[0] for seed in range(6_000)]
    counts = [first.count(name) for name in NAMES]
    assert min(counts) > 50  # 100 each if it were perfectly even
    assert max(counts) < 170


@given(seed=st.integers(0, 2**31), before=st.integers(0, 59), hidden=st.sets(st.sampled_from(NAMES), max_size=59))
def test_what_is_not_wanted_never_comes_and_the_rest_comes_once(seed: int, before: int, hidden: set[str]) -> None:
    chosen, rotation = choose_many(NAMES, Rotation(seed), before)
    choice = Choice(NAMES).without(hidden)
    later = []
    while True:
        name, rotation = next_affirmation(choice, rotation)
        if rotation.cycle:
            break
        later.append(name)
    assert sorted(later) == sorted(set(NAMES) - set(chosen) - hidden)


@pytest.mark.parametrize("choice", [Choice(()), Choice(NAMES, frozenset(NAMES))])
def test_nothing_to_choose_from_is_an_error(choice: Choice) -> None:
    with pytest.raises(ValueError, match="no affirmation"):
        next_affirmation(choice, Rotation(1))
