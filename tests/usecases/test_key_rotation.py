"""Keys: everything is encrypted anew with the first one, in batches, beside a running bot; nothing is lost."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Text, select, update

from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.models import Chat, Conversation, SafetyPlan
from bot.database.values import Subject
from bot.dialogues.reminder_draft import ReminderDraft
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import ChatId
from bot.domain.safety_plan import Plan
from bot.usecases import key_rotation, safety_plans
from bot.usecases.conversations.rows import begin
from bot.usecases.encrypted_columns import ENCRYPTED
from bot.usecases.key_rotation import Counts, Progress, rotate
from bot.usecases.reminders.own_text import owner
from tests.scenes import berlin, chat_with

NOW = berlin(2)
OLDEST, OLD, NEW = (Fernet.generate_key().decode() for _ in range(3))


async def keep(database: Database, telegram_id: int, text: str, key: str) -> ChatId:
    """Keeps a plan that says this in a chat of its own; returns the chat's row."""
    chat_id = ChatId(await chat_with(database, now=NOW, telegram_id=telegram_id))
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await safety_plans.save_part(session, chat, Cipher(key), "people", text, NOW)
    return chat_id


async def plans(database: Database, key: str) -> list[str | None]:
    """What the plans say, in the order of their chats; None for one that this key does not open."""
    async with database.read() as session:
        rows = await session.scalars(select(SafetyPlan).order_by(SafetyPlan.chat_id))
    said: list[str | None] = []
    for row in rows:
        try:
            said.append(safety_plans.decrypt(row, Cipher(key)).parts["people"])
        except DecryptionError:
            said.append(None)
    return said


async def rotated(database: Database, keys: str) -> list[Progress]:
    return [progress async for progress in rotate(database, Cipher(keys))]


async def counts(database: Database, keys: str | None) -> Counts:
    async with database.read() as session:
        return await key_rotation.count(session, Cipher(keys) if keys else None)


def test_every_encrypted_column_is_registered_and_belongs_to_a_chat() -> None:
    """A new one joins with a line in usecases/encrypted_columns.py."""
    columns = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("encrypted")
    }
    assert columns == {(entry.table.name, entry.name) for entry in ENCRYPTED}
    for entry in ENCRYPTED:
        assert isinstance(entry.text.type, Text)
        (reference,) = entry.table.c.chat_id.foreign_keys
        assert (reference.column.table.name, reference.ondelete) == ("chats", "CASCADE")
    assert len({entry.kind for entry in ENCRYPTED}) == len(ENCRYPTED)


async def test_all_is_encrypted_anew_and_says_the_same(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    said = ["Mara", "Tom", "Ida", "Bea", "Kim"]
    for number, (text, key) in enumerate(zip(said, [OLD, NEW, OLDEST, OLD, OLD], strict=True), 1):
        await keep(database, number, text, key)
    keys = f"{NEW},{OLD},{OLDEST}"
    assert await counts(database, keys) == Counts(5, 4, 0)
    steps = await rotated(database, keys)
    assert steps == [Progress(4), Progress(4, renewed=2), Progress(4, renewed=4)]
    assert await plans(database, NEW) == said
    assert await counts(database, NEW) == Counts(5, 0, 0)
    assert await rotated(database, NEW) == [Progress(0)]


async def test_it_can_be_stopped_at_any_batch_and_begun_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    for number, text in enumerate(("Mara", "Tom", "Ida"), 1):
        await keep(database, number, text, OLD)
    async for progress in rotate(database, Cipher(f"{NEW},{OLD}")):
        if progress.renewed == 1:
            break
    assert await plans(database, NEW) == ["Mara", None, None]
    assert (await rotated(database, f"{NEW},{OLD}"))[-1] == Progress(2, renewed=2)
    assert await plans(database, NEW) == ["Mara", "Tom", "Ida"]


async def test_what_no_key_opens_stays_as_it_is_and_is_counted(database: Database) -> None:
    await keep(database, 1, "Mara", OLDEST)
    await keep(database, 2, "Tom", OLD)
    assert await counts(database, f"{NEW},{OLD}") == Counts(2, 2, 1)
    assert await counts(database, None) == Counts(2, 2, 2)
    assert (await rotated(database, f"{NEW},{OLD}"))[-1] == Progress(2, renewed=1, unopened=1)
    assert await plans(database, f"{NEW},{OLDEST}") == ["Mara", "Tom"]


async def test_a_plan_of_0_4_0_is_bound_to_its_row_from_then_on(database: Database) -> None:
    first, second = await keep(database, 1, "Mara", NEW), await keep(database, 2, "Tom", NEW)
    async with database.write() as session:
        old = Fernet(NEW).encrypt(Plan({"people": "Mara"}).to_json().encode()).decode()
        await session.execute(update(SafetyPlan).where(SafetyPlan.chat_id == first).values(encrypted=old))
    assert await counts(database, NEW) == Counts(2, 1, 0)
    await rotated(database, NEW)
    assert await plans(database, NEW) == ["Mara", "Tom"]
    async with database.write() as session:
        rows = {row.chat_id: row.encrypted for row in await session.scalars(select(SafetyPlan))}
        for chat_id, other in ((first, second), (second, first)):
            statement = update(SafetyPlan).where(SafetyPlan.chat_id == chat_id).values(encrypted=rows[other])
            await session.execute(statement.execution_options(synchronize_session=False))
    assert await plans(database, NEW) == [None, None]


async def test_the_text_of_a_reminder_that_is_being_set_up_is_encrypted_anew(database: Database) -> None:
    chat_id = ChatId(await chat_with(database, now=NOW))
    draft = ReminderDraft(language=None, encrypted_text=Cipher(OLD).encrypt("drink some water", owner(chat_id)))
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        text = draft.model_dump_json()
        await begin(session, chat, chat.telegram_id, Subject.SETUP, "confirm", text, NOW)
    assert await counts(database, f"{NEW},{OLD}") == Counts(1, 1, 0)
    assert await counts(database, NEW) == Counts(1, 1, 1)
    assert (await rotated(database, f"{NEW},{OLD}"))[-1] == Progress(1, renewed=1)
    assert await counts(database, NEW) == Counts(1, 0, 0)
    async with database.read() as session:
        row = (await session.scalars(select(Conversation))).one()
    renewed = ReminderDraft.model_validate_json(row.draft)
    assert Cipher(NEW).decrypt(renewed.encrypted_text or "", owner(chat_id)) == "drink some water"
    assert renewed == draft.model_copy(update={"encrypted_text": renewed.encrypted_text})


async def test_what_the_bot_saves_or_forgets_meanwhile_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are read, the bot writes, and only then the batch is written."""
    saved, forgotten = await keep(database, 1, "Mara", OLD), await keep(database, 2, "Tom", OLD)
    read = key_rotation._next_rows

    async def read_late(*arguments: object) -> object:
        rows = await read(*arguments)  # type: ignore[arg-type]  # handed on as they are
        if rows:
            async with database.write() as session:
                chat = await session.get_one(Chat, saved)
                await safety_plans.save_part(session, chat, Cipher(OLD), "people", "Ida", NOW)
                await safety_plans.remove(session, await session.get_one(Chat, forgotten))
        return rows

    monkeypatch.setattr(key_rotation, "_next_rows", read_late)
    assert (await rotated(database, f"{NEW},{OLD}"))[-1] == Progress(2, overtaken=2)
    assert await plans(database, OLD) == ["Ida"]
    monkeypatch.undo()
    await rotated(database, f"{NEW},{OLD}")
    assert await plans(database, NEW) == ["Ida"]
