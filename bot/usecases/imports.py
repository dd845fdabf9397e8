"""Brings in what /export gave on another server, in one transaction. For /bring and `import`.

What is kept here of the same kinds is replaced: brought in twice, it is there once. `exports.read_export` has checked
the file; what a row is bound to (the chat, the person) is that of the chat here, whatever the file said.
"""

import json
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.models import Chat, QueuedMessage
from bot.database.values import MessageState, OffReason
from bot.domain.encryption import Cipher, Owner
from bot.domain.exports import EncryptedPart, Export, Part, Settings
from bot.usecases.appointments.edit import reschedule as reschedule_appointments
from bot.usecases.encrypted_columns import encrypted_column_of
from bot.usecases.reminders.edit import reschedule
from bot.usecases.stored_data import STORED, Stored

OWN_FIELDS = ("left_out", "stopped_at")  # of Settings: not named as a column


def count(export: Export) -> dict[str, int]:
    """Returns how many rows of each kind the file brings, by field; kinds of which it has none are missing."""
    found = {stored.name: len(getattr(export, stored.name)) for stored in STORED if stored.is_brought}
    return {field: number for field, number in found.items() if number}


def left_behind(export: Export, cipher: Cipher | None) -> tuple[str, ...]:
    """Returns the fields in which there are words that cannot be kept here, because there is no key to encrypt them."""
    if cipher:
        return ()
    return tuple(stored.name for stored in STORED if stored.is_brought and any(_words(export, stored)))


async def bring_in(session: AsyncSession, chat: Chat, export: Export, cipher: Cipher | None, now: datetime) -> None:
    """Replaces the chat's settings, if the file has some, and all rows of the kinds that are brought along.

    Rows of nothing but encrypted words stay as they are here where there is no key, and where the file says that they
    could not be read there. Two at once: the second waits for the chat's row.
    """
    await session.get(Chat, chat.id, with_for_update={"key_share": True}, populate_existing=True)
    if export.settings:
        _take_settings(chat, export.settings, now)
    for stored in STORED:
        column = encrypted_column_of(stored.model)
        is_sealed = column is not None and not column.is_optional
        stays = is_sealed and (cipher is None or stored.name in export.unreadable)
        if stored.is_brought and not stays:
            await _replace(session, chat, stored, export, cipher)
    waits = QueuedMessage.chat_id == chat.id, QueuedMessage.state == MessageState.QUEUED
    await session.execute(delete(QueuedMessage).where(*waits))
    await session.flush()
    await reschedule_appointments(session, chat, now)
    await reschedule(session, chat, now)


def _take_settings(chat: Chat, settings: Settings, now: datetime) -> None:
    for name in settings.__class__.model_fields:
        if name not in OWN_FIELDS:
            setattr(chat, name, getattr(settings, name))
    chat.left_out = ",".join(settings.left_out)
    if settings.paused_until and settings.paused_until <= now:
        chat.paused_until = None
    chat.off_reason = OffReason.STOPPED if settings.stopped_at else None
    chat.off_at = settings.stopped_at


async def _replace(session: AsyncSession, chat: Chat, stored: Stored, export: Export, cipher: Cipher | None) -> None:
    columns = stored.model.__table__.c
    await session.execute(delete(stored.model).where(columns.chat_id == chat.id))
    owner = {"chat_id": chat.id} | ({"person_id": chat.telegram_id} if "person_id" in columns else {})
    for part in getattr(export, stored.name):
        session.add(stored.model(**owner, **_values(chat, stored, part, cipher)))
        await session.flush()  # one by one: rows are numbered in the order of the file


def _values(chat: Chat, stored: Stored, part: Part, cipher: Cipher | None) -> dict[str, object]:
    """Returns the values of the columns; what is to be encrypted is encrypted for this chat."""
    values = {name: getattr(part, name) for name in type(part).model_fields}
    values |= {name: json.dumps(values[name]) for name in part.json_fields}
    column = encrypted_column_of(stored.model)
    if column and isinstance(part, EncryptedPart):
        values = {name: value for name, value in values.items() if name not in part.text_fields()}
        text = part.to_text()
        values[column.name] = cipher.encrypt(text, Owner(column.kind, chat.id)) if cipher and text is not None else None
    return values


def _words(export: Export, stored: Stored) -> list[str]:
    """Returns the texts of this kind that are to be encrypted."""
    parts = getattr(export, stored.name)
    return [text for part in parts if isinstance(part, EncryptedPart) and (text := part.to_text())]
