"""What is measured: the whole stays bounded, and the page says who is measured and in which parts."""

from collections import Counter

from benchmarks.cases import LARGEST_FOR_ALL, QUICK, ROUNDS, Loads, Part, make_cases
from benchmarks.contenders import CONTENDERS, Store
from benchmarks.report import PAGE

WHOLE = make_cases(list(Part), CONTENDERS, Loads())


def test_the_whole_takes_less_than_27_minutes_and_a_quick_look_less_than_8() -> None:
    idle_seconds = Loads().idle_seconds
    whole = sum(case.seconds for case in WHOLE) + idle_seconds
    quick = sum(case.seconds for case in make_cases(list(Part), CONTENDERS, QUICK)) + QUICK.idle_seconds
    assert whole < 27 * 60
    assert quick < 8 * 60


def test_the_largest_numbers_are_measured_for_those_that_scale_alone() -> None:
    larger = {case.contender.name for case in WHOLE if case.count > LARGEST_FOR_ALL}
    assert larger == {"bot", "aiogram", "bare"}


def test_every_group_has_both_yardsticks_and_the_bot() -> None:
    groups: dict[object, set[str]] = {}
    for case in WHOLE:
        groups.setdefault(case.group, set()).add(case.contender.name)
    assert [group for group, names in groups.items() if not {"bot", "aiogram", "bare"} <= names] == []


def test_the_bot_is_measured_on_both_databases() -> None:
    stores = {part: {case.store for case in WHOLE if case.part is part and case.contender.is_this_bot} for part in Part}
    both = {Store.SQLITE, Store.POSTGRESQL}
    assert {part for part, its_stores in stores.items() if its_stores == both} == {Part.RUSH, Part.TAPS, Part.IDLE}


def test_only_those_that_scale_are_measured_several_times_and_in_turns() -> None:
    again = [case for case, times in Counter(WHOLE).items() if times > 1]
    assert {(case.contender.name, case.part, case.count) for case in again} == {
        (name, Part.RUSH, LARGEST_FOR_ALL) for name in ("bot", "aiogram", "bare")
    }
    order = [case for case in WHOLE if case in again]
    assert order == again * ROUNDS


def test_the_page_names_every_contender_and_every_part() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [contender.title for contender in CONTENDERS if f"**{contender.title}**" not in page] == []
    assert [part for part in Part if f"`{part}`" not in page] == []
