"""Favourites: kept with one tap, found again with /kept, copied and removed; each chat has its own."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.content.load import Catalogue
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person, add_person


async def keeps(person: Person, count: int, clock: MovableClock | None = None) -> list[str]:
    """Keeps so many sentences, and returns them, the newest first."""
    texts: list[str] = []
    for _ in range(count):
        if clock:
            clock.move(timedelta(seconds=1))
        await person.says("/affirm")
        texts.insert(0, person.hears()[-1])
        await person.taps("Keep")
    return texts


async def test_a_sentence_is_kept_with_one_tap_and_found_again(app: App, ana: Person, catalogue: Catalogue) -> None:
    (text,) = await keeps(ana, 1)
    assert ana.toasts[-1].text == catalogue.interface.kept.kept
    assert ana.labels() == [["✓ Kept", "Another", "Not for me"], ["Hard moment right now"]]
    await ana.taps("✓ Kept")
    assert ana.toasts[-1].text == catalogue.interface.kept.already_kept
    await ana.says("/kept")
    assert ana.hears()[-1] == f"What you kept:\n\n1. {text}"
    assert ana.labels() == [["1"]]


async def test_the_way_back_into_a_flow_stays_under_what_is_kept(app: App, ana: Person) -> None:
    await ana.says("/ground")
    await ana.says("/affirm")
    before = ana.labels()
    await ana.taps("Keep")
    assert ana.labels() == [["✓ Kept", *before[0][1:]], *before[1:]]
    assert ["Pick up where we left off"] in ana.labels()


async def test_what_is_kept_is_still_so_after_it_was_hidden_and_brought_back(app: App, ana: Person) -> None:
    await keeps(ana, 1)
    for label in ("Not for me", "Bring it back"):
        await ana.taps(label)
    assert ana.labels()[0] == ["✓ Kept", "Another", "Not for me"]


async def test_it_can_be_copied_and_removed(app: App, ana: Person, catalogue: Catalogue, clock: MovableClock) -> None:
    newer, older = await keeps(ana, 2, clock)
    await ana.says("/kept")
    await ana.taps("2")
    assert ana.hears()[-1] == older
    await ana.taps("Copy to share")
    assert ana.clipboard == older
    await ana.taps("Remove")
    assert ana.hears()[-1] == f"What you kept:\n\n1. {newer}"
    await ana.taps("1")
    await ana.taps("Remove")
    assert ana.hears()[-1] == catalogue.interface.kept.none


async def test_it_comes_as_a_picture_for_a_story(app: App, ana: Person, catalogue: Catalogue) -> None:
    (text,) = await keeps(ana, 1)
    await ana.says("/kept")
    await ana.taps("1")
    before = ana.last()["message_id"]
    await ana.taps("A picture for a story")
    message = ana.last()
    assert message["message_id"] != before
    assert (message["photo"][-1]["width"], message["photo"][-1]["height"]) == (1080, 1920)
    assert message["caption"].startswith(f"{text}\n\nDrawn from: ")


async def test_many_are_read_page_by_page(app: App, ana: Person, clock: MovableClock) -> None:
    texts = await keeps(ana, 12, clock)
    await ana.says("/kept")
    assert ana.hears()[-1].splitlines()[2::2] == [f"{number}. {text}" for number, text in enumerate(texts[:5], 1)]
    assert ana.labels() == [["1", "2", "3", "4", "5"], ["Older"]]
    await ana.taps("Older")
    assert ana.labels() == [["6", "7", "8", "9", "10"], ["Newer", "Older"]]
    await ana.taps("Older")
    assert ana.hears()[-1].splitlines()[2::2] == [f"11. {texts[10]}", f"12. {texts[11]}"]
    assert ana.labels() == [["11", "12"], ["Newer"]]


async def test_another_comes_below_and_is_another(app: App, ana: Person) -> None:
    await ana.says("/affirm")
    await ana.taps("Another")
    assert len({*ana.hears()}) == 2


async def test_each_chat_has_its_own_favourites(app: App, ana: Person, catalogue: Catalogue) -> None:
    await keeps(ana, 1)
    robin = add_person(ana.telegram, "Robin")
    await robin.says("/kept")
    assert robin.hears()[-1] == catalogue.interface.kept.none


@pytest.mark.parametrize(
    "data",
    ["k:", "k:keep:", "k:keep:no-such-text", "k:show:no-such-text", "k:story:no-such-text", "k:page:x", "k:zzz:1"],
)
async def test_forged_buttons_keep_nothing(app: App, ana: Person, catalogue: Catalogue, data: str) -> None:
    await ana.says("/affirm")
    await ana.taps_data(ana.last()["message_id"], data)
    assert ana.toasts[-1].text == catalogue.interface.replies.stale
    await ana.says("/kept")
    assert ana.hears()[-1] == catalogue.interface.kept.none


async def test_forget_erases_favourites(app: App, ana: Person, catalogue: Catalogue) -> None:
    await keeps(ana, 1)
    await ana.says("/forget")
    await ana.taps("Yes, delete everything")
    await ana.says("/kept")
    assert ana.hears()[-1] == catalogue.interface.kept.none
