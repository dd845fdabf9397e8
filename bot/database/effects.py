"""What an update writes: whether it wrote anything, and only while it is its turn. For `Database.write`."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

Found = TypeVar("Found")

WRITES = "writes"  # in the info of a session, or of a connection
# Whoever takes the turn over waits until this transaction is over, or this one finds it taken.
HOLD = text("SELECT 1 FROM chat_turns WHERE key = :key AND holder = :holder FOR SHARE")


class TurnLostError(Exception):
    """The process hung, and another one has taken the turn of the update's chat: nothing is written."""


class Effects:
    """What one update has done so far. `turn`: key and holder of the turn in which it may write; None: at any time."""

    def __init__(self, turn: tuple[int, str] | None = None) -> None:
        self.turn = turn
        self.is_any = False
        self.is_lost = False


EFFECTS: ContextVar[Effects | None] = ContextVar("effects", default=None)


async def hold_turn(session: AsyncSession) -> None:
    """Keeps the turn of the update that is handled here until the commit. Raises TurnLostError if it is another's."""
    effects = EFFECTS.get()
    if effects is None or effects.turn is None:
        return
    await session.flush()
    if not session.info.get(WRITES):
        return
    key, holder = effects.turn
    _look_whose(effects, await session.scalar(HOLD, {"key": key, "holder": holder}))


def begin_at_once(connection: Connection) -> None:
    """Begins a transaction of `Database.write_at_once`, in which nothing is written yet."""
    connection.info.pop(WRITES, None)


def mark_write(connection: Connection) -> None:
    """Says that a statement past the session, which sees its own, writes something."""
    connection.info[WRITES] = True


async def within(session: AsyncSession, work: Callable[[Connection], Found]) -> Found:
    """Returns what `work` returns, which writes by `prepared` statements in the transaction of a session."""
    session.info[WRITES] = True
    return await (await session.connection()).run_sync(work)


def hold_turn_at_once(connection: Connection) -> bool:
    """As `hold_turn`, for a transaction of `Database.write_at_once`. Returns whether something is written."""
    effects, has_written = EFFECTS.get(), bool(connection.info.get(WRITES))
    if has_written and effects is not None and effects.turn is not None:
        key, holder = effects.turn
        _look_whose(effects, connection.scalar(HOLD, {"key": key, "holder": holder}))
    return has_written


def _look_whose(effects: Effects, found: int | None) -> None:
    if found is None:
        effects.is_lost = True
        raise TurnLostError("the turn of this update's chat was taken over by another process")


def note(session: Session) -> None:
    """Notes for the update that is handled here that this session wrote something, if it did."""
    if session.info.pop(WRITES, False):
        note_write()


def note_write() -> None:
    """Notes for the update that is handled here that it wrote something."""
    if effects := EFFECTS.get():
        effects.is_any = True


def _look_at_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[WRITES] = True


def _look_at_flush(session: Session, _context: UOWTransaction) -> None:
    session.info[WRITES] = True


event.listen(Session, "do_orm_execute", _look_at_statement)
event.listen(Session, "after_flush", _look_at_flush)
