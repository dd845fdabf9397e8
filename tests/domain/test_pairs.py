"""Pairs: one theme a day for morning and evening, two lines of it, the same if asked again."""

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pairs import line_of, makes_pair
from bot.domain.rotation import Choice
from bot.domain.schedule import Daily, Spread

THEMES = {f"text-{number}": (f"theme-{number % 4}", f"theme-{number % 7}") for number in range(40)}
CHOICE = Choice(tuple(THEMES), frozenset(), THEMES)
DAY = date(2026, 3, 2)


@given(st.integers(0, 2**31), st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sets(st.sampled_from(sorted(THEMES))))
def test_morning_and_evening_are_two_wanted_lines_of_one_theme(seed: int, day: date, hidden: set[str]) -> None:
    choice = CHOICE.without(hidden)
    opening, again, closing = (line_of(choice, seed=seed, day=day, at=time(hour)) for hour in (7, 9, 20))
    if opening is None or closing is None:
        assert (opening, closing) == (None, None)
        return
    assert opening == again != closing
    assert {opening, closing} <= set(choice.wanted)
    assert set(THEMES[opening]) & set(THEMES[closing])


def test_days_differ() -> None:
    lines = {line_of(CHOICE, seed=1, day=DAY + timedelta(days=day), at=time(8)) for day in range(60)}
    assert len(lines) > 20


def test_a_pair_is_a_morning_and_an_evening() -> None:
    both, morning, evening = Daily(at=time(8), also=(time(20),)), Daily(at=time(8)), Daily(at=time(20))
    assert makes_pair([both])
    assert makes_pair([evening, morning])
    assert not makes_pair([morning])
    assert not makes_pair([morning, morning])
    assert not makes_pair([both, evening])
    assert not makes_pair([morning, Spread(times=1, start=time(15), end=time(20), apart=0)])
