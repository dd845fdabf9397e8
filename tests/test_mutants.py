"""`make mutants`: its rooms are there, its page tells of each, and what it hands to mutmut is the same program."""

import pytest

from bot.settings import PROJECT
from tools.mutants import PAGE, ROOMS, undecorated

DECORATED = """
from functools import lru_cache, partial


def twice(function, times=2):
    return lambda *numbers: times * function(*numbers)


@twice
@partial(twice, times=5)
def add(one, other):
    return one + other


class Shelf:
    @property
    @lru_cache(maxsize=None)
    def books(self):
        @twice
        def three():
            return 3

        return three()

    @staticmethod
    def of(number):
        return number


def plain():
    return 1
"""


def test_without_decorators_above_its_functions_it_is_the_same_program() -> None:
    results = []
    for code in (DECORATED, undecorated(DECORATED)):
        names: dict[str, object] = {}
        exec(code, names)  # noqa: S102 - the program above
        results.append(eval("add(1, 2), Shelf().books, Shelf.of(4), plain()", names))  # noqa: S307 - of this test
    assert results == [(30, 6, 4, 1)] * 2
    assert "@" not in undecorated(DECORATED)


@pytest.mark.parametrize("name", ROOMS)
def test_every_room_has_its_code_its_tests_and_its_part_of_the_page(name: str) -> None:
    room = ROOMS[name]
    assert all(any(PROJECT.glob(source)) for source in room.sources)
    assert all((PROJECT / test.partition("::")[0]).exists() for test in room.tests)
    page = PAGE.read_text()
    assert f"\n### {name}\n" in page
    assert f"\n| {name} |" in page
