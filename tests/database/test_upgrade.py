"""Upgrading a database of version 0.4.0: nothing is lost, everything can be read, queued messages are sent once."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import Connection, inspect, select, text

from bot.content.flows import Flows
from bot.content.library import Library
from bot.database.columns import Base
from bot.database.engine import Database
from bot.database.migrations.upgrade import upgrade
from bot.database.models import Chat, Conversation
from bot.database.values import CircleStage, MessageKind, MessageState, Notice, PostKind, Subject
from bot.delivery.outcomes import Outcome, Sent
from bot.delivery.rate_limits import RateLimiter
from bot.domain.encryption import Cipher
from bot.domain.ids import ChatId, TelegramId
from bot.domain.schedule import Daily
from bot.handlers.invitations import InvitationDraft, InvitationStep
from bot.usecases import circles, favourites, invitations, preferences, safety_plans, taps
from bot.usecases.chats import find_how_to_speak
from bot.usecases.claims import Claimed
from bot.usecases.conversations import resuming
from bot.usecases.conversations.flow_rows import FlowState
from bot.usecases.groups import list_facilitated, notify_once
from bot.usecases.invitations import Suggestion
from bot.usecases.next_events import next_event_at
from bot.usecases.outbox import Outbox
from localtelegram.clock import MovableClock
from tests.scenes import queue_all, queued

RELEASED = "0007"
KINDS = set(MessageKind) - {
    MessageKind.APPOINTMENT,
    MessageKind.OWN_TEXT,
    MessageKind.AGAIN,
    MessageKind.ASKING,
    MessageKind.LOOK,
}  # those are new since then
ROWS = Path(__file__).with_name("version_0_4_0.sql")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = Fernet.generate_key()
CIPHER = Cipher(KEY.decode())
OWN_WORDS = "Mara, 0123 456"

Rows = dict[str, list[dict[str, Any]]]  # Any: values of every kind, as the driver gives them
NEW_TABLES = {
    "notes",
    "own_sentences",
    "mixes",
    "look_entries",
    "look_askings",
    "handled_updates",
    "leads",
    "memories",
} | {"chat_turns"}
NEW_SUBJECTS = {
    Subject.REMOVED,
    Subject.APPOINTMENT,
    Subject.LOOK,
    Subject.LOOK_TIME,
    Subject.TRAVEL,
    Subject.FIRST_QUESTIONS,
    Subject.BRING,
    Subject.NOTE,
    Subject.OWN_SENTENCE,
}
TABLES = {"plans": "safety_plans", "kept_affirmations": "favourites"}
COLUMNS = {
    ("chats", "words"): "practice",
    ("chats", "told"): "last_notice",
    ("invitations", "words"): "practice",
    ("queued_messages", "about"): "notice_ref",
    ("circles", "unsaid_since"): "undelivered_since",
    ("plans", "sealed"): "encrypted",
    ("kept_affirmations", "kept_at"): "added_at",
}
NUMBERED = ("chats", "reminders", "queued_messages", "conversations", "posts")


@dataclass
class Telegram:
    """Accepts every message and records it."""

    taken: list[Claimed]

    async def deliver(self, message: Claimed) -> Outcome:
        self.taken.append(message)
        return Sent()


def read_all(connection: Connection) -> Rows:
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence", "failures"})
    return {
        name: sorted(
            (dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()),  # noqa: S608 - our own
            key=lambda row: str(list(row.items())[:3]),
        )
        for name in names
    }


def insert_old_rows(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET TIME ZONE 'UTC'")
    script = ROWS.read_text(encoding="utf-8").replace("<sealed>", Fernet(KEY).encrypt(OWN_WORDS.encode()).decode())
    script = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("--"))
    for statement in script.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement.strip().removesuffix(";"))
    for table in NUMBERED if not is_sqlite else ():
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 - our own
        )


OLD_KINDS = (MessageKind.AFFIRMATION, MessageKind.BACK, MessageKind.NOTICE)


def make_old(connection: Connection) -> Rows:
    """Replaces the tables by those of 0.4.0, with a row of every kind."""
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    upgrade(connection, RELEASED)
    insert_old_rows(connection)
    return read_all(connection)


@pytest.fixture
async def before(database: Database) -> Rows:
    """Returns the rows of the database of 0.4.0; `database` is upgraded."""
    async with database.engine.connect() as connection:
        rows = await connection.run_sync(make_old)
        await connection.commit()
    assert await database.revision() == RELEASED
    await database.migrate()
    return rows


@pytest.fixture
def upgraded(database: Database, before: Rows) -> Database:
    return database


def renamed(rows: Rows) -> Rows:
    """Returns the rows as they have to be after the upgrade."""
    expected = {
        TABLES.get(table, table): [
            {COLUMNS.get((table, column), column): value for column, value in row.items()} for row in found
        ]
        for table, found in rows.items()
    }
    expected["appointments"] = []
    for row in expected["chats"]:
        row["refusals"], row["affirmed_by"] = 0, 0
        row["hushed_until"] = row["clock"] = row["quiet_until"] = None  # new since then
        row["left_at"] = row["off_at"] if row["off_reason"] in ("blocked", "gone") else None
        row.update(dict.fromkeys(("home_zone", "travels_until", "last_seen_at", "asked_at", "back_from")), is_asked=1)
    for row in expected["reminders"]:
        row |= {
            "themes": None,
            "themes_cycle": 0,
            "themes_cursor": -1,
            "encrypted_text": None,
            "skip_until": None,
            "is_paired": 0,
        }
    for row in expected["queued_messages"]:
        row["again_of"] = None
    for row in expected["conversations"]:
        if row["subject"] == "plan":
            row["subject"] = "safety_plan"
        row["draft"] = row["draft"].replace('"unsaid_since"', '"undelivered_since"').replace('"words"', '"practice"')
    return expected


async def test_every_table_had_rows(before: Rows) -> None:
    assert len(before) == 14
    assert all(before.values())
    kinds = {(row["kind"], row["state"]) for row in before["queued_messages"]}
    assert kinds == {(kind, state) for kind in KINDS for state in MessageState}
    assert {row["stage"] for row in before["circles"]} == set(CircleStage)


async def test_nothing_is_lost_and_every_value_is_as_it_was(database: Database, before: Rows) -> None:
    async with database.engine.connect() as connection:
        after = await connection.run_sync(read_all)
    assert {table: rows for table, rows in after.items() if table not in NEW_TABLES} == renamed(before)
    assert not any(after[table] for table in NEW_TABLES)


async def test_tables_keys_and_indexes_are_those_of_the_models(upgraded: Database) -> None:
    def compare(connection: Connection) -> tuple[list[object], list[str], list[str]]:
        options = {"compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
        found = inspect(connection)
        made = [found.get_pk_constraint(table.name)["name"] for table in Base.metadata.sorted_tables]
        made += [key["name"] for table in Base.metadata.sorted_tables for key in found.get_foreign_keys(table.name)]
        # In SQLite's own form of AUTOINCREMENT a key has no name.
        named = [str(key.name) for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints]
        named += [str(table.primary_key.name) for table in Base.metadata.sorted_tables]
        return list(differences), sorted(filter(None, made)), sorted(named)

    async with upgraded.engine.connect() as connection:
        differences, made, named = await connection.run_sync(compare)
    assert differences == []
    assert set(made) <= set(named)
    assert {"pk_safety_plans", "fk_safety_plans_chat_id_chats", "pk_favourites"} <= set(made)


async def test_what_was_queued_is_sent_once(upgraded: Database) -> None:
    telegram = Telegram([])
    for now in (NOW, NOW, NOW + timedelta(minutes=31), NOW + timedelta(minutes=32)):
        clock = MovableClock(now, real=lambda: NOW)
        await Outbox(upgraded, telegram, RateLimiter(100_000), clock).send_queued()
    assert sorted(message.id for message in telegram.taken) == [1, 2, 6, 7, 11, 12, 16]
    by_id = {message.id: message for message in telegram.taken}
    assert (by_id[1].practice, by_id[1].language, by_id[1].shows_pictures) == ("rosa-meyer", "en", True)
    assert (by_id[6].thread_id, by_id[6].practice, by_id[6].last_notice) == (77, "lake-house", Notice.TOPIC_CLOSED)
    assert (by_id[11].notice_ref, by_id[12].notice_ref) == ("no_rights:9", "topic_closed:6")
    states = {row.id: row.state for row in await queued(upgraded)}
    assert states == {
        **dict.fromkeys((1, 2, 3, 6, 7, 8, 11, 12, 13, 16), MessageState.SENT),
        **dict.fromkeys((4, 9, 14), MessageState.SKIPPED),
        **dict.fromkeys((5, 10, 15), MessageState.FAILED),
    }


async def test_reminders_go_on(upgraded: Database) -> None:
    assert await next_event_at(upgraded) == NOW - timedelta(minutes=2)
    await queue_all(upgraded, NOW)
    new = [row for row in await queued(upgraded) if row.id > 16]
    assert [(row.chat_id, row.kind, row.occurrence_at) for row in new] == [
        (4, MessageKind.BACK, NOW - timedelta(minutes=1)),
        (1, MessageKind.AFFIRMATION, NOW),
        (5, MessageKind.AFFIRMATION, NOW),
    ]


async def test_flows_and_their_other_questions_are_read(upgraded: Database, library: Library) -> None:
    def flows_of(practice: str | None, language: str | None) -> Flows:
        return library.of(language).flows

    async with upgraded.read() as session:
        rows = {row.id: row for row in await session.scalars(select(Conversation))}
    states = [FlowState.model_validate_json(rows[number].draft) for number in (1, 2, 3)]
    assert [state.undelivered_since for state in states] == [
        NOW - timedelta(seconds=90),
        NOW - timedelta(seconds=80),
        None,
    ]
    assert {row.subject for row in rows.values()} == set(Subject) - NEW_SUBJECTS
    assert (rows[9].subject, rows[9].step) == (Subject.SAFETY_PLAN, "plan")
    draft = InvitationDraft.model_validate_json(rows[11].draft)
    suggestion = Suggestion(practice="rosa-meyer", language="es", rule=Daily(at=time(8, 30)))
    assert draft == InvitationDraft(suggestion=suggestion, answered=(InvitationStep.LANGUAGE,), language="en")
    replies = await resuming.take_due(upgraded, flows_of, NOW)
    assert [(reply.token, reply.practice) for reply in replies] == [("aaaa0001", "rosa-meyer"), ("aaaa0002", None)]


async def test_circles_and_taps_go_on(upgraded: Database, library: Library) -> None:
    def flows_of(practice: str | None, language: str | None) -> Flows:
        return library.of(language).flows

    due = await circles.take_due(upgraded, flows_of, NOW)
    assert sorted((line.chat_id, line.stage, line.part, line.count, line.practice or "") for line in due) == [
        (5, CircleStage.ARRIVING, 1, 0, "lake-house"),
        (7, CircleStage.CLOSING, 2, 3, ""),
        (8, CircleStage.STOPPING, 0, 0, ""),
    ]
    assert sorted(await taps.chats_with_unshown(upgraded)) == [-1003, -1002]
    async with upgraded.write() as session:
        unshown = await taps.take_unshown(session, TelegramId(-1003), NOW)
    assert unshown == taps.Unshown(
        post_id=1, message_id=301, kind=PostKind.ME_TOO, count=2, language="es", practice=None
    )


async def test_what_people_chose_and_kept_is_found(upgraded: Database) -> None:
    async with upgraded.read() as session:
        chat = await session.get_one(Chat, 1)
        plan = await safety_plans.find(session, chat)
        assert plan
        assert CIPHER.decrypt(plan.encrypted, safety_plans.owner(plan.chat_id)) == OWN_WORDS
        known = ("no-apology", "tears-are-human")
        assert await favourites.list_kept(session, chat, known) == ["tears-are-human", "no-apology"]
        assert await preferences.hidden_in(session, (ChatId(1), ChatId(5))) == {1: {"hidden-one"}, 5: {"hidden-two"}}
        assert preferences.themes_left_out(chat) == {"men", "therapy"}
        assert (await find_how_to_speak(upgraded, TelegramId(11)) or ())[:2] == ("en", "rosa-meyer")
        assert [row.id for row in await list_facilitated(session, TelegramId(11))] == [5, 8]
        invitation = await invitations.find_open(session, "i-23456789abcde")
        assert invitation
        assert invitations.suggestion_of(invitation).practice == "rosa-meyer"
        assert await invitations.find_open(session, "i-vwxyz23456789") is None


async def test_a_notice_that_was_sent_is_not_sent_again(upgraded: Database) -> None:
    async with upgraded.write() as session:
        assert not await notify_once(session, TelegramId(-1001), Notice.TOPIC_CLOSED, NOW, thread_id=77)
        assert not await notify_once(session, TelegramId(-1004), Notice.NO_RIGHTS, NOW)
        assert await notify_once(session, TelegramId(-1003), Notice.NO_RIGHTS, NOW)
