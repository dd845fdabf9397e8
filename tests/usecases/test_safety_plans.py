"""Safety plans: one for each chat, encrypted, replaced, removed, and deleted with the chat."""

import asyncio

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.database.engine import Database
from bot.database.models import Chat, SafetyPlan
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import ChatId
from bot.domain.safety_plan import Plan
from bot.usecases import safety_plans
from bot.usecases.forgetting import forget_chat
from tests.scenes import berlin, chat_with

NOW = berlin(2)
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
CIPHER = Cipher(NEW)


async def save(database: Database, chat_id: int, text: str, *, part: str = "people", cipher: Cipher = CIPHER) -> Plan:
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        return await safety_plans.save_part(session, chat, cipher, part, text, NOW)


async def read(database: Database, chat_id: int, *, part: str = "people", cipher: Cipher = CIPHER) -> str | None:
    async with database.read() as session:
        plan = await safety_plans.find(session, await session.get_one(Chat, chat_id))
    return safety_plans.decrypt(plan, cipher).parts.get(part) if plan else None


async def rows(database: Database) -> list[SafetyPlan]:
    async with database.read() as session:
        return list(await session.scalars(select(SafetyPlan).order_by(SafetyPlan.chat_id)))


async def test_each_chat_has_its_own(database: Database) -> None:
    first, second, third = [await chat_with(database, now=NOW, telegram_id=telegram_id) for telegram_id in (1, 2, 3)]
    await save(database, first, "Mara, 0123 456")
    await save(database, second, "Tom")
    assert [await read(database, chat) for chat in (first, second, third)] == ["Mara, 0123 456", "Tom", None]


async def test_each_part_is_saved_beside_the_others(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "I stop eating", part="signs")
    plan = await save(database, chat_id, "Mara")
    assert plan == Plan({"signs": "I stop eating", "people": "Mara"})
    assert await read(database, chat_id, part="signs") == "I stop eating"


async def test_an_empty_text_takes_the_part_out_and_the_last_one_the_plan(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "I stop eating", part="signs")
    await save(database, chat_id, "Mara")
    assert await save(database, chat_id, "") == Plan({"signs": "I stop eating"})
    assert await save(database, chat_id, "", part="signs") == Plan()
    assert await rows(database) == []


async def test_a_plan_from_before_it_had_parts_stays_beside_the_new_ones(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    async with database.write() as session:
        session.add(
            SafetyPlan(chat_id=chat_id, encrypted=Fernet(NEW).encrypt(b"Tom, next door").decode(), updated_at=NOW)
        )
    assert await save(database, chat_id, "Mara") == Plan({"people": "Mara", "own": "Tom, next door"})


async def test_what_no_key_decrypts_is_not_overwritten(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara", cipher=Cipher(OLD))
    with pytest.raises(DecryptionError):
        await save(database, chat_id, "I stop eating", part="signs")
    assert await read(database, chat_id, cipher=Cipher(OLD)) == "Mara"


async def test_a_new_text_replaces_the_old_one(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara")
    await save(database, chat_id, "Tom")
    assert await read(database, chat_id) == "Tom"
    assert len(await rows(database)) == 1


async def test_of_two_who_save_at_once_the_second_waits_and_both_parts_stay(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    async with database.write() as session:
        chat = await session.get_one(Chat, chat_id)
        await safety_plans.save_part(session, chat, CIPHER, "signs", "I stop eating", NOW)
        second = asyncio.create_task(save(database, chat_id, "Tom"))
        await asyncio.sleep(0.1)  # the second one waits by now
    assert await second == Plan({"signs": "I stop eating", "people": "Tom"})
    assert len(await rows(database)) == 1


async def test_the_database_holds_nothing_readable(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara, 0123 456")
    (row,) = await rows(database)
    assert "Mara" not in row.encrypted
    assert safety_plans.decrypt(row, CIPHER) == Plan({"people": "Mara, 0123 456"})
    assert row.updated_at == NOW


async def test_removing_a_plan_leaves_those_of_other_chats(database: Database) -> None:
    first, second = [await chat_with(database, now=NOW, telegram_id=telegram_id) for telegram_id in (1, 2)]
    await save(database, first, "Mara")
    await save(database, second, "Tom")
    async with database.write() as session:
        await safety_plans.remove(session, await session.get_one(Chat, first))
    assert [await read(database, chat) for chat in (first, second)] == [None, "Tom"]


async def test_it_is_deleted_with_the_chat(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara")
    async with database.write() as session:
        await forget_chat(session, ChatId(chat_id))
    assert await rows(database) == []


async def test_what_no_key_decrypts_is_not_encrypted_again(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara", cipher=Cipher(OLD))
    (plan,) = await rows(database)
    async with database.write() as session:
        with pytest.raises(DecryptionError):
            await safety_plans.renew(session, plan, CIPHER)
    assert await read(database, chat_id, cipher=Cipher(OLD)) == "Mara"


async def test_a_plan_that_was_encrypted_again_does_not_need_the_older_key(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara", cipher=Cipher(OLD))
    (plan,) = await rows(database)
    async with database.write() as session:
        await safety_plans.renew(session, plan, Cipher(f"{NEW},{OLD}"))
    assert await read(database, chat_id) == "Mara"


async def test_encrypting_again_does_not_bring_back_what_was_replaced(database: Database) -> None:
    chat_id = await chat_with(database, now=NOW)
    await save(database, chat_id, "Mara", cipher=Cipher(OLD))
    (plan,) = await rows(database)
    await save(database, chat_id, "Tom", cipher=Cipher(f"{NEW},{OLD}"))
    async with database.write() as session:
        await safety_plans.renew(session, plan, Cipher(f"{NEW},{OLD}"))
    assert await read(database, chat_id) == "Tom"
