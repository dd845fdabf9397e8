"""What an update writes: whether it wrote anything, and only while it is its turn. For `Database.write`."""

from contextvars import ContextVar

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

WRITES = "writes"  # in a session's info
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
    if await session.scalar(HOLD, {"key": key, "holder": holder}) is None:
        effects.is_lost = True
        raise TurnLostError("the turn of this update's chat was taken over by another process")


def note(session: Session) -> None:
    """Notes for the update that is handled here that this session wrote something, if it did."""
    if session.info.pop(WRITES, False) and (effects := EFFECTS.get()):
        effects.is_any = True


def _look_at_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[WRITES] = True


def _look_at_flush(session: Session, _context: UOWTransaction) -> None:
    session.info[WRITES] = True


event.listen(Session, "do_orm_execute", _look_at_statement)
event.listen(Session, "after_flush", _look_at_flush)
