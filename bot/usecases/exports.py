"""Gathers everything that is stored about one person, decrypted. For /export."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.columns import Base
from bot.database.models import Chat, Facilitator, Post, PostTap
from bot.database.values import OffReason
from bot.domain import exports
from bot.domain.encryption import Cipher, DecryptionError, Owner
from bot.domain.exports import EncryptedPart, Export, Here, Part
from bot.domain.ids import TelegramId
from bot.usecases import taps
from bot.usecases.chats import find_chat
from bot.usecases.encrypted_columns import encrypted_column_of
from bot.usecases.reminders.edit import list_reminders
from bot.usecases.stored_data import STORED, Stored


async def gather(
    session: AsyncSession, person_id: TelegramId, cipher: Cipher | None, counting_key: bytes, now: datetime
) -> Export | None:
    """Returns what is stored about this person; None if nothing is. What no key opens is counted in `unreadable`."""
    chat = await find_chat(session, person_id)
    unreadable: dict[str, int] = {}
    rows: dict[str, tuple[Part, ...]] = {}
    for stored in STORED:
        if stored.part and stored.model not in (Chat, Facilitator, PostTap):
            found = await _rows_of(session, stored.model, chat, person_id)
            rows[stored.name] = tuple(filter(None, (_part(stored, row, cipher, unreadable) for row in found)))
    rows["visits"] = _of_all_places(rows["visits"])
    rows["facilitators"] = await _facilitated(session, person_id)
    rows["taps"] = await _taps(session, counting_key, person_id)
    here = {stored.name for stored in STORED if stored.part and not stored.is_brought and stored.model is not Chat}
    if chat is None and not any(rows[name] for name in here):
        return None
    return Export(
        exported_at=now,
        settings=_settings(chat) if chat else None,
        unreadable=unreadable,
        here=Here(
            chat=_part_of(exports.Chat, chat) if chat else None,
            next_times=await _next_times(session, chat) if chat else (),
            **{name: rows[name] for name in here},
        ),
        **{name: parts for name, parts in rows.items() if name not in here},
    )


def _of_all_places(visits: tuple[Part, ...]) -> tuple[Part, ...]:
    """Returns one visit a flow: a person may have begun the same one in their chat and in groups."""
    found: dict[str, exports.Visit] = {}
    for visit in visits:
        if isinstance(visit, exports.Visit):
            other = found.get(visit.flow, visit.model_copy(update={"count": 0}))
            chosen = visit.chosen or other.chosen
            found[visit.flow] = visit.model_copy(update={"count": other.count + visit.count, "chosen": chosen})
    return tuple(found.values())


async def _rows_of(
    session: AsyncSession, model: type[Base], chat: Chat | None, person_id: TelegramId
) -> Sequence[Base]:
    """Returns the rows of this chat, and those of this person in other chats, in the order of the primary key."""
    columns = model.__table__.c
    is_own = [columns.chat_id == (chat.id if chat else None)]
    if "person_id" in columns:
        is_own.append(columns.person_id == person_id)
    query = select(model).where(or_(*is_own)).order_by(*model.__table__.primary_key)
    return (await session.scalars(query)).all()


def _part(stored: Stored, row: Any, cipher: Cipher | None, unreadable: dict[str, int]) -> Part | None:
    """Returns the row as its part; None, and counts it, if no key opens it. Any: a row of any table."""
    assert stored.part  # noqa: S101 - only those that have one are asked for
    more: dict[str, object] = {}
    column = encrypted_column_of(stored.model)
    if column and issubclass(stored.part, EncryptedPart):
        try:
            more |= _decrypted(stored.part, getattr(row, column.name), Owner(column.kind, row.chat_id), cipher)
        except DecryptionError:
            unreadable[stored.name] = unreadable.get(stored.name, 0) + 1
            if not column.is_optional:
                return None
    more |= {name: _json(getattr(row, name)) for name in stored.part.json_fields}
    part: Part = _part_of(stored.part, row, more)
    return part


def _decrypted(
    part: type[EncryptedPart], ciphertext: str | None, owner: Owner, cipher: Cipher | None
) -> dict[str, object]:
    """Returns the fields that a ciphertext stands for. Raises DecryptionError."""
    if ciphertext is None:
        return {}
    if cipher is None:
        raise DecryptionError("there is no key")
    return dict(part.from_text(cipher.decrypt(ciphertext, owner)))


def _part_of(part: type[Part], row: Any, more: dict[str, object] | None = None) -> Any:
    """Returns a part without checks: what is stored is shown as it is. Any: a row, and the part of its table."""
    known = more or {}
    values: dict[str, Any] = {name: known.get(name, getattr(row, name, None)) for name in part.model_fields}
    return part.model_construct(None, **values)


def _settings(chat: Chat) -> exports.Settings:
    more: dict[str, object] = {
        "left_out": tuple(sorted(filter(None, chat.left_out.split(",")))),
        "stopped_at": chat.off_at if chat.off_reason == OffReason.STOPPED else None,
    }
    settings: exports.Settings = _part_of(exports.Settings, chat, more)
    return settings


async def _next_times(session: AsyncSession, chat: Chat) -> tuple[exports.NextTime, ...]:
    reminders = enumerate(await list_reminders(session, chat), 1)
    return tuple(
        exports.NextTime.model_construct(reminder=number, due_at=reminder.due_at)
        for number, reminder in reminders
        if reminder.due_at
    )


async def _facilitated(session: AsyncSession, person_id: TelegramId) -> tuple[exports.Facilitator, ...]:
    query = (
        select(Chat.telegram_id, Chat.thread_id, Facilitator.since)
        .join(Chat, Chat.id == Facilitator.chat_id)
        .where(Facilitator.person_id == person_id)
        .order_by(Chat.id)
    )
    return tuple(
        exports.Facilitator(telegram_id=telegram_id, thread_id=thread_id, since=since)
        for telegram_id, thread_id, since in await session.execute(query)
    )


async def _taps(session: AsyncSession, key: bytes, person_id: TelegramId) -> tuple[exports.Tap, ...]:
    found: list[exports.Tap] = []
    async for hashes in taps.hashes_of(session, key, person_id):
        query = (
            select(Chat.telegram_id, Post.message_id, Post.kind, PostTap.is_counted, Post.posted_at)
            .join(Post, Post.id == PostTap.post_id)
            .join(Chat, Chat.id == Post.chat_id)
            .where(PostTap.person_hash.in_(hashes))
            .order_by(Post.id)
        )
        found += [
            exports.Tap(telegram_id=chat, message_id=message, kind=kind, is_counted=is_counted, posted_at=posted_at)
            for chat, message, kind, is_counted, posted_at in await session.execute(query)
        ]
    return tuple(found)


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found
