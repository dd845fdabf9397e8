"""Invitations in the database are created, found, listed and ended."""

import asyncio
from datetime import time, timedelta

import pytest

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.database.engine import Database
from bot.domain.schedule import Daily
from bot.handlers.deep_links import GROUP
from bot.handlers.start import PAYLOADS
from bot.usecases import invitations
from bot.usecases.invitations import CODE, PREFIX, Suggestion, new_code
from tests.scenes import berlin

NOW = berlin(2)
FULL = Suggestion(practice="rosa-meyer", language="es", rule=Daily(at=time(8, 30), weekdays=(0, 1, 2, 3, 4)))


async def made(database: Database, suggestion: Suggestion, *, code: str = "", day: int = 2) -> str:
    code = code or new_code()
    async with database.write() as session:
        assert await invitations.make(database, session, code, suggestion, berlin(day))
    return code


async def found(database: Database, code: str) -> Suggestion | None:
    async with database.read() as session:
        invitation = await invitations.find_open(session, code)
        return invitations.suggestion_of(invitation) if invitation else None


@pytest.mark.parametrize("suggestion", [FULL, Suggestion(), Suggestion(language="es")])
async def test_a_new_invitation_is_found(database: Database, suggestion: Suggestion) -> None:
    assert await found(database, await made(database, suggestion)) == suggestion


async def test_an_ended_invitation_is_not_found(database: Database) -> None:
    code, other = await made(database, FULL), await made(database, Suggestion())
    async with database.write() as session:
        assert await invitations.end(session, code, NOW)
    async with database.write() as session:
        assert not await invitations.end(session, code, NOW + timedelta(days=1))
        assert not await invitations.end(session, new_code(), NOW)
    assert await found(database, code) is None
    assert await found(database, other) == Suggestion()


@pytest.mark.parametrize("code", ["", "ground", PREFIX, f"{PREFIX}nothing", f"{PREFIX}{'2' * 13}", "x" * 64, "'--"])
async def test_an_unknown_code_is_not_found(database: Database, code: str) -> None:
    await made(database, FULL)
    assert await found(database, code) is None


async def test_open_ones_are_listed_the_newest_first(database: Database) -> None:
    first, second, third = [await made(database, Suggestion(), day=day) for day in (2, 3, 4)]
    async with database.write() as session:
        await invitations.end(session, second, NOW)
    async with database.read() as session:
        assert [invitation.code for invitation in await invitations.list_open(session)] == [third, first]


async def test_the_same_code_is_made_once(database: Database) -> None:
    code = new_code()

    async def make() -> bool:
        async with database.write() as session:
            return await invitations.make(database, session, code, FULL, NOW)

    assert sorted(await asyncio.gather(*(make() for _ in range(4)))) == [False, False, False, True]


async def test_a_rhythm_that_is_not_known_is_not_suggested(database: Database) -> None:
    async with database.write() as session:
        await invitations.make(database, session, code := new_code(), FULL, NOW)
        row = await invitations.find_open(session, code)
        assert row
        row.rule = '{"kind":"once","at":"2030-01-01T08:30"}'
    assert await found(database, code) == FULL.model_copy(update={"rule": None})


def test_a_code_is_random_and_is_never_another_payload() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(CODE.fullmatch(code) and len(code) <= 64 for code in codes)
    assert not any(payload.startswith(PREFIX) for payload in (*FLOWS_OF_COMMANDS, *PAYLOADS, GROUP))
