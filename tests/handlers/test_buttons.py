"""Buttons that are outdated, forged, or somebody else's: they change nothing and get a kind answer."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Conversation, Reminder
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.scenes import subscribe


async def facts(app: App) -> list[object]:
    """Returns everything that a tap could change."""
    async with app.database.read() as session:
        rows: list[object] = []
        for table in (Chat, Reminder, Conversation):
            columns = table.__table__.columns
            rows += [tuple(row) for row in (await session.execute(select(*columns))).all()]
        return rows


FORGED = [
    "",
    "x",
    "c:",
    "c::::",
    "c:00000000:rhythm:daily",
    "c:00000000:forget:yes",
    "r:",
    "r:remove",
    "r:remove:",
    "r:remove:1:2:3",
    "r:show:99999999999999999999",
    "r:show:-1",
    "r:show:²",
    "r:days:1:128",
    "r:days:1:x",
    "r:nonsense:1",
    "s:",
    "s:silent",
    "s:silent:2",
    "start:",
    "start:back",
    "start:zzz",
    "affirm:1",
    "\u0000",
    "🫧" * 16,
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_button_changes_nothing_and_is_answered(app: App, ana: Person, data: str) -> None:
    robin = add_person(ana.telegram, "Robin")
    await subscribe(ana)
    await robin.starts()
    before, heard = await facts(app), ana.hears()
    await robin.taps_data(robin.last()["message_id"], data)
    assert await facts(app) == before
    assert ana.hears() == heard
    assert robin.telegram.unanswered_taps == []


async def test_nobody_reaches_somebody_elses_reminder(app: App, ana: Person) -> None:
    robin = add_person(ana.telegram, "Robin")
    await subscribe(ana)
    await robin.starts()
    before = await facts(app)
    for action in ("show", "pause", "remove", "change", "days", "resume"):
        await robin.taps_data(robin.last()["message_id"], f"r:{action}:1")
    await robin.taps_data(robin.last()["message_id"], "r:days:1:1")
    assert await facts(app) == before
    assert {toast.text for toast in robin.toasts} == {"That reminder is already gone."}


async def test_buttons_of_a_conversation_that_went_on_are_stale(app: App, ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    message = ana.last()
    first = message["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await subscribe(ana)
    before = await facts(app)
    await ana.taps_data(message["message_id"], first)
    assert await facts(app) == before
    assert ana.toasts[-1].text == catalogue.interface.replies.stale


async def test_an_old_question_does_not_erase_anything_later(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/forget")
    question = ana.last()
    yes = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await ana.taps("No, keep it")
    before = await facts(app)
    await ana.taps_data(question["message_id"], yes)
    assert await facts(app) == before


async def test_a_button_under_a_message_that_is_gone_still_works(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/settings")
    gone = ana.last()
    data = gone["reply_markup"]["inline_keyboard"][4][1]["callback_data"]
    ana.deletes(gone["message_id"])
    await ana.taps_data(gone["message_id"], data)
    assert "without sound" in ana.hears()[-1]


async def test_a_reminder_that_was_removed_elsewhere_shows_the_list(app: App, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/reminders")
    await ana.taps("1. Every day at 08:30")
    card = ana.last()
    remove = card["reply_markup"]["inline_keyboard"][2][1]["callback_data"]
    await ana.taps("Remove")
    await ana.taps_data(card["message_id"], remove)
    assert ana.toasts[-1].text == "That reminder is already gone."


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.text(min_size=1, max_size=16),
        st.from_regex(r"\A(c|r|s|h|start|affirm):[a-z0-9:>/-]{0,40}\Z"),
    )
)
async def test_no_data_whatever_goes_unanswered(app: App, ana: Person, data: str) -> None:
    await ana.starts()
    heard = len(ana.toasts)
    await ana.taps_data(ana.last()["message_id"], data)
    assert len(ana.toasts) == heard + 1


async def test_the_most_reminders_are_ten(app: App, ana: Person, telegram: LocalTelegram) -> None:
    await subscribe(ana)
    for minute in range(10, 19):
        await ana.says("/reminders")
        await ana.taps("Add a reminder")
        await ana.taps("Once a day")
        await ana.says(f"9:{minute}")
    await ana.says("/reminders")
    assert ["Add a reminder"] not in ana.labels()
    await ana.taps_data(ana.last()["message_id"], "r:add")
    assert "the most I can keep" in ana.hears()[-1]
