"""Questions that take no typed words any more: whose, on what, and what stays as it was."""

from datetime import UTC, datetime, timedelta

from bot.database.engine import Database
from bot.database.values import Subject
from bot.domain.ids import NOBODY, TelegramId
from bot.usecases import conversations
from bot.usecases.chats import get_or_create_chat
from bot.usecases.conversations.rows import LONG_AGO

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANA, BEN = TelegramId(42), TelegramId(43)


async def ages(database: Database, person_id: TelegramId) -> dict[str, timedelta]:
    """How long ago each open question was asked, as it is written."""
    async with database.read() as session:
        rows = await conversations.open_by(session, person_id)
    return {row.subject: NOW - row.updated_at for row, _ in rows}


async def begin(database: Database, person_id: TelegramId, *subjects: Subject) -> None:
    async with database.write() as session:
        chat = await get_or_create_chat(session, TelegramId(7), "supergroup", NOW)
        for subject in subjects:
            await conversations.begin(session, chat, person_id, subject, "step", "{}", NOW)


async def test_a_new_question_takes_the_words_of_the_persons_others_alone(database: Database) -> None:
    await begin(database, BEN, Subject.SETUP)
    await begin(database, ANA, Subject.SETUP, Subject.FLOW, Subject.SHARE, Subject.LOOK, Subject.ZONE)
    long_ago, new = LONG_AGO, timedelta(0)
    expected = dict.fromkeys((Subject.SETUP, Subject.LOOK), long_ago)
    expected |= dict.fromkeys((Subject.ZONE, Subject.FLOW, Subject.SHARE), new)
    assert await ages(database, ANA) == expected
    assert await ages(database, BEN) == {Subject.SETUP: new}


async def test_only_the_named_subjects_and_never_what_administrators_share(database: Database) -> None:
    for person_id in (ANA, NOBODY):
        await begin(database, person_id, Subject.SETUP, Subject.LOOK)
        async with database.write() as session:
            await conversations.close_to_words(session, person_id, NOW, Subject.SETUP)
    assert await ages(database, ANA) == {Subject.SETUP: LONG_AGO, Subject.LOOK: timedelta(0)}
    assert await ages(database, NOBODY) == {Subject.SETUP: timedelta(0), Subject.LOOK: timedelta(0)}


async def test_a_question_of_a_week_ago_grows_no_younger(database: Database) -> None:
    await begin(database, ANA, Subject.SETUP)
    async with database.write() as session:
        later = NOW + timedelta(days=6)
        await conversations.close_to_words(session, ANA, later)
    assert await ages(database, ANA) == {Subject.SETUP: timedelta(0)}
