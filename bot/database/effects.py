"""Whether an update has written anything: then it is remembered, and has no second effect. For `Database.write`."""

from contextvars import ContextVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

WRITES = "writes"  # in a session's info


class Effects:
    """What one update has done so far."""

    is_any = False


EFFECTS: ContextVar[Effects | None] = ContextVar("effects", default=None)


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
