"""Encrypts everything anew with the first key of SECRET_KEY, beside a running bot. For `rotate_keys` and `doctor`.

A batch is read, encrypted with no transaction open, and written where a row still holds what was read: what somebody
changed or forgot meanwhile stays as it is. It can be stopped at any moment and begun again.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.engine import Database
from bot.database.models import Conversation
from bot.database.writes import changed
from bot.domain.encryption import FERNET_MARK, MARK_LENGTH, Cipher, DecryptionError, EncryptedKind, Owner
from bot.domain.ids import ChatId
from bot.usecases.encrypted_columns import ENCRYPTED, EncryptedColumn

BATCH = 200  # rows in a transaction: a tap never waits long for the database
IN_A_DRAFT = (
    '"encrypted_text":"'  # of a reminder that is being set up (dialogues.reminder_draft), and its text after it
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: rows that an older key encrypted, and what became of them so far."""

    total: int
    renewed: int = 0
    unopened: int = 0  # no key opens them; they stay as they are
    overtaken: int = 0  # changed or deleted by the bot meanwhile


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that hold something encrypted."""

    stored: int
    outdated: int  # not encrypted with the first key
    unknown: int  # of these, made with a key that is not in SECRET_KEY


@dataclass(frozen=True, slots=True)
class _Stored:
    """One row: the values of its primary key, its chat and the ciphertext."""

    key: tuple[object, ...]
    chat_id: ChatId
    ciphertext: str


async def count(session: AsyncSession, cipher: Cipher | None) -> Counts:
    """Counts without decrypting. A plan of 0.4.0 or older does not name its key, and is taken to be known."""
    counts = Counts(0, 0, 0)
    for column in ENCRYPTED:
        mark = func.substr(column.text, 1, MARK_LENGTH)
        known = mark.in_(cipher.marks) if cipher else mark.is_(None)
        of_0_4_0 = func.substr(column.text, 1, len(FERNET_MARK)) == FERNET_MARK
        query = select(
            func.count(column.text),
            func.count(column.text).filter(_is_outdated(column, cipher) if cipher else column.text.is_not(None)),
            func.count(column.text).filter(not_(or_(known, of_0_4_0)) if cipher else column.text.is_not(None)),
        )
        stored, outdated, unknown = (await session.execute(query)).one()
        counts = Counts(counts.stored + stored, counts.outdated + outdated, counts.unknown + unknown)
    stored = len(await _drafts(session))
    outdated = len(await _drafts(session, without=(cipher.mark,) if cipher else ()))
    unknown = len(await _drafts(session, without=cipher.marks if cipher else ()))
    return Counts(counts.stored + stored, counts.outdated + outdated, counts.unknown + unknown)


async def _drafts(session: AsyncSession, *, without: Collection[str] = ()) -> Sequence[Conversation]:
    """Returns the open questions, few as they are, that hold a text encrypted by none of the keys with these marks."""
    query = select(Conversation).where(Conversation.draft.contains(IN_A_DRAFT, autoescape=True))
    for mark in without:
        query = query.where(not_(Conversation.draft.contains(IN_A_DRAFT + mark, autoescape=True)))
    return (await session.scalars(query)).all()


async def rotate(database: Database, cipher: Cipher) -> AsyncIterator[Progress]:
    """Encrypts anew what the first key did not encrypt; yields after each batch, and once before the first."""
    async with database.read() as session:
        progress = Progress((await count(session, cipher)).outdated)
    yield progress
    for column in ENCRYPTED:
        last: tuple[object, ...] | None = None
        while rows := await _next_rows(database, column, cipher, last):
            last = rows[-1].key
            progress = await _renew(database, column, cipher, rows, progress)
            yield progress
    if (with_drafts := await _renew_drafts(database, cipher, progress)) != progress:
        yield with_drafts


def _is_outdated(column: EncryptedColumn, cipher: Cipher) -> ColumnElement[bool]:
    return func.substr(column.text, 1, MARK_LENGTH) != cipher.mark


async def _next_rows(
    database: Database, column: EncryptedColumn, cipher: Cipher, last: tuple[object, ...] | None
) -> list[_Stored]:
    """Returns the next rows after the one with this key, in the order of the primary key."""
    keys = list(column.table.primary_key)
    query = (
        select(column.table.c.chat_id, column.text, *keys)
        .where(_is_outdated(column, cipher))
        .order_by(*keys)
        .limit(BATCH)
    )
    if last is not None:
        query = query.where(tuple_(*keys) > tuple_(*last))
    async with database.read() as session:
        rows = (await session.execute(query)).all()
    return [_Stored(tuple(key), chat_id, ciphertext) for chat_id, ciphertext, *key in rows]


async def _renew(
    database: Database,
    column: EncryptedColumn,
    cipher: Cipher,
    rows: list[_Stored],
    progress: Progress,
) -> Progress:
    renewed: list[tuple[_Stored, str]] = []
    for row in rows:
        owner = Owner(column.kind, row.chat_id)
        try:
            renewed.append((row, cipher.encrypt(cipher.decrypt(row.ciphertext, owner), owner)))
        except DecryptionError:
            progress = replace(progress, unopened=progress.unopened + 1)
    written = 0
    async with database.write() as session:
        for row, text in renewed:
            is_row = and_(*(key == value for key, value in zip(column.table.primary_key, row.key, strict=True)))
            # Conditional: a text that was saved since it was read is newer, and stays.
            statement = update(column.table).where(is_row, column.text == row.ciphertext)
            written += await changed(session, statement.values({column.name: text}))
    return replace(progress, renewed=progress.renewed + written, overtaken=progress.overtaken + len(renewed) - written)


async def _renew_drafts(database: Database, cipher: Cipher, progress: Progress) -> Progress:
    """Of reminders that are being set up. What somebody answered meanwhile stays as it is."""
    async with database.write() as session:
        for row in await _drafts(session, without=(cipher.mark,)):
            text, owner = (
                row.draft.partition(IN_A_DRAFT)[2].partition('"')[0],
                Owner(EncryptedKind.REMINDER_TEXT, row.chat_id),
            )
            try:
                renewed = cipher.encrypt(cipher.decrypt(text, owner), owner)
            except DecryptionError:
                progress = replace(progress, unopened=progress.unopened + 1)
                continue
            is_row = Conversation.id == row.id, Conversation.draft == row.draft
            written = await changed(
                session, update(Conversation).where(*is_row).values(draft=row.draft.replace(text, renewed))
            )
            progress = replace(progress, renewed=progress.renewed + written, overtaken=progress.overtaken + 1 - written)
    return progress
