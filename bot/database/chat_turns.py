"""A lock for each chat, on PostgreSQL: which process handles its updates now. For `entrypoints.chat_turns`.

A row with a lease for each chat with an update under way, gone with its end. A process that dies leaves a lease behind,
which ends by itself; one that hangs and wakes up finds its turn taken, and changes nothing (`effects.hold_turn`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text

from bot.database.engine import Database

LEASE_SECONDS = 2.0
RENEW_SECONDS = 0.5
# Of two processes one gets it: unique on its key. By the database's clock, because those of machines differ.
TAKE = text(
    "INSERT INTO chat_turns (key, holder, ends_at) VALUES (:key, :holder, clock_timestamp() + :lease * "
    "interval '1 second') ON CONFLICT (key) DO UPDATE SET holder = :holder, ends_at = clock_timestamp() + :lease * "
    "interval '1 second' WHERE chat_turns.ends_at < clock_timestamp() RETURNING key"
)
HANDLED = text("SELECT 1 FROM handled_updates WHERE update_id = :update_id")
RENEW = text(
    "UPDATE chat_turns SET ends_at = clock_timestamp() + :lease * interval '1 second' WHERE holder IN :holders "
    "RETURNING holder"
).bindparams(bindparam("holders", expanding=True))
NOTE = (
    "noted AS (INSERT INTO handled_updates (update_id, handled_at) SELECT :update_id, :handled_at FROM mine "
    "ON CONFLICT DO NOTHING) SELECT count(*) FROM mine"
)
END = text(f"WITH mine AS (DELETE FROM chat_turns WHERE key = :key AND holder = :holder RETURNING key), {NOTE}")  # noqa: S608 - no value of others
STAY = text(
    f"WITH mine AS (SELECT key FROM chat_turns WHERE key = :key AND holder = :holder FOR SHARE), {NOTE}"  # noqa: S608 - the same
)
GIVE_UP = text("DELETE FROM chat_turns WHERE key = :key AND holder = :holder")


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A turn of a process. `key` is a number made of a chat's; `holder` is another at each taking."""

    key: int
    holder: str


class ChatTurns:
    """The rows. Each method is one statement, alone in its transaction, and raises DATABASE_ERRORS."""

    def __init__(self, database: Database) -> None:
        self._engine = database.alone

    async def take(self, turn: ChatTurn) -> bool:
        """Takes the turn if it is free; returns whether it was."""
        given = {"key": turn.key, "holder": turn.holder, "lease": LEASE_SECONDS}
        async with self._engine.begin() as connection:
            return await connection.scalar(TAKE, given) is not None

    async def was_handled(self, update_id: int) -> bool:
        """Whether this update was handled, by any process. To ask when the turn is taken."""
        async with self._engine.begin() as connection:
            return await connection.scalar(HANDLED, {"update_id": update_id}) is not None

    async def renew(self, holders: Sequence[str]) -> set[str]:
        """Renews these turns, also where they have ended and nobody took them; returns those that are still held."""
        async with self._engine.begin() as connection:
            renewed = await connection.execute(RENEW, {"holders": list(holders), "lease": LEASE_SECONDS})
            return set(renewed.scalars())

    async def end(self, turn: ChatTurn, update_id: int, handled_at: datetime, *, stays: bool) -> bool:
        """Stores that the update was handled, and ends the turn unless it `stays`; False, and neither, if lost."""
        given = {"key": turn.key, "holder": turn.holder, "update_id": update_id, "handled_at": handled_at}
        async with self._engine.begin() as connection:
            return bool(await connection.scalar(STAY if stays else END, given))

    async def give_up(self, turn: ChatTurn) -> None:
        """Ends the turn of an update that was not handled."""
        async with self._engine.begin() as connection:
            await connection.execute(GIVE_UP, {"key": turn.key, "holder": turn.holder})
