"""What a reminder says: from its own themes, each message once before it comes again; anything where none is left."""

from datetime import time

from sqlalchemy import insert, update

from bot.content.library import Library
from bot.database.engine import Database
from bot.database.models import HiddenAffirmation, Reminder
from bot.database.values import MessageKind
from bot.domain.rotation import Choice
from bot.domain.schedule import Daily
from bot.usecases.reminders.due import queue_due
from tests.scenes import CHOICE, MORNING, berlin, chat_with, queued

THEMED = CHOICE.identifiers[:3]


def by_theme(practice: str | None, language: str | None, left_out: str, themes: str) -> Choice:
    """Knows one theme, with three texts; any other has none."""
    wanted = {"": CHOICE.identifiers, "calm": THEMED}.get(themes, ())
    return Choice(CHOICE.identifiers, frozenset(CHOICE.identifiers) - frozenset(wanted))


async def said(database: Database, themes: str | None, days: int) -> list[str | None]:
    async with database.write() as session:
        await session.execute(update(Reminder).values(themes=themes))
    for day in range(3, 3 + days):
        await queue_due(database, by_theme, berlin(day, "08:30"))
    return [row.affirmation_id for row in await queued(database)]


async def test_a_reminder_with_a_theme_says_each_of_its_messages_once_before_it_begins_anew(
    database: Database,
) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    found = await said(database, "calm", 6)
    assert set(found[:3]) == set(found[3:]) == set(THEMED)


async def test_a_theme_that_is_gone_or_hidden_falls_back_to_all(database: Database) -> None:
    chat = await chat_with(database, MORNING, now=berlin(2))
    assert await said(database, "gone", 1) == (await said(database, None, 1))[:1]
    async with database.write() as session:
        for identifier in THEMED:
            await session.execute(
                insert(HiddenAffirmation).values(chat_id=chat, affirmation_id=identifier, hidden_at=berlin(2))
            )
    found = await said(database, "calm", 4)
    assert not set(found[1:]) & set(THEMED)


async def test_the_order_of_the_chat_stands_still_meanwhile(database: Database) -> None:
    await chat_with(database, MORNING, now=berlin(2))
    await chat_with(database, MORNING, now=berlin(2), telegram_id=43)
    async with database.write() as session:
        await session.execute(update(Reminder).where(Reminder.chat_id == 1).values(themes="calm"))
    await queue_due(database, by_theme, berlin(3, "08:30"))
    assert len(await queued(database)) == 2


async def test_an_own_text_takes_no_affirmation_and_is_not_made_up_for_by_others(database: Database) -> None:
    rules = (MORNING, Daily(at=time(8, 20)), Daily(at=time(9, 40)))
    await chat_with(database, *rules, now=berlin(2))
    async with database.write() as session:
        await session.execute(update(Reminder).where(Reminder.id == 2).values(encrypted_text="sealed"))
    await queue_due(database, by_theme, berlin(3, "09:00"))
    (own,) = await queued(database)  # what else was missed waits for the message that comes soon anyway
    assert (own.kind, own.affirmation_id, own.reminder_id) == (MessageKind.OWN_TEXT, None, 2)
    assert own.occurrence_at == berlin(3, "08:20")


def test_a_choice_holds_only_what_has_one_of_the_themes(library: Library) -> None:
    both = library.choice("en", "", "not-alone,at-your-own-pace")
    by_id = library.of("en").by_id
    assert both.wanted
    assert all({"not-alone", "at-your-own-pace"} & set(by_id[name].themes) for name in both.wanted)
    assert library.choice("en", "", "no-such-theme").wanted == ()
    assert library.choice("en", "").wanted == tuple(by_id)
